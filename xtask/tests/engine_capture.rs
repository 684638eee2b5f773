//! Capturing on a standalone lab: from the first packet on, through a loss, on a link, until Ctrl-C; every file is
//! whole.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

mod support;

use std::net::IpAddr;
use std::path::Path;
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use support::{TestLab, docker};

/// A packet of a pcap file, read by the format's description alone.
#[derive(Debug)]
struct Packet {
    nanoseconds: u64,
    interface: u32,
    outgoing: bool,
    source: IpAddr,
    ports: [u16; 2],
}

fn packets(file: &Path) -> Vec<Packet> {
    let bytes = std::fs::read(file).unwrap();
    let number = |at: usize| u32::from_ne_bytes(bytes[at..at + 4].try_into().unwrap());
    assert_eq!((number(0), number(20)), (0xa1b2_3c4d, 276), "nanoseconds, cooked");
    let (mut at, mut packets) = (24, Vec::new());
    while at < bytes.len() {
        let length = usize::try_from(number(at + 8)).unwrap();
        assert_eq!(number(at + 8), number(at + 12), "nothing is cut");
        let packet = &bytes[at + 16..at + 16 + length];
        let (cooked, ip) = packet.split_at(20);
        let (source, header) = match ip[0] >> 4 {
            4 => (IpAddr::from(<[u8; 4]>::try_from(&ip[12..16]).unwrap()), usize::from(ip[0] & 15) * 4),
            6 => (IpAddr::from(<[u8; 16]>::try_from(&ip[8..24]).unwrap()), 40),
            other => panic!("IP version {other}"),
        };
        let port = |at: usize| u16::from_be_bytes([ip[header + at], ip[header + at + 1]]);
        packets.push(Packet {
            nanoseconds: u64::from(number(at)) * 1_000_000_000 + u64::from(number(at + 4)),
            interface: u32::from_be_bytes(cooked[4..8].try_into().unwrap()),
            outgoing: cooked[10] == 4,
            source,
            ports: [port(0), port(2)],
        });
        at += 16 + length;
    }
    assert_eq!(at, bytes.len(), "the last packet is whole");
    assert!(packets.is_sorted_by_key(|packet| packet.nanoseconds), "in the order of time");
    packets
}

fn flows<'a>(document: &'a Value, from: &'a str, kind: &'a str) -> impl Iterator<Item = &'a Value> + 'a {
    document["flows"].as_array().unwrap().iter().filter(move |flow| flow["from"] == from && flow["kind"] == kind)
}

fn events<'a>(document: &'a Value, from: &'a str) -> impl Iterator<Item = &'a str> + 'a {
    let events = document["events"].as_array().unwrap().iter().filter(move |event| event["from"] == from);
    events.map(|event| event["what"].as_str().unwrap())
}

fn shows(document: &Value, from: &str, what: &str) -> bool {
    events(document, from).any(|event| event.starts_with(what))
}

