//! A real folder and a real thread. Nothing is asserted of the time anything takes: tests wait for what must come, and
//! what must not come is shown by something later that came.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, RecvTimeoutError},
    },
    thread,
    time::{Duration, SystemTime},
};

use domain::Timestamp;
use intake::{Arrival, EndMark, Folder, Mode, Options, sha256_of};
use tempfile::TempDir;

/// Only a hang takes as long.
const PATIENCE: Duration = Duration::from_secs(30);
const END: &str = "КонецФайла\r\n";

fn options(mode: Mode) -> Options {
    Options {
        mode,
        // With events, the rescan must not be what finds the files.
        rescan_ms: if mode == Mode::Events { 3_600_000 } else { 30 },
        gone_look_ms: 20,
        look_gap_ms: 40,
        rest_ms: 400,
    }
}

fn clock() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .expect("after 1970");
    Timestamp(i64::try_from(since.as_millis()).expect("before the sun dies"))
}

fn end_mark(tail: &[u8]) -> EndMark {
    if tail.ends_with(END.as_bytes()) {
        EndMark::Present
    } else {
        EndMark::Unknown
    }
}

/// For files whose missing end mark must hold them however slow this computer is.
fn without_rest(mode: Mode) -> Options {
    Options {
        rest_ms: 3_600_000,
        ..options(mode)
    }
}

struct Watched {
    /// Dropped first: nobody watches a folder while it is taken away.
    folder: Folder,
    arrivals: Receiver<Arrival>,
    known: Arc<Mutex<BTreeSet<String>>>,
    dir: TempDir,
}

impl Watched {
    fn new(options: &Options, before: impl FnOnce(&Path)) -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        before(dir.path());
        let known = Arc::new(Mutex::new(BTreeSet::new()));
        let asked = Arc::clone(&known);
        let knows = move |sha256: &str| asked.lock().expect("not poisoned").contains(sha256);
        let (folder, arrivals) = Folder::watch(dir.path().join("in"), options, end_mark, clock, knows).expect("starts");
        Self {
            dir,
            folder,
            arrivals,
            known,
        }
    }

    fn events() -> Self {
        Self::new(&options(Mode::Events), make_folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join("in").join(name)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, text).expect("writes");
        path
    }

    fn next(&self) -> Arrival {
        match self.arrivals.recv_timeout(PATIENCE) {
            Ok(arrival) => arrival,
            Err(error) => panic!("nothing arrives: {error}"),
        }
    }

    /// The next arrival is a file: its name, and its content is what its hash says.
    fn next_file(&self) -> String {
        match self.next() {
            Arrival::File {
                path,
                name,
                size,
                modified,
                sha256,
            } => {
                let found = fs::metadata(&path).expect("is there");
                assert_eq!(size, found.len());
                assert!(modified.ms_since(Timestamp(0)) > 0);
                assert_eq!(sha256, sha256_of(&path).expect("reads"));
                assert_eq!(path, self.path(&name));
                name
            }
            other => panic!("{other:?}"),
        }
    }
}

fn make_folder(dir: &Path) {
    fs::create_dir(dir.join("in")).expect("makes a folder");
}

fn statement(name: &str) -> String {
    format!("1CClientBankExchange\r\n{name}\r\n{END}")
}

#[test]
fn what_was_there_and_what_comes() {
    for mode in [Mode::Events, Mode::Poll] {
        let watched = Watched::new(&options(mode), |dir| {
            make_folder(dir);
            fs::write(dir.join("in/before.txt"), statement("before")).expect("writes");
        });
        assert_eq!(watched.next_file(), "before.txt", "{mode:?}");
        watched.write("выписка.txt", &statement("after"));
        assert_eq!(watched.next_file(), "выписка.txt", "{mode:?}");
        watched.write("no end mark.mt940", ":20:1");
        assert_eq!(watched.next_file(), "no end mark.mt940", "{mode:?}: a long rest does");
    }
}

