//! Writing of pcap files with nanoseconds, of "cooked" packets.
//!
//! The file's format is draft-ietf-opsawg-pcap's: magic 0xa1b23c4d for nanoseconds, the machine's byte order. Each packet
//! begins with the 20 bytes of LINKTYPE_LINUX_SLL2 (276; <https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html>),
//! which hold protocol, interface and direction: packets of several interfaces, and of links other than Ethernet, fit into
//! one file. Interfaces have numbers of the file, since those of two containers may share a number in the kernel.
//!
//! ```
//! use bgptap::{Frame, Stamp, pcap::Pcap};
//!
//! let mut file = Vec::new();
//! let mut pcap = Pcap::new(&mut file)?;
//! let packet = vec![0x45, 0, 0, 20, 0, 0, 0, 0, 255, 17, 0, 0, 10, 0, 1, 3, 10, 0, 2, 3];
//! pcap.write(&Frame::new(Stamp(1_700_000_000_123_456_789), 0x0800, packet), 1)?;
//! assert_eq!(file.len(), 24 + 16 + 20 + 20, "file, packet, cooked header, IP");
//! # Ok::<_, std::io::Error>(())
//! ```

use std::io::{self, Write};

use crate::frame::Frame;

const MAGIC: u32 = 0xa1b2_3c4d;
const LINUX_SLL2: u32 = 276;
/// The longest packet that is kept: longer ones do not exist, also with segmentation offload.
const SNAP_LENGTH: u32 = 262_144;
/// The length of a packet's cooked header.
const COOKED: u32 = 20;

/// A pcap file under way. It is whole after every packet, once it is [flushed](Pcap::flush).
#[derive(Debug)]
pub struct Pcap<W: Write>(W);

impl<W: Write> Pcap<W> {
    /// Writes the header of a file.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn new(mut writer: W) -> io::Result<Self> {
        let (major, minor) = (2u16, 4u16);
        writer.write_all(&MAGIC.to_ne_bytes())?;
        writer.write_all(&major.to_ne_bytes())?;
        writer.write_all(&minor.to_ne_bytes())?;
        // Two reserved fields: once the time zone, and the stamps' accuracy.
        writer.write_all(&[0; 8])?;
        writer.write_all(&SNAP_LENGTH.to_ne_bytes())?;
        writer.write_all(&LINUX_SLL2.to_ne_bytes())?;
        Ok(Self(writer))
    }

    /// Writes a packet that was seen at the interface of this number in the file.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write(&mut self, frame: &Frame, interface: u32) -> io::Result<()> {
        let length = COOKED.saturating_add(u32::try_from(frame.bytes.len()).unwrap_or(u32::MAX));
        let kept = frame.bytes.get(..(SNAP_LENGTH - COOKED) as usize).unwrap_or(&frame.bytes);
        let (seconds, nanoseconds) = (frame.stamp.0 / 1_000_000_000, frame.stamp.0 % 1_000_000_000);
        for number in [seconds, nanoseconds, u64::from(length.min(SNAP_LENGTH)), u64::from(length)] {
            // The seconds' field ends in 2106.
            self.0.write_all(&u32::try_from(number).unwrap_or(u32::MAX).to_ne_bytes())?;
        }
        self.0.write_all(&frame.protocol.to_be_bytes())?;
        self.0.write_all(&[0; 2])?;
        self.0.write_all(&interface.to_be_bytes())?;
        self.0.write_all(&frame.link.to_be_bytes())?;
        let [a, b, c, d, e, f] = frame.sender;
        self.0.write_all(&[frame.addressee, 6, a, b, c, d, e, f, 0, 0])?;
        self.0.write_all(kept)
    }

    /// Flushes the writer.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::tests::frame;
    use proptest::prelude::*;

    fn number(bytes: &[u8], at: usize) -> u32 {
        u32::from_ne_bytes(bytes[at..at + 4].try_into().unwrap())
    }

    /// Reads a file back, by its format's description alone: stamp, interface, addressee, protocol, packet.
    fn read(bytes: &[u8]) -> Vec<(u64, u32, u8, u16, Vec<u8>)> {
        assert_eq!((number(bytes, 0), number(bytes, 16), number(bytes, 20)), (0xa1b2_3c4d, 262_144, 276));
        let mut packets = Vec::new();
        let mut at = 24;
        while at < bytes.len() {
            let (kept, length) = (number(bytes, at + 8) as usize, number(bytes, at + 12) as usize);
            assert_eq!(kept, length.min(262_144));
            let stamp = u64::from(number(bytes, at)) * 1_000_000_000 + u64::from(number(bytes, at + 4));
            let packet = &bytes[at + 16..at + 16 + kept];
            let interface = u32::from_be_bytes(packet[4..8].try_into().unwrap());
            packets.push((
                stamp,
                interface,
                packet[10],
                u16::from_be_bytes([packet[0], packet[1]]),
                packet[20..].to_vec(),
            ));
            at += 16 + kept;
        }
        packets
    }

    proptest! {
        #[test]
        fn written_packets_are_read_back(
            packets in prop::collection::vec((0u64..4_000_000_000_000_000_000, 1u32..9, 0u8..5, any::<u16>(), prop::collection::vec(any::<u8>(), 0..60)), 0..6)
        ) {
            let mut file = Pcap::new(Vec::new()).unwrap();
            for (stamp, interface, addressee, protocol, bytes) in &packets {
                let (addressee, protocol, bytes) = (*addressee, *protocol, bytes.clone());
                let frame = Frame { addressee, protocol, bytes, ..frame(*stamp) };
                file.write(&frame, *interface).unwrap();
            }
            prop_assert_eq!(read(&file.0), packets);
        }
    }
}
