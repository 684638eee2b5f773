//! A capture of this process's own network: needs root, no engine.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail the test")]

use std::fs::File;
use std::io::{Read, Seek};
use std::net::{IpAddr, UdpSocket};
use std::time::Duration;

use bgptap::{Capture, Filter, Kinds, Names, Netns, Place};
use settle::{Verdict, Wait};

const DOWN: [u8; 24] = [0x21, 0x40, 3, 24, 0, 0, 0, 1, 0, 0, 0, 0, 0, 15, 66, 64, 0, 4, 147, 224, 0, 0, 0, 0];

fn send(count: usize) {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    for _ in 0..count {
        // Where nothing listens, the one before is refused.
        let _ = socket.send_to(&DOWN, "127.0.0.1:4784");
    }
}

async fn seen(capture: &Capture, wanted: u64) {
    let packets = capture.packets();
    let look = async || match packets.get() {
        now if now >= wanted => Verdict::<_, std::convert::Infallible>::Ready(()),
        now => Verdict::NotYet(format!("{now} packets")),
    };
    Wait::new("packets", Duration::from_secs(5)).poll(look).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "engine tier: cargo xtask test"]
async fn packets_of_a_network_reach_file_and_summary() {
    let own = Netns::of_process(std::process::id());
    let mut file = tempfile::tempfile().unwrap();
    let mut filter = Filter::new(Kinds::Bfd);
    let loopback = || [IpAddr::from([127, 0, 0, 1])].into();
    filter.pair = Some([loopback(), loopback()]);
    let places = vec![Place::new("here", own.clone()), Place::absent("later")];
    let clone: File = file.try_clone().unwrap();
    let mut capture = Capture::start(places, filter, Some(clone)).await.unwrap();
    send(3);
    // Loopback shows each packet as it leaves and as it arrives.
    seen(&capture, 6).await;
    assert!(!capture.join("here", own.clone()).await.unwrap(), "that network is listened to already");
    assert!(capture.join("more", own).await.unwrap());
    send(1);
    seen(&capture, 10).await;
    let captured = capture.end().await.unwrap();

    assert_eq!((captured.packets, captured.lost), (10, 0));
    assert_eq!((captured.places.join(" "), captured.absent.join(" ")), ("here later more".into(), "later".into()));
    let interfaces: Vec<_> =
        captured.interfaces.iter().map(|it| format!("{} {} {}", it.number, it.at, it.name)).collect();
    assert_eq!(interfaces, ["1 here lo", "2 more lo"]);
    let names = Names::new(captured.places, [].into());
    let flows = captured.summary.flows(&names);
    let counts: Vec<_> = flows.iter().map(|line| (line.at, line.flow.packets, line.flow.passed_on)).collect();
    assert_eq!(counts, [("here", 4, 4), ("more", 1, 1)]);
    assert!(captured.summary.events(&names)[0].event.what.starts_with("BFD down (control detection time expired)"));
    let mut bytes = Vec::new();
    file.rewind().unwrap();
    file.read_to_end(&mut bytes).unwrap();
    // The file's header; then each packet's, the cooked one, IP, UDP, BFD.
    assert_eq!(bytes.len(), 24 + 10 * (16 + 20 + 20 + 8 + 24));
}
