//! A server that answers HTTP as an engine would.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

use std::time::Duration;

use netlab::Docker;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time;

const VERSION: &str = r#"{"Version":"26.1.5","ApiVersion":"1.45","Os":"linux","Arch":"amd64","KernelVersion":"6"}"#;

/// A status and a body.
pub(crate) type Answer = (u16, Vec<u8>);

/// Connects to an engine that knows its version, and gives each other answer after so much work, by a clock that is
/// advanced meanwhile.
pub(crate) async fn connect(work: Duration, answer: impl FnMut() -> Answer + Send + 'static) -> Docker {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = format!("tcp://{}", listener.local_addr().unwrap());
    tokio::spawn(serve(listener, work, answer));
    Docker::connect_with_host(&host).await.unwrap()
}

async fn serve(listener: TcpListener, work: Duration, mut answer: impl FnMut() -> Answer) {
    while let Ok((mut stream, _)) = listener.accept().await {
        let Some(request) = request(&mut stream).await else { continue };
        let (status, body) = if request.contains("/version") {
            (200, VERSION.into())
        } else {
            time::pause();
            time::advance(work).await;
            time::resume();
            answer()
        };
        let head = format!("HTTP/1.1 {status} So\r\nConnection: close\r\nContent-Length: {}", body.len());
        let _ = stream.write_all(&[format!("{head}\r\n\r\n").as_bytes(), &body].concat()).await;
    }
}

/// A request's head, and its body where it has one; nothing where the connection ends before it is whole.
async fn request(stream: &mut TcpStream) -> Option<String> {
    let mut text = String::new();
    loop {
        let mut part = [0; 1024];
        let read = stream.read(&mut part).await.ok().filter(|read| *read > 0)?;
        text.push_str(&String::from_utf8_lossy(&part[..read]));
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let head = head.to_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        let is_whole = match length {
            Some(length) => body.len() >= length,
            None => !head.contains("transfer-encoding: chunked") || body.ends_with("0\r\n\r\n"),
        };
        if is_whole {
            return Some(text);
        }
    }
}
