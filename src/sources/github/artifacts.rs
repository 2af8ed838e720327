//! The files inside of a run's artifact.
//!
//! An archive is somebody's word for its sizes: everything is counted while it is unpacked. Invariants: nothing is
//! written to disk; at most [`ENTRIES`] files, [`LARGEST_FILE`] each and [`LARGEST`] together are unpacked, and what
//! was left out is told; a name that leads out of its folder is none.

use std::io::{Cursor, Read as _};
use std::time::Duration;

use super::client::{AskError, Client};
use crate::model::ci::Artifact;
use crate::text::clean::clean;

/// Bytes of an archive that are fetched.
pub const LARGEST_ARCHIVE: usize = 128 << 20;
/// Files of an archive.
const ENTRIES: usize = 2_000;
/// Bytes of one file, unpacked.
const LARGEST_FILE: u64 = 64 << 20;
/// Bytes of all files of an archive, unpacked.
const LARGEST: u64 = 256 << 20;
/// How many times its packed size a file may have; more is a bomb.
const RATIO: u64 = 200;
/// For one archive.
const DEADLINE: Duration = Duration::from_secs(60);

/// A file of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unpacked {
    /// Its name in the archive.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Whether an artifact may hold evidence by its name: what people call reports. Others are not fetched.
#[must_use]
pub fn may_hold_evidence(artifact: &Artifact) -> bool {
    const WORDS: &[&str] = &[
        "coverage",
        "cover",
        "lcov",
        "jacoco",
        "cobertura",
        "junit",
        "test",
        "report",
        "result",
        "sarif",
        "scan",
        "audit",
        "trivy",
        "security",
        "zap",
        "sbom",
        "codeql",
        "lint",
    ];
    let name = artifact.name.to_ascii_lowercase();
    !artifact.expired
        && artifact.size <= LARGEST_ARCHIVE as u64
        && WORDS.iter().any(|word| name.contains(word))
}

/// Fetches an artifact and unpacks it: its files, and what was left out, in words.
///
/// # Errors
/// See [`AskError`]: [`AskError::Gone`] when GitHub has deleted it.
pub async fn fetch(
    client: &mut Client,
    base: &str,
    artifact: &Artifact,
) -> Result<(Vec<Unpacked>, Vec<String>), AskError> {
    let mut bytes = Vec::new();
    let path = format!("{base}/actions/artifacts/{}/zip", artifact.id);
    client
        .stream(&path, LARGEST_ARCHIVE, DEADLINE, &mut |piece| {
            bytes.extend_from_slice(piece);
            true
        })
        .await?;
    unpack(bytes).map_err(AskError::NotJson)
}

/// Unpacks an archive in memory.
///
/// # Errors
/// In words, when it is none.
pub fn unpack(bytes: Vec<u8>) -> Result<(Vec<Unpacked>, Vec<String>), String> {
    let mut archive =
        zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| format!("no archive: {error}"))?;
    let (mut files, mut left_out) = (Vec::new(), Vec::new());
    let mut total = 0;
    if archive.len() > ENTRIES {
        left_out.push(format!(
            "{} files after the first {ENTRIES}",
            archive.len() - ENTRIES
        ));
    }
    for at in 0..archive.len().min(ENTRIES) {
        let mut entry = match archive.by_index(at) {
            Ok(entry) => entry,
            Err(error) => {
                left_out.push(format!("file {}: {error}", at + 1));
                continue;
            }
        };
        if !entry.is_file() {
            continue;
        }
        let name = clean(entry.name()).replace('\\', "/");
        if !is_inside(&name) {
            left_out.push(format!("`{name}`: its name leads elsewhere"));
            continue;
        }
        let most = LARGEST_FILE.min(LARGEST - total).min(
            entry
                .compressed_size()
                .saturating_mul(RATIO)
                .saturating_add(1 << 16),
        );
        let mut unpacked = Vec::new();
        // One byte more than allowed tells that there is more.
        match entry.by_ref().take(most + 1).read_to_end(&mut unpacked) {
            Ok(_) if unpacked.len() as u64 > most => left_out.push(format!("`{name}`: too large")),
            Ok(_) => {
                total += unpacked.len() as u64;
                files.push(Unpacked {
                    name,
                    bytes: unpacked,
                });
            }
            Err(error) => left_out.push(format!("`{name}`: {error}")),
        }
    }
    Ok((files, left_out))
}

fn is_inside(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with('/')
        && !name.contains(':')
        && name.len() < 1024
        && name.split('/').all(|part| part != ".." && part != ".")
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use zip::write::SimpleFileOptions;

    use super::*;

    fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn files_come_out_with_their_names() {
        let (files, left_out) =
            unpack(archive(&[("lcov.info", b"TN:\n"), ("sub/junit.xml", b"<x/>")])).unwrap();
        let names: Vec<_> = files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["lcov.info", "sub/junit.xml"]);
        assert_eq!(files[0].bytes, b"TN:\n");
        assert!(left_out.is_empty());
    }

    #[test]
    fn a_name_that_leads_elsewhere_is_left_out() {
        for name in ["../x", "/etc/passwd", "a/../../x", "C:\\x", "..\\x"] {
            let (files, left_out) = unpack(archive(&[(name, b"x"), ("fine", b"y")])).unwrap();
            assert_eq!(files.len(), 1, "{name}");
            assert_eq!(left_out.len(), 1, "{name}");
        }
    }

    #[test]
    fn a_bomb_is_left_out_before_it_goes_off() {
        let (files, left_out) = unpack(archive(&[("bomb", &vec![0; 80 << 20]), ("fine", b"y")])).unwrap();
        assert_eq!(files.len(), 1);
        assert!(left_out[0].contains("too large"), "{left_out:?}");
    }

    #[test]
    fn what_is_no_archive_is_said() {
        assert!(unpack(b"<Error>BlobNotFound</Error>".to_vec()).is_err());
        let mut cut = archive(&[("lcov.info", b"TN:\n")]);
        cut.truncate(cut.len() / 2);
        assert!(unpack(cut).is_err());
    }
}
