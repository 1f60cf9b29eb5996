//! A bad line: it stands between the program and the sandbox, and by a seed cuts, delays, cripples, replaces and repeats
//! what goes over it. It knows HTTP's frame and nothing of a CRM.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use anyhow::{Context, Result};

/// Below what the program waits for an answer from this machine.
const SLOW_MS_MAX: u64 = 800;
/// Above it.
const TOO_LATE: Duration = Duration::from_millis(2_500);
const PAGE: &str = "<!DOCTYPE html><html><body><h1>nginx</h1></body></html>";

/// What may become of a request. «After» means that it was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spoil {
    CutBefore,
    CutAfter,
    Slow,
    AnsweredTooLate,
    /// Delivered two times; the second answer comes.
    Twice,
    FailsBefore,
    FailsAfter,
    /// Half of the answer's body, and then nothing.
    Torn,
    /// Half of the answer's body, as if that were all of it.
    Halved,
    PageBefore,
    PageAfter,
}

const SPOILS: [Spoil; 11] = [
    Spoil::CutBefore,
    Spoil::CutAfter,
    Spoil::Slow,
    Spoil::AnsweredTooLate,
    Spoil::Twice,
    Spoil::FailsBefore,
    Spoil::FailsAfter,
    Spoil::Torn,
    Spoil::Halved,
    Spoil::PageBefore,
    Spoil::PageAfter,
];

struct Line {
    to: SocketAddr,
    dice: Mutex<fastrand::Rng>,
    /// Requests of a hundred that are spoiled.
    percent: u8,
    is_bad: AtomicBool,
    spoiled: Mutex<Vec<Spoil>>,
}

/// Carries until the process ends.
pub struct Proxy {
    line: Arc<Line>,
    address: SocketAddr,
}

