//! What is kept between runs: the world as it was once, and the requests that changed it since, one a line.
//!
//! A request is on the disk before it is answered. What a request does follows from the world and its moment alone, so
//! that doing the same requests again gives the same world. A line that a kill left half is a request that nobody got an
//! answer to.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{site::Request, world::World};

const WORLD_FILE: &str = "amocrm.json";
/// Requests a journal holds before the world is written anew.
const REQUESTS_MAX: usize = 5000;

/// A request and its moment.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Done {
    pub now_s: i64,
    pub request: Request,
}

#[derive(Serialize)]
struct Written<'a> {
    /// Which journal goes with this world: one left over from before must not be done twice.
    generation: u64,
    world: &'a World,
}

#[derive(Deserialize)]
struct Read {
    generation: u64,
    world: World,
}

/// A world and the requests since.
pub type Kept = (World, Vec<Done>);

#[derive(Debug)]
pub struct Keeper {
    folder: PathBuf,
    generation: u64,
    journal: Option<File>,
    requests: usize,
}

impl Keeper {
    /// What the folder holds: a world and the requests since.
    ///
    /// # Errors
    /// It cannot be read, or holds something else.
    pub fn open(folder: &Path) -> io::Result<(Self, Option<Kept>)> {
        fs::create_dir_all(folder)?;
        let mut keeper = Self {
            folder: folder.to_owned(),
            generation: 0,
            journal: None,
            requests: 0,
        };
        let read: Read = match fs::read(folder.join(WORLD_FILE)) {
            Ok(kept) => serde_json::from_slice(&kept)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((keeper, None)),
            Err(error) => return Err(error),
        };
        keeper.generation = read.generation;
        let done = match fs::read(keeper.journal_file()) {
            Ok(lines) => whole_lines(&lines)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(error),
        };
        Ok((keeper, Some((read.world, done))))
    }

    fn journal_file(&self) -> PathBuf {
        self.folder.join(format!("amocrm-{}.jsonl", self.generation))
    }

    /// Writes the world beside the old one and renames it over, and begins a journal.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn keep_world(&mut self, world: &World) -> io::Result<()> {
        let old = self.journal_file();
        self.generation += 1;
        let path = self.folder.join(WORLD_FILE);
        let new = path.with_extension("json.new");
        let written = Written {
            generation: self.generation,
            world,
        };
        let mut file = File::create(&new)?;
        file.write_all(&serde_json::to_vec(&written)?)?;
        file.sync_all()?;
        fs::rename(&new, path)?;
        self.journal = Some(OpenOptions::new().create(true).append(true).open(self.journal_file())?);
        self.requests = 0;
        match fs::remove_file(old) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Writes down a request that was done. `true`: the journal is long, the world wants writing.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn keep_request(&mut self, done: &Done) -> io::Result<bool> {
        let Some(journal) = &mut self.journal else {
            return Ok(true);
        };
        let mut line = serde_json::to_vec(done)?;
        line.push(b'\n');
        journal.write_all(&line)?;
        journal.sync_data()?;
        self.requests += 1;
        Ok(self.requests >= REQUESTS_MAX)
    }
}

fn whole_lines(text: &[u8]) -> io::Result<Vec<Done>> {
    let Some(end) = text.iter().rposition(|byte| *byte == b'\n') else {
        return Ok(Vec::new());
    };
    let lines = text[..end].split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| Ok(serde_json::from_slice(line)?)).collect()
}
