//! The log: a file in the state folder, opened with the first line, bounded in size.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::sources::env;

/// The log is turned over when it has this many bytes: at most twice as much is kept.
const LARGEST: u64 = 2 << 20;

/// Begins to log what `GONOGO_LOG` (off, error, warn, info, debug, trace; warn by default) asks for. Opens no file
/// yet. Does nothing when there is a log already or no state folder.
pub(super) fn begin() {
    let level = env::var("GONOGO_LOG")
        .and_then(|word| word.parse::<LevelFilter>().ok())
        .unwrap_or(LevelFilter::WARN);
    if level == LevelFilter::OFF {
        return;
    }
    let Some(folder) = env::state_dir() else {
        return;
    };
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_ansi(false)
        .with_writer(Log::new(folder.join("gonogo.log")))
        .finish();
    // Another subscriber is only there in tests; both are content.
    let _ = tracing::subscriber::set_global_default(subscriber);
}

struct Log {
    path: PathBuf,
    open: Mutex<Option<(File, u64)>>,
}

impl Log {
    fn new(path: PathBuf) -> Self {
        Self {
            path,
            open: Mutex::new(None),
        }
    }

    /// Writes a line. What cannot be written is lost: there is nobody to tell.
    fn line(&self, bytes: &[u8]) -> io::Result<()> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut file, written) = match open.take() {
            Some(open) => open,
            None => append_to(&self.path)?,
        };
        file.write_all(bytes)?;
        let written = written + bytes.len() as u64;
        if written < LARGEST {
            *open = Some((file, written));
            return Ok(());
        }
        drop(file);
        std::fs::rename(&self.path, self.path.with_extension("log.old"))
    }
}

fn append_to(path: &Path) -> io::Result<(File, u64)> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let file = File::options().create(true).append(true).open(path)?;
    let length = file.metadata()?.len();
    Ok((file, length))
}

/// One event on its way to the file: written in one piece, so that threads do not mix their lines.
struct LogLine<'a> {
    log: &'a Log,
    bytes: Vec<u8>,
}

impl Write for LogLine<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for LogLine<'_> {
    fn drop(&mut self) {
        let _ = self.log.line(&self.bytes);
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = LogLine<'a>;

    fn make_writer(&'a self) -> Self::Writer {
        LogLine {
            log: self,
            bytes: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{LARGEST, Log};

    #[test]
    fn the_log_is_made_with_the_first_line_and_stays_bounded() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state/gonogo.log");
        let log = Log::new(path.clone());
        assert!(!path.exists(), "opening it is no start-up work");
        let line = [b'x'; 4096];
        for _ in 0..=(3 * LARGEST / 4096) {
            log.line(&line).unwrap();
        }
        let sizes = [path.clone(), path.with_extension("log.old")].map(|path| path.metadata().unwrap().len());
        assert!(sizes.iter().all(|size| *size <= LARGEST + 4096), "{sizes:?}");
    }
}
