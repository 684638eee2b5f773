//! BGP messages out of one direction of a TCP connection: several may share a segment, and one may need several.

use super::bgp::{HEADER, MARKER, Message};
use super::{Malformed, Tcp};

/// The longest message (RFC 8654), and one segment more.
const MOST: usize = 2 * 65_536;

/// One direction of a TCP connection that carries BGP.
#[derive(Debug, Clone, Default)]
pub struct Stream {
    /// The number of the byte that comes next.
    next: Option<u32>,
    /// The beginning of a message that is not whole yet.
    held: Vec<u8>,
}

impl Stream {
    /// Takes a segment and returns the messages that it completes. Bytes that are sent again count once; after a gap it goes
    /// on with the next message that begins.
    pub fn take(&mut self, segment: &Tcp<'_>) -> Vec<Message> {
        if segment.syn() {
            (self.next, self.held) = (Some(segment.sequence.wrapping_add(1)), Vec::new());
            return Vec::new();
        }
        let Ok(length) = u32::try_from(segment.data.len()) else { return Vec::new() };
        let ahead = self.next.map_or(0, |next| segment.sequence.wrapping_sub(next).cast_signed());
        let new = if ahead > 0 {
            self.held.clear();
            segment.data
        } else {
            segment.data.get(usize::try_from(ahead.unsigned_abs()).unwrap_or(usize::MAX)..).unwrap_or_default()
        };
        if new.is_empty() {
            self.next.get_or_insert(segment.sequence.wrapping_add(length));
            return Vec::new();
        }
        self.next = Some(segment.sequence.wrapping_add(length));
        self.held.extend_from_slice(new);
        self.messages()
    }

    fn messages(&mut self) -> Vec<Message> {
        let (mut messages, mut at) = (Vec::new(), 0);
        loop {
            at += marker(self.held.get(at..).unwrap_or_default());
            let rest = self.held.get(at..).unwrap_or_default();
            if rest.len() < HEADER {
                break;
            }
            let length = match Message::decode(rest) {
                Err(Malformed::Short) => break,
                Err(Malformed::Body(kind)) => {
                    messages.push(Message::Other(kind));
                    Message::length(rest)
                }
                Ok(message) => {
                    messages.push(message);
                    Message::length(rest)
                }
                Err(error) => Err(error),
            };
            // Without a length it was a marker by chance.
            at += length.unwrap_or(1);
        }
        self.held.drain(..at.min(self.held.len()));
        if self.held.len() > MOST {
            self.held.clear();
        }
        messages
    }
}

/// The number of bytes before what may be the beginning of a message.
fn marker(bytes: &[u8]) -> usize {
    let begins = |at: &usize| {
        let rest = bytes.get(*at..).unwrap_or_default();
        let known = rest.len().min(MARKER.len());
        rest.get(..known) == MARKER.get(..known)
    };
    (0..bytes.len()).find(begins).unwrap_or(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Ip, Transport};
    use proptest::prelude::*;

    fn segment(sequence: u32, flags: u8, data: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0xc0, 0, 0, 179];
        bytes.extend(sequence.to_be_bytes());
        bytes.extend([0, 0, 0, 0, 0x50, flags, 0, 0, 0, 0, 0, 0]);
        bytes.extend(data);
        bytes
    }

    fn take(stream: &mut Stream, sequence: u32, data: &[u8]) -> Vec<Message> {
        let bytes = segment(sequence, 0x18, data);
        let ip = Ip { src: [0; 4].into(), dst: [0; 4].into(), ttl: 1, protocol: 6, data: &bytes };
        let Some(Transport::Tcp(tcp)) = Transport::decode(&ip) else { panic!() };
        stream.take(&tcp)
    }

    fn keepalives(count: usize) -> Vec<u8> {
        [&MARKER[..], &[0, 19, 4]].concat().repeat(count)
    }

    #[test]
    fn retransmissions_count_once() {
        let (mut stream, bytes) = (Stream::default(), keepalives(2));
        assert_eq!(take(&mut stream, 100, &bytes[..30]).len(), 1);
        assert_eq!(take(&mut stream, 100, &bytes[..30]).len(), 0);
        assert_eq!(take(&mut stream, 100, &bytes).len(), 1);
        assert_eq!(take(&mut stream, 137, &[]).len(), 0, "the other side's keep-alive probe");
        assert_eq!(take(&mut stream, 138, &keepalives(1)).len(), 1);
    }

    #[test]
    fn after_a_gap_the_next_message_is_found() {
        let (mut stream, bytes) = (Stream::default(), keepalives(3));
        assert_eq!(take(&mut stream, 0, &bytes[..10]).len(), 0);
        // Bytes 10 to 25 never came: the second message is cut, the third is whole.
        assert_eq!(take(&mut stream, 25, &bytes[25..]).len(), 1);
    }

    #[test]
    fn an_unreadable_body_does_not_hide_the_next_message() {
        let update = [&MARKER[..], &[0, 20, 2, 9]].concat();
        let bytes = [update, keepalives(1)].concat();
        assert_eq!(take(&mut Stream::default(), 0, &bytes), [Message::Other(2), Message::Keepalive]);
    }

    #[test]
    fn a_marker_by_chance_is_passed_over() {
        let bytes = [&MARKER[..], &[0, 3], &keepalives(1)].concat();
        assert_eq!(take(&mut Stream::default(), 0, &bytes), [Message::Keepalive]);
    }

    proptest! {
        /// The messages do not depend on the cuts between segments, nor on numbers that wrap.
        #[test]
        fn any_cut_gives_the_same_messages(start in any::<u32>(), count in 1usize..6, cuts in prop::collection::vec(1usize..40, 0..12)) {
            let bytes = keepalives(count);
            let (mut stream, mut at, mut seen) = (Stream::default(), 0, 0);
            for cut in cuts.into_iter().chain([bytes.len()]) {
                let end = (at + cut).min(bytes.len());
                let sequence = start.wrapping_add(u32::try_from(at).unwrap());
                seen += take(&mut stream, sequence, &bytes[at..end]).len();
                at = end;
            }
            prop_assert_eq!(seen, count);
        }

        #[test]
        fn any_segments_are_taken(segments in prop::collection::vec((any::<u32>(), prop::collection::vec(prop_oneof![Just(0xffu8), any::<u8>()], 0..80)), 0..12)) {
            let mut stream = Stream::default();
            for (sequence, data) in &segments {
                take(&mut stream, *sequence, data);
            }
        }
    }
}
