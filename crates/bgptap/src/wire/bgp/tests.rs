//! Messages made by hand, and random ones.

use super::*;
use proptest::prelude::*;

fn bytes(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(HEADER + body.len()).unwrap().to_be_bytes();
    [&MARKER[..], &length, &[kind], body].concat()
}

fn text(kind: u8, body: &[u8]) -> String {
    Message::decode(&bytes(kind, body)).unwrap().to_string()
}

#[test]
fn messages_are_described() {
    // AS 4200000000 as AS_TRANS and, in a capability, whole.
    let wide = [4, 0x5b, 0xa0, 0, 180, 10, 0, 2, 3, 12, 2, 10, 2, 0, 65, 4, 0xfa, 0x56, 0xea, 0x00, 70, 0];
    assert_eq!(text(1, &wide), "OPEN AS 4200000000, hold time 180 s");
    assert_eq!(text(1, &[4, 0xfb, 0xf4, 0, 9, 10, 0, 2, 3, 0]), "OPEN AS 64500, hold time 9 s");
    assert_eq!(text(2, &[0, 0, 0, 0]), "UPDATE end of the IPv4 table");
    assert_eq!(text(2, &[0, 5, 32, 203, 0, 113, 200, 0, 0]), "UPDATE withdraws 203.0.113.200/32");
    assert_eq!(text(3, &[6, 10]), "NOTIFICATION BFD down (6/10)");
    assert_eq!(text(3, &[6, 9, 6, 10]), "NOTIFICATION hard reset (6/9): BFD down (6/10)");
    assert_eq!(text(4, &[]), "KEEPALIVE");
    assert_eq!(text(6, &[9]), "other 6");
}

#[test]
fn an_open_names_its_sender() {
    let open = Message::decode(&bytes(1, &[4, 0xfb, 0xf4, 0, 9, 10, 0, 2, 3, 0])).unwrap();
    assert_eq!(open, Message::Open { asn: 64500, hold: 9, router_id: [10, 0, 2, 3].into() });
}

#[test]
fn a_header_needs_marker_and_length() {
    assert_eq!(Message::length(&bytes(4, &[])), Ok(19));
    assert_eq!(Message::length(&[0xff; 18]), Ok(0xffff));
    assert_eq!(Message::length(&[0xff; 17]), Err(Malformed::Short));
    assert_eq!(Message::length(&[&[0xfe][..], &bytes(4, &[])].concat()), Err(Malformed::Marker));
    assert_eq!(Message::length(&[&MARKER[..], &[0, 18, 4]].concat()), Err(Malformed::Length(18)));
}

#[test]
fn every_cut_of_a_message_is_refused() {
    let whole = bytes(1, &[4, 0xfb, 0xf4, 0, 9, 10, 0, 2, 3, 0]);
    for cut in 0..whole.len() {
        assert_eq!(Message::decode(&whole[..cut]), Err(Malformed::Short), "{cut} bytes");
    }
    assert_eq!(Message::decode(&bytes(2, &[9])), Err(Malformed::Body(2)));
    let followed = [&whole[..], &bytes(4, &[])].concat();
    assert_eq!(Message::decode(&followed), Message::decode(&whole));
}

proptest! {
    #[test]
    fn any_bytes_are_decoded_or_refused(kind in 0u8..8, body in prop::collection::vec(any::<u8>(), 0..200)) {
        let decoded = Message::decode(&bytes(kind, &body));
        prop_assert!(matches!(&decoded, Ok(_) | Err(Malformed::Body(_))));
        prop_assert!(decoded.is_err() || !decoded.unwrap().to_string().is_empty());
        prop_assert_eq!(Message::decode(&body).is_ok(), false, "no marker");
    }
}