#[test]
#[ignore = "engine tier: cargo xtask test"]
fn what_passes_is_in_the_file_and_in_the_summary() {
    let lab = TestLab::small("rpc");
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let (frr1, worker) = (lab.name("frr1"), lab.name("k-worker"));
    let capture = |file: &Path, args: &[&str], command: &[&str]| {
        let out = ["--json", "capture", "--out", file.to_str().unwrap()];
        lab.run(&[&out[..], args, if command.is_empty() { &[] } else { &["--"] }, command].concat())
    };
    let document =
        |run: &support::Run| serde_json::from_str::<Value>(&run.stdout).unwrap_or_else(|_| panic!("{run:?}"));
    let file = path("nothing.pcap");
    lab.run(&["capture", "--out", file.to_str().unwrap()]).refused(1, &["do not run", "lab-up"]);
    assert!(!file.exists());

    // From the start of a router that is not there yet.
    let (exe, lab_file) = (env!("CARGO_BIN_EXE_xtask"), lab.file.to_str().unwrap());
    let file = path("up.pcap");
    let up = capture(&file, &[], &[exe, "--quiet", "--lab", lab_file, "lab-up"]);
    assert_eq!(up.code, Some(0), "{up:?}");
    let up = document(&up);
    for what in ["TCP SYN", "OPEN AS 64500", "UPDATE announces 203.0.113.200/32", "UPDATE announces fd01::/128", "BFD "]
    {
        assert!(shows(&up, &worker, what), "{what}: {up}");
    }
    let in_file = packets(&file);
    assert_eq!(u64::try_from(in_file.len()).unwrap(), up["packets"].as_u64().unwrap());
    assert_eq!((&up["lost"], &up["interfaces"][0]["at"]), (&Value::from(0), &Value::from(frr1.as_str())));
    assert!(
        in_file
            .iter()
            .all(|packet| packet.interface == 1 && packet.ports.iter().any(|port| [179, 4784].contains(port)))
    );

    // A loss: the session's own packets show when it came, and when it was noticed.
    let file = path("loss.pcap");
    let session = format!("{frr1}-{worker}");
    let verify = format!("{exe} --quiet --lab {lab_file} verify");
    // For a second nothing is wrong: there is a last packet before the loss.
    let before = path("before.pcap").display().to_string();
    let whole = format!("{exe} --quiet --lab {lab_file} capture --session {session} --seconds 1 --out {before}");
    let script =
        format!("{whole} && docker pause {worker}; {verify}; docker unpause {worker}; {verify} --wait 60; exit 5");
    let loss = capture(&file, &["--session", &session], &["sh", "-c", &script]);
    assert_eq!(loss.code, Some(5), "the command's exit code: {loss:?}");
    let loss = document(&loss);
    assert!(shows(&loss, &frr1, "BFD up → down (control detection time expired)"), "{loss}");
    assert!(shows(&loss, &frr1, "NOTIFICATION"), "{loss}");
    let from_worker = flows(&loss, &worker, "bfd-multihop").next().unwrap();
    let noticed =
        loss["events"].as_array().unwrap().iter().find(|event| event["what"].as_str().unwrap().contains("up → down"));
    let seconds = |time: &Value| time.as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    // The last packet before the loss begins the longest gap.
    let last = &from_worker["longest_gap"]["from"];
    let after = seconds(&noticed.unwrap()["time"]).duration_since(seconds(last)).as_secs_f64();
    assert!((0.6..1.2).contains(&after), "3 x 300 ms after the last packet: {after} s: {loss}");
    let ends = ["10.66.2.3", "10.66.1.3", "10.66.1.2"].map(|address| address.parse::<IpAddr>().unwrap());
    assert!(packets(&file).iter().all(|packet| ends.contains(&packet.source)), "of this session only");
    assert_eq!(lab.run(&["verify", "--wait", "60"]).code, Some(0));

    // On a link every packet is there once, as it leaves.
    let file = path("link.pcap");
    let link = capture(&file, &["--link", &lab.name("n2"), "--bfd", "--seconds", "2"], &[]);
    assert_eq!(link.code, Some(0), "{link:?}");
    let link = document(&link);
    for from in [&frr1, &worker] {
        let places: Vec<_> = flows(&link, from, "bfd-multihop").collect();
        assert!(
            !places.is_empty()
                && places.iter().all(|flow| flow["at"] == if from == &frr1 { &*frr1 } else { "rpc-nhr" }),
            "{link}"
        );
        // One of 300 ms each, jitter included.
        let count = places[0]["packets"].as_u64().unwrap();
        assert!((6..=10).contains(&count), "{count} in 2 s: {link}");
    }
    assert!(packets(&file).iter().all(|packet| packet.outgoing));

    until_ctrl_c(&lab, &path("endless.pcap"));
    lab.run(&["capture", "--session", "rpc-frr1-nobody"]).refused(2, &["rpc-frr1-nobody", "rpc-k-worker"]);
    lab.run(&["capture", "--on", "rpc-frr1", "--out", "/nowhere/x.pcap", "--seconds", "1"])
        .refused(3, &["/nowhere/x.pcap"]);
    docker(&["inspect", &worker]);
}

/// Only a signal ends it, and it still reports what it saw.
fn until_ctrl_c(lab: &TestLab, file: &Path) {
    let mut command =
        lab.command(&["--json", "capture", "--on", &lab.name("k-worker"), "--out", file.to_str().unwrap()]);
    let running = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // Packets reach the file as they come.
    let wait = settle::Wait::new("packets in the file", std::time::Duration::from_secs(10));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let some = wait.poll(async || match std::fs::metadata(file) {
        Ok(metadata) if metadata.len() > 24 => settle::Verdict::<(), String>::Ready(()),
        other => settle::Verdict::NotYet(format!("{other:?}")),
    });
    runtime.block_on(some).unwrap();
    kill_process(Pid::from_raw(i32::try_from(running.id()).unwrap()).unwrap(), Signal::INT).unwrap();
    let output = running.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(u64::try_from(packets(file).len()).unwrap(), document["packets"].as_u64().unwrap());
}
