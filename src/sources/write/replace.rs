//! One file replaced at a stroke: a temporary file in the same folder, made durable, then renamed over the old one.
//! Whenever the process dies, the file is wholly old or wholly new.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::NamedTempFile;

use super::WriteError;
use crate::model::RepoPath;
use crate::sources::files::TEMPORARY_PREFIX;

/// A temporary file older than this belongs to no running gonogo.
const STALE: Duration = Duration::from_secs(600);

/// The new content, complete and durable, beside the old file.
pub(super) struct Staged {
    temporary: NamedTempFile,
    path: PathBuf,
}

impl Staged {
    /// Writes the new content beside the old file, with its mode and, where allowed, its owner.
    pub(super) fn new(
        name: &RepoPath,
        path: &Path,
        bytes: &[u8],
    ) -> Result<(Self, Option<String>), WriteError> {
        let io = |doing: &'static str| {
            move |error: std::io::Error| WriteError::Io {
                path: name.clone(),
                doing,
                why: error.to_string(),
            }
        };
        let folder = path.parent().unwrap_or(Path::new("."));
        let metadata = std::fs::symlink_metadata(path).map_err(io("looking at it"))?;
        // A rename would replace a read-only file without asking, and for root also in a read-only folder.
        if metadata.permissions().readonly() {
            return Err(WriteError::ReadOnlyFile(name.clone()));
        }
        let closed = |why: String| WriteError::Folder {
            path: name.clone(),
            why,
        };
        let folder_metadata = std::fs::metadata(folder).map_err(io("looking at its folder"))?;
        if folder_metadata.permissions().readonly() {
            return Err(closed("it is read-only".to_owned()));
        }
        remove_stale(folder);
        let mut temporary = tempfile::Builder::new()
            .prefix(TEMPORARY_PREFIX)
            .suffix(".tmp")
            .tempfile_in(folder)
            .map_err(|error| closed(error.to_string()))?;
        temporary.write_all(bytes).map_err(io("writing the new text"))?;
        let warning = like_the_old(&temporary, &metadata, name).map_err(io("setting its mode"))?;
        temporary
            .as_file()
            .sync_all()
            .map_err(io("making the new text durable"))?;
        let path = path.to_path_buf();
        Ok((Self { temporary, path }, warning))
    }

    /// Takes the old file's place.
    pub(super) fn take_place(self) -> Result<(), String> {
        let folder = self.path.parent().map(Path::to_path_buf);
        self.temporary
            .persist(&self.path)
            .map_err(|error| error.error.to_string())?;
        // Without this the rename itself may not survive a power cut. Some file systems cannot do it.
        if let Some(folder) = folder.and_then(|folder| File::open(folder).ok()) {
            let _ = folder.sync_all();
        }
        Ok(())
    }
}

#[cfg(unix)]
fn like_the_old(
    temporary: &NamedTempFile,
    old: &std::fs::Metadata,
    name: &RepoPath,
) -> std::io::Result<Option<String>> {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    let new = temporary.as_file().metadata()?;
    let mut warning = None;
    if (new.uid(), new.gid()) != (old.uid(), old.gid())
        && fchown(temporary.as_file(), Some(old.uid()), Some(old.gid())).is_err()
    {
        warning = Some(format!(
            "`{name}` belongs to you now: its former owner could not be kept"
        ));
    }
    if old.nlink() > 1 {
        warning = Some(format!(
            "`{name}` had a second name (hard link), which keeps the old text"
        ));
    }
    // After the change of owner, which may clear bits of the mode.
    temporary.as_file().set_permissions(old.permissions())?;
    Ok(warning)
}

#[cfg(not(unix))]
fn like_the_old(
    temporary: &NamedTempFile,
    old: &std::fs::Metadata,
    _name: &RepoPath,
) -> std::io::Result<Option<String>> {
    temporary.as_file().set_permissions(old.permissions())?;
    Ok(None)
}

/// Removes what a killed gonogo left in this folder.
fn remove_stale(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if !name.starts_with(TEMPORARY_PREFIX) || !name.ends_with(".tmp") {
            continue;
        }
        let age = entry.metadata().ok().filter(std::fs::Metadata::is_file);
        let age = age.and_then(|metadata| metadata.modified().ok()?.elapsed().ok());
        if age.is_some_and(|age| age > STALE) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}