impl Proxy {
    /// To `to` (`http://127.0.0.1:P`), on a good day until it is told otherwise.
    ///
    /// # Errors
    /// There is no free port.
    pub fn start(to: &str, seed: u64, percent: u8) -> Result<Self> {
        let to = to
            .strip_prefix("http://")
            .context("the sandbox is plain HTTP here")?
            .parse()?;
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let line = Arc::new(Line {
            to,
            dice: Mutex::new(fastrand::Rng::with_seed(seed)),
            percent,
            is_bad: AtomicBool::new(false),
            spoiled: Mutex::default(),
        });
        let carrying = Arc::clone(&line);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let line = Arc::clone(&carrying);
                // A line that breaks is what this is for; the program says what it made of it.
                thread::spawn(move || line.carry(client));
            }
        });
        Ok(Self { line, address })
    }

    #[must_use]
    pub fn address(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn bad_weather(&self, is_bad: bool) {
        self.line.is_bad.store(is_bad, Ordering::SeqCst);
    }

    #[must_use]
    pub fn spoiled(&self) -> Vec<Spoil> {
        self.line.spoiled.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Line {
    fn spoil(&self) -> (Option<Spoil>, Duration) {
        let mut dice = self.dice.lock().unwrap_or_else(PoisonError::into_inner);
        let slow = Duration::from_millis(dice.u64(1..SLOW_MS_MAX));
        if !self.is_bad.load(Ordering::SeqCst) || dice.u8(0..100) >= self.percent {
            return (None, slow);
        }
        let spoil = SPOILS[dice.usize(..SPOILS.len())];
        self.spoiled.lock().unwrap_or_else(PoisonError::into_inner).push(spoil);
        (Some(spoil), slow)
    }

    /// One request of a connection; the next one wants a connection of its own.
    fn carry(&self, mut client: TcpStream) -> io::Result<()> {
        let mut reader = BufReader::new(client.try_clone()?);
        let request = message(&mut reader)?;
        if request.is_empty() {
            return Ok(());
        }
        let (spoil, slow) = self.spoil();
        let answer = match spoil {
            Some(Spoil::CutBefore) => return client.shutdown(Shutdown::Both),
            Some(Spoil::FailsBefore) => page("502 Bad Gateway"),
            Some(Spoil::PageBefore) => page("200 OK"),
            Some(Spoil::Slow) => {
                thread::sleep(slow);
                self.ask(&request)?
            }
            Some(Spoil::Twice) => {
                self.ask(&request)?;
                self.ask(&request)?
            }
            Some(Spoil::CutAfter) => {
                self.ask(&request)?;
                return client.shutdown(Shutdown::Both);
            }
            Some(Spoil::AnsweredTooLate) => {
                let answer = self.ask(&request)?;
                thread::sleep(TOO_LATE);
                answer
            }
            Some(Spoil::FailsAfter) => {
                self.ask(&request)?;
                page("504 Gateway Time-out")
            }
            Some(Spoil::PageAfter) => {
                self.ask(&request)?;
                page("200 OK")
            }
            Some(Spoil::Torn) => {
                let answer = self.ask(&request)?;
                let body = answer.len() - body_at(&answer);
                answer[..answer.len() - body / 2].to_vec()
            }
            Some(Spoil::Halved) => {
                let answer = self.ask(&request)?;
                let at = body_at(&answer);
                let half = &answer[at..at + (answer.len() - at) / 2];
                let head = String::from_utf8_lossy(&answer[..at]).into_owned();
                [with_length(&head, half.len()).as_bytes(), half].concat()
            }
            None => self.ask(&request)?,
        };
        client.write_all(&answer)?;
        client.shutdown(Shutdown::Both)
    }

    /// The whole answer, head and body.
    fn ask(&self, request: &[u8]) -> io::Result<Vec<u8>> {
        let mut stream = TcpStream::connect(self.to)?;
        stream.write_all(request)?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(answer)
    }
}

fn page(status: &str) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\nContent-Type: text/html; charset=UTF-8\r\nConnection: close\r\n");
    format!("{head}Content-Length: {}\r\n\r\n{PAGE}", PAGE.len()).into_bytes()
}

/// One message with its body, asking for the connection to be closed behind it. Empty where nothing came.
fn message(reader: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut head = String::new();
    let mut length = 0_u64;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(Vec::new());
        }
        if line.trim().is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').unwrap_or((line.as_str(), ""));
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().unwrap_or(0);
        }
        if !name.eq_ignore_ascii_case("connection") {
            head.push_str(&line);
        }
    }
    head.push_str("Connection: close\r\n\r\n");
    let mut message = head.into_bytes();
    reader.take(length).read_to_end(&mut message)?;
    Ok(message)
}

/// Where the body begins.
fn body_at(message: &[u8]) -> usize {
    let end = message.windows(4).position(|four| four == b"\r\n\r\n");
    end.map_or(message.len(), |end| end + 4)
}

fn with_length(head: &str, length: usize) -> String {
    let told = |line: &&str| line.to_ascii_lowercase().starts_with("content-length:");
    let kept: Vec<&str> = head.trim_end().lines().filter(|line| !told(line)).collect();
    format!("{}\r\nContent-Length: {length}\r\n\r\n", kept.join("\r\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_taken_whole_and_asks_for_the_end() {
        let sent = "POST /x HTTP/1.1\r\nConnection: keep-alive\r\nContent-Length: 4\r\n\r\nbodyNEXT";
        let taken = message(&mut sent.as_bytes()).unwrap();
        let taken = String::from_utf8(taken).unwrap();
        assert_eq!(
            taken,
            "POST /x HTTP/1.1\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbody"
        );
        assert_eq!(body_at(taken.as_bytes()), taken.len() - 4);
        let halved = with_length("HTTP/1.1 200 OK\r\ncontent-length: 4\r\nX: y\r\n\r\n", 2);
        assert_eq!(halved, "HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 2\r\n\r\n");
    }
}