#[test]
fn a_slow_writer_is_left_to_finish() {
    for mode in [Mode::Events, Mode::Poll] {
        let watched = Watched::new(&without_rest(mode), make_folder);
        let path = watched.path("slow.txt");
        let writer = thread::spawn(move || {
            let mut file = File::create(path).expect("creates");
            for piece in 0..12 {
                // Some pauses are longer than the gap: only the end mark tells that it goes on.
                thread::sleep(Duration::from_millis(15 * (1 + piece % 5)));
                writeln!(file, "piece {piece}").expect("writes");
                file.flush().expect("flushes");
            }
            file.write_all(END.as_bytes()).expect("writes");
        });
        assert_eq!(watched.next_file(), "slow.txt", "{mode:?}");
        writer.join().expect("the writer ends");
        let whole = fs::read_to_string(watched.path("slow.txt")).expect("reads");
        assert!(whole.contains("piece 11") && whole.ends_with(END));
        watched.write("next.txt", &statement("next"));
        assert_eq!(
            watched.next_file(),
            "next.txt",
            "{mode:?}: the slow one came once, whole"
        );
    }
}

#[test]
fn renamed_into_place() {
    let watched = Watched::events();
    let part = watched.write("bank.txt.part", &statement("bank"));
    watched.write("other.txt", &statement("other"));
    assert_eq!(watched.next_file(), "other.txt", "the unfinished one is left alone");
    fs::rename(part, watched.path("bank.txt")).expect("renames");
    assert_eq!(watched.next_file(), "bank.txt");
}

#[test]
fn never_statements() {
    let watched = Watched::new(&options(Mode::Events), |dir| {
        make_folder(dir);
        for name in ["~$a.xlsx", ".hidden", "a.tmp", "b.part", "c.crdownload"] {
            fs::write(dir.join("in").join(name), statement(name)).expect("writes");
        }
        fs::create_dir(dir.join("in/archive")).expect("makes a folder");
        fs::write(dir.join("in/archive/old.txt"), statement("old")).expect("writes");
        File::create(dir.join("in/empty.txt")).expect("creates");
    });
    thread::sleep(Duration::from_millis(600));
    watched.write("z.txt", &statement("z"));
    assert_eq!(watched.next_file(), "z.txt");
    watched.write("empty.txt", &statement("no longer empty"));
    assert_eq!(watched.next_file(), "empty.txt");
}

#[test]
fn a_rewritten_file_is_a_new_version_and_a_known_content_is_not_news() {
    let watched = Watched::events();
    let path = watched.write("same name.txt", &statement("first"));
    assert_eq!(watched.next_file(), "same name.txt");
    let first = sha256_of(&path).expect("reads");
    watched.known.lock().expect("not poisoned").insert(first);

    watched.write("another name.txt", &statement("first"));
    watched.write("same name.txt", &statement("second"));
    assert_eq!(watched.next_file(), "same name.txt", "rewritten");
    watched.write("last.txt", &statement("last"));
    assert_eq!(watched.next_file(), "last.txt", "the copy is known");
}

#[test]
fn the_folder_goes_and_comes_back() {
    for mode in [Mode::Events, Mode::Poll] {
        let watched = Watched::new(&options(mode), make_folder);
        watched.write("a.txt", &statement("a"));
        assert_eq!(watched.next_file(), "a.txt", "{mode:?}");
        for round in ["b.txt", "c.txt"] {
            fs::remove_dir_all(watched.path("")).expect("removes");
            let Arrival::FolderGone { why } = watched.next() else {
                panic!("{mode:?}: the folder is gone");
            };
            assert!(why.ru.contains("не найдена"), "{why:?}");
            make_folder(watched.dir.path());
            assert_eq!(watched.next(), Arrival::FolderBack, "{mode:?}");
            watched.write(round, &statement(round));
            assert_eq!(watched.next_file(), round, "{mode:?}");
        }
    }
}

