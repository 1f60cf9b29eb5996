//! A person's name and passphrase: the passphrase is typed without echo or piped in, never an argument.

use std::io::{BufRead, IsTerminal};

use app::{Failure, wire::Credentials};
use domain::Text;

use crate::{args::Who, output::Output};

pub fn of(who: &Who, output: &Output) -> Result<Credentials, Failure> {
    let passphrase = passphrase(&who.name, who.passphrase_stdin, output)?;
    Ok(Credentials {
        name: who.name.clone(),
        passphrase,
    })
}

pub fn passphrase(name: &str, from_stdin: bool, output: &Output) -> Result<String, Failure> {
    if from_stdin || is_piped() {
        return line_of_stdin();
    }
    let prompt = format!("{} {name}: ", output.pick("парольная фраза:", "passphrase of"));
    asked(&prompt)
}

/// Nobody is there to be asked: what is piped in is the answer.
pub fn is_piped() -> bool {
    !std::io::stdin().is_terminal()
}

/// A secret, not shown while it is typed.
pub fn asked(prompt: &str) -> Result<String, Failure> {
    rpassword::prompt_password(prompt).map_err(|error| unread(&error))
}

/// One line of standard input without its end.
pub fn line_of_stdin() -> Result<String, Failure> {
    let mut line = String::new();
    let read = std::io::stdin()
        .lock()
        .read_line(&mut line)
        .map_err(|error| unread(&error))?;
    if read == 0 {
        return Err(unread(&std::io::Error::from(std::io::ErrorKind::UnexpectedEof)));
    }
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn unread(error: &std::io::Error) -> Failure {
    Failure::new(
        "input/unread",
        Text::new(
            format!("ввод не прочитан: {error}"),
            format!("the input was not read: {error}"),
        ),
        Text::new(
            "введите ответ с клавиатуры или передайте его строкой",
            "type the answer, or pipe it in as a line",
        ),
    )
}
