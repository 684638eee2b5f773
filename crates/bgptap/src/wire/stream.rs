//! BGP messages out of one direction of a TCP connection: several may share a segment, and one may need several.

use super::Tcp;
use super::bgp::{self, HEADER, MARKER, Message};

/// The longest message (RFC 8654), and one segment more.
const MOST: usize = 2 * 65_536;

/// One direction of a connection, as it was seen so far.
#[derive(Debug, Clone, Default)]
pub struct Stream {
    /// The number of the byte that comes next.
    next: Option<u32>,
    /// What has come of a message that is not whole.
    held: Vec<u8>,
}

impl Stream {
    /// Takes a segment; the messages that are whole now. What was seen before counts once, and after a hole it goes on with
    /// the next message that begins.
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
        let mut messages = Vec::new();
        loop {
            self.find_marker();
            if self.held.len() < HEADER {
                break;
            }
            let Some(length) = bgp::length(&self.held) else {
                // A marker by chance.
                self.held.remove(0);
                continue;
            };
            let Some(whole) = self.held.get(..length) else { break };
            messages.extend(bgp::message(whole));
            self.held.drain(..length);
        }
        if self.held.len() > MOST {
            self.held.clear();
        }
        messages
    }

    /// Forgets what cannot be the beginning of a message.
    fn find_marker(&mut self) {
        let begins = |at: &usize| {
            let rest = self.held.get(*at..).unwrap_or_default();
            let known = rest.len().min(MARKER.len());
            rest.get(..known) == MARKER.get(..known)
        };
        let at = (0..self.held.len()).find(begins).unwrap_or(self.held.len());
        self.held.drain(..at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Ip, Transport, transport};
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
        let Some(Transport::Tcp(tcp)) = transport(&ip) else { panic!() };
        stream.take(&tcp)
    }

    fn keepalives(count: usize) -> Vec<u8> {
        [&MARKER[..], &[0, 19, 4]].concat().repeat(count)
    }

    #[test]
    fn what_is_sent_again_counts_once() {
        let (mut stream, bytes) = (Stream::default(), keepalives(2));
        assert_eq!(take(&mut stream, 100, &bytes[..30]).len(), 1);
        assert_eq!(take(&mut stream, 100, &bytes[..30]).len(), 0);
        assert_eq!(take(&mut stream, 100, &bytes).len(), 1);
        assert_eq!(take(&mut stream, 137, &[]).len(), 0, "the other side's keep-alive probe");
        assert_eq!(take(&mut stream, 138, &keepalives(1)).len(), 1);
    }

    #[test]
    fn after_a_hole_it_goes_on_with_the_next_message() {
        let (mut stream, bytes) = (Stream::default(), keepalives(3));
        assert_eq!(take(&mut stream, 0, &bytes[..10]).len(), 0);
        // Bytes 10 to 25 never came: the second message is cut, the third is whole.
        assert_eq!(take(&mut stream, 25, &bytes[25..]).len(), 1);
    }

    proptest! {
        /// Wherever a connection's bytes are cut, and whenever its numbers wrap, the messages are the same.
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
        fn any_segments_are_answered(segments in prop::collection::vec((any::<u32>(), prop::collection::vec(prop_oneof![Just(0xffu8), any::<u8>()], 0..80)), 0..12)) {
            let mut stream = Stream::default();
            for (sequence, data) in &segments {
                take(&mut stream, *sequence, data);
            }
        }
    }
}