#[test]
fn the_wrong_folder_is_said() {
    for (make, words) in [
        ((|_: &Path| {}) as fn(&Path), "не найдена"),
        (|dir| fs::write(dir.join("in"), "a file").expect("writes"), "это файл"),
    ] {
        let watched = Watched::new(&options(Mode::Events), make);
        let Arrival::FolderGone { why } = watched.next() else {
            panic!("nothing to watch");
        };
        assert!(why.ru.contains(words), "{why:?}");
        let place = watched.dir.path().join("in");
        if place.is_file() {
            fs::remove_file(place).expect("removes");
        }
        make_folder(watched.dir.path());
        assert_eq!(watched.next(), Arrival::FolderBack);
    }
}

#[test]
fn deleted_while_it_settles() {
    let watched = Watched::new(&without_rest(Mode::Events), make_folder);
    let path = watched.write("gone.txt", "never finished");
    watched.write("a.txt", &statement("a"));
    assert_eq!(watched.next_file(), "a.txt");
    fs::remove_file(&path).expect("removes");
    watched.write("b.txt", &statement("b"));
    assert_eq!(watched.next_file(), "b.txt");
    fs::write(&path, statement("back")).expect("writes");
    assert_eq!(watched.next_file(), "gone.txt", "and it may come again");
}

#[test]
fn deleted_and_put_there_again_is_new_even_with_the_same_time() {
    let watched = Watched::new(&options(Mode::Poll), make_folder);
    let path = watched.write("a.txt", &statement("one"));
    let modified = fs::metadata(&path).and_then(|found| found.modified()).expect("has one");
    assert_eq!(watched.next_file(), "a.txt");
    fs::remove_file(&path).expect("removes");
    // Two looks, so at least one round, pass until this one comes.
    watched.write("b.txt", &statement("b"));
    assert_eq!(watched.next_file(), "b.txt");
    let moved_in = watched.dir.path().join("a.txt");
    fs::write(&moved_in, statement("two")).expect("writes");
    File::options()
        .append(true)
        .open(&moved_in)
        .and_then(|file| file.set_modified(modified))
        .expect("sets");
    fs::rename(moved_in, path).expect("renames");
    assert_eq!(watched.next_file(), "a.txt");
}

#[test]
fn thousands_of_files_all_come_once() {
    const FILES: usize = 3_000;
    let watched = Watched::new(&options(Mode::Events), |dir| {
        make_folder(dir);
        for n in 0..FILES / 2 {
            fs::write(dir.join(format!("in/{n}.txt")), statement(&n.to_string())).expect("writes");
        }
    });
    for n in FILES / 2..FILES {
        watched.write(&format!("{n}.txt"), &statement(&n.to_string()));
    }
    let names: BTreeSet<String> = (0..FILES).map(|_| watched.next_file()).collect();
    assert_eq!(names.len(), FILES);
}

#[test]
fn a_person_may_ask_for_a_look() {
    let mut slow = options(Mode::Poll);
    slow.rescan_ms = 3_600_000;
    let watched = Watched::new(&slow, make_folder);
    watched.write("a.txt", &statement("a"));
    // The first round may come before or after the writing; the person's look comes after.
    assert!(watched.folder.look_now());
    assert_eq!(watched.next_file(), "a.txt");
}

#[test]
fn a_failed_import_may_have_it_again() {
    let watched = Watched::events();
    let path = watched.write("a.txt", &statement("a"));
    assert_eq!(watched.next_file(), "a.txt");
    assert!(watched.folder.report_again(path));
    assert_eq!(watched.next_file(), "a.txt");
}

#[test]
fn a_drop_ends_the_watching() {
    let watched = Watched::events();
    drop(watched.folder);
    assert_eq!(
        watched.arrivals.recv_timeout(PATIENCE),
        Err(RecvTimeoutError::Disconnected)
    );
}

