//! The bytes of one file: regular files only, never waiting, never more than a cap.

use std::fs::{File, Metadata, OpenOptions};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::model::{Entry, EntryKind, RepoPath, Truncated};

/// Bytes of a document that are read; of a larger one, its beginning up to a line end.
pub const DOCUMENT_CAP: u64 = 8 << 20;

/// Why a file was not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// It is not there.
    #[error("`{0}` is not there")]
    Missing(PathBuf),
    /// It is no regular file.
    #[error("`{path}` is {what}, not a file")]
    NotAFile {
        /// Which.
        path: PathBuf,
        /// "a directory", "a pipe".
        what: &'static str,
    },
    /// A symbolic link in the repository, or a folder that leads out of it.
    #[error("`{0}` leads through a symbolic link, which is not followed")]
    Link(PathBuf),
    /// The system refused.
    #[error("`{path}` cannot be read: {why}")]
    Io {
        /// Which.
        path: PathBuf,
        /// The system's words.
        why: String,
    },
}

/// Reads at most `cap` bytes of a file. A larger file is cut behind its last whole line, and says so.
///
/// # Errors
/// See [`FileError`].
pub fn read(path: &Path, cap: u64) -> Result<(Arc<[u8]>, Option<Truncated>), FileError> {
    let (mut bytes, size) = beginning(path, cap)?;
    if size <= cap {
        return Ok((bytes.into(), None));
    }
    bytes.truncate(whole_lines(&bytes));
    let truncated = Truncated {
        read: bytes.len() as u64,
        size,
    };
    Ok((bytes.into(), Some(truncated)))
}

/// The first `cap` bytes of a file and its size; the size is above `cap` exactly when there is more.
///
/// # Errors
/// See [`FileError`].
pub fn beginning(path: &Path, cap: u64) -> Result<(Vec<u8>, u64), FileError> {
    let io = |error: std::io::Error| failed(path, &error);
    let file = open(path).map_err(io)?;
    let metadata = file.metadata().map_err(io)?;
    if !metadata.is_file() {
        return Err(FileError::NotAFile {
            path: path.to_path_buf(),
            what: kind(&metadata),
        });
    }
    let expected = usize::try_from(metadata.len().min(cap)).unwrap_or(0);
    let mut bytes = Vec::with_capacity(expected + 1);
    // One byte more than the cap tells a file that is larger, also one that grows meanwhile.
    file.take(cap.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(io)?;
    let size = bytes.len() as u64;
    if size <= cap {
        return Ok((bytes, size));
    }
    bytes.truncate(usize::try_from(cap).unwrap_or(usize::MAX));
    Ok((bytes, metadata.len().max(size)))
}

/// Reads a file of the repository, refusing links, also in the folders above it.
///
/// # Errors
/// See [`FileError`].
pub fn read_in(root: &Path, path: &RepoPath, cap: u64) -> Result<(Arc<[u8]>, Option<Truncated>), FileError> {
    let whole = root.join(path.as_str());
    folder_inside(root, path.folder())?;
    not_a_link(&whole)?;
    read(&whole, cap)
}

/// What lies at a path of the repository, links not followed; `None` when nothing does.
///
/// # Errors
/// See [`FileError`].
pub fn entry_in(root: &Path, path: &RepoPath) -> Result<Option<Entry>, FileError> {
    let whole = root.join(path.as_str());
    let found = folder_inside(root, path.folder())
        .and_then(|()| std::fs::symlink_metadata(&whole).map_err(|error| failed(&whole, &error)));
    let metadata = match found {
        Ok(metadata) => metadata,
        Err(FileError::Missing(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let kind = if metadata.is_symlink() {
        EntryKind::Link
    } else if metadata.is_dir() {
        if whole.join(".git").exists() {
            EntryKind::Submodule
        } else {
            EntryKind::Folder
        }
    } else if metadata.is_file() {
        if is_executable(&metadata) {
            EntryKind::Executable
        } else {
            EntryKind::File
        }
    } else {
        return Err(FileError::NotAFile {
            path: whole,
            what: kind(&metadata),
        });
    };
    let size = if metadata.is_file() { metadata.len() } else { 0 };
    Ok(Some(Entry { kind, size }))
}

#[cfg(unix)]
fn is_executable(metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.permissions().mode() & 0o100 != 0
}

#[cfg(not(unix))]
const fn is_executable(_: &Metadata) -> bool {
    false
}

/// Refuses a path whose folder a link leads out of the repository.
///
/// # Errors
/// See [`FileError`].
pub fn inside(root: &Path, path: &RepoPath) -> Result<(), FileError> {
    folder_inside(root, path.folder())
}

/// Refuses a folder that a link leads out of the repository.
pub(super) fn folder_inside(root: &Path, folder: &str) -> Result<(), FileError> {
    if folder.is_empty() {
        return Ok(());
    }
    let whole = root.join(folder);
    let real = whole.canonicalize().map_err(|error| failed(&whole, &error))?;
    let root = root.canonicalize().map_err(|error| failed(root, &error))?;
    if real.starts_with(&root) {
        Ok(())
    } else {
        Err(FileError::Link(whole))
    }
}

/// Refuses a link.
pub(super) fn not_a_link(path: &Path) -> Result<(), FileError> {
    match std::fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_symlink() => Err(FileError::Link(path.to_path_buf())),
        Ok(_) => Ok(()),
        Err(error) => Err(failed(path, &error)),
    }
}

#[cfg(unix)]
fn open(path: &Path) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    // Without this, opening a pipe waits for somebody to write into it.
    let flags = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
    OpenOptions::new().read(true).custom_flags(flags).open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().read(true).open(path)
}

fn failed(path: &Path, error: &std::io::Error) -> FileError {
    match error.kind() {
        // A file where a folder was expected holds nothing either.
        std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => {
            FileError::Missing(path.to_path_buf())
        }
        _ => FileError::Io {
            path: path.to_path_buf(),
            why: error.to_string(),
        },
    }
}

fn kind(metadata: &Metadata) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        let kind = metadata.file_type();
        if kind.is_fifo() {
            return "a pipe";
        }
        if kind.is_socket() {
            return "a socket";
        }
        if kind.is_char_device() || kind.is_block_device() {
            return "a device";
        }
    }
    if metadata.is_dir() {
        "a directory"
    } else {
        "something else"
    }
}

/// The length up to the last line end; everything when there is none.
fn whole_lines(bytes: &[u8]) -> usize {
    let Some(newline) = memchr::memrchr(b'\n', bytes) else {
        // A cut inside a character would make the text look like another encoding.
        let tail = bytes.iter().rev().take(3).position(|&byte| byte >= 0xc0);
        return tail.map_or(bytes.len(), |back| bytes.len() - back - 1);
    };
    let little_endian = bytes.starts_with(&[0xff, 0xfe]);
    let end = newline + 1;
    if little_endian && end % 2 == 1 && end < bytes.len() {
        end + 1
    } else {
        end
    }
}