#[test]
fn the_banks_files_stay_as_they_are() {
    let watched = Watched::events();
    let path = watched.write("a.txt", &statement("a"));
    let before = fs::metadata(&path).expect("is there");
    assert_eq!(watched.next_file(), "a.txt");
    let after = fs::metadata(&path).expect("is there");
    assert_eq!(before.modified().expect("has one"), after.modified().expect("has one"));
    assert_eq!(fs::read_dir(watched.path("")).expect("lists").count(), 1);
    // Nobody is kept from it: a bank client may take its lock at once.
    File::options()
        .append(true)
        .open(&path)
        .expect("opens")
        .try_lock()
        .expect("locks");
}

#[test]
fn a_held_file_waits_for_its_holder() {
    let watched = Watched::events();
    let path = watched.path("held.txt");
    let mut file = File::create(&path).expect("creates");
    file.try_lock().expect("locks");
    file.write_all(statement("held").as_bytes()).expect("writes");
    file.flush().expect("flushes");
    let Arrival::Unreadable { path: held, why } = watched.next() else {
        panic!("somebody holds it");
    };
    assert_eq!(held, path);
    assert!(why.ru.contains("занят"), "{why:?}");
    watched.write("free.txt", &statement("free"));
    assert_eq!(watched.next_file(), "free.txt");
    drop(file);
    assert_eq!(watched.next_file(), "held.txt");
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    #[test]
    fn a_link_out_of_the_folder_is_not_followed() {
        let watched = Watched::new(&options(Mode::Events), |dir| {
            make_folder(dir);
            fs::write(dir.join("secret.txt"), statement("secret")).expect("writes");
            symlink(dir.join("secret.txt"), dir.join("in/link.txt")).expect("links");
            symlink(dir.join("nowhere"), dir.join("in/broken.txt")).expect("links");
        });
        thread::sleep(Duration::from_millis(600));
        watched.write("z.txt", &statement("z"));
        assert_eq!(watched.next_file(), "z.txt");
        symlink(watched.path("z.txt"), watched.path("inside.txt")).expect("links");
        assert_eq!(watched.next_file(), "inside.txt", "a link inside is a file");
    }

    /// A link to itself cannot be read by anybody, root included.
    #[test]
    fn what_cannot_be_read_is_said_once() {
        let watched = Watched::new(&options(Mode::Poll), |dir| {
            make_folder(dir);
            symlink(dir.join("in/loop.txt"), dir.join("in/loop.txt")).expect("links");
        });
        let Arrival::Unreadable { path, why } = watched.next() else {
            panic!("a loop is no file");
        };
        assert_eq!(path, watched.path("loop.txt"));
        assert!(why.ru.contains("loop.txt"), "{why:?}");
        // Many rescans later it has still been said once.
        thread::sleep(Duration::from_millis(600));
        watched.write("z.txt", &statement("z"));
        assert_eq!(watched.next_file(), "z.txt");
        fs::remove_file(watched.path("loop.txt")).expect("removes");
        watched.write("loop.txt", &statement("a file now"));
        assert_eq!(watched.next_file(), "loop.txt");
    }

    #[test]
    fn without_permission_it_waits_for_permission() {
        let watched = Watched::new(&options(Mode::Poll), |dir| {
            make_folder(dir);
            let path = dir.join("in/locked.txt");
            fs::write(&path, statement("locked")).expect("writes");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).expect("sets");
        });
        // Root may read everything: then there is nothing to wait for.
        if File::open(watched.path("locked.txt")).is_err() {
            let Arrival::Unreadable { why, .. } = watched.next() else {
                panic!("it cannot be read");
            };
            assert!(why.ru.contains("Нет доступа"), "{why:?}");
            thread::sleep(Duration::from_millis(300));
            fs::set_permissions(watched.path("locked.txt"), fs::Permissions::from_mode(0o600)).expect("sets");
        }
        assert_eq!(watched.next_file(), "locked.txt");
    }
}
