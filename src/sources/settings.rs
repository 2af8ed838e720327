//! Finding and reading the configuration files and the environment.
//!
//! Not here: what their text means (`config`). Invariant: nothing that lies on disk stops the start; a file that
//! cannot be read is a problem and the other layers hold. Only regular files up to a size are read.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::env;
use crate::config::{
    Layers, PolicyLayer, Settings, UserLayer, merge, parse_environment, parse_repository, parse_user,
};
use crate::model::{Problem, ProblemSeverity};

/// A configuration file larger than this is a mistake.
const LARGEST: u64 = 1 << 20;
/// The repository's own file, at its root.
pub const REPOSITORY_FILE: &str = "gonogo.toml";

/// A place where configuration is looked for, for `gonogo config path`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigPath {
    /// What it is.
    pub what: &'static str,
    /// Where.
    pub path: PathBuf,
    /// Whether there is something.
    pub exists: bool,
}

/// The settings in force for a repository (or for none) without flags.
#[must_use]
pub fn load(root: Option<&Path>) -> (Settings, Vec<Problem>) {
    load_with(root, UserLayer::default())
}

/// The settings in force with flags over them.
#[must_use]
pub fn load_with(root: Option<&Path>, flags: UserLayer) -> (Settings, Vec<Problem>) {
    let mut problems = Vec::new();
    let user = user_file().map_or_else(UserLayer::default, |path| {
        read(&path, ProblemSeverity::Warning, &mut problems).map_or_else(UserLayer::default, |text| {
            let (layer, found) = parse_user(&text, &path.to_string_lossy());
            problems.extend(found);
            layer
        })
    });
    let repository = root.map_or_else(PolicyLayer::default, |root| {
        let path = root.join(REPOSITORY_FILE);
        read(&path, ProblemSeverity::Error, &mut problems).map_or_else(PolicyLayer::default, |text| {
            let (layer, found) = parse_repository(&text, REPOSITORY_FILE);
            problems.extend(found);
            layer
        })
    });
    let variables = env::gonogo_vars();
    let (environment, found) = parse_environment(
        variables
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str())),
    );
    problems.extend(found);
    let settings = merge(Layers {
        user,
        repository,
        environment,
        flags,
    });
    (settings, problems)
}

/// Every place that is looked at, in the order in which the later one wins.
#[must_use]
pub fn paths(root: Option<&Path>) -> Vec<ConfigPath> {
    let mut found: Vec<ConfigPath> = folders()
        .into_iter()
        .map(|folder| ("your file", folder.join("config.toml")))
        .chain(theme_folder().map(|folder| ("your themes", folder)))
        .chain(root.map(|root| ("the repository's file", root.join(REPOSITORY_FILE))))
        .map(|(what, path)| ConfigPath {
            what,
            exists: path.exists(),
            path,
        })
        .collect();
    found.dedup();
    found
}

/// The text of a theme of the user by its name, with the file's path; `None` when there is none.
pub fn read_theme(name: &str, problems: &mut Vec<Problem>) -> Option<(String, String)> {
    let path = theme_folder()?.join(format!("{name}.toml"));
    let text = read(&path, ProblemSeverity::Warning, problems)?;
    Some((path.to_string_lossy().into_owned(), text))
}

/// The user's file: the first that exists, so that an older place keeps working.
fn user_file() -> Option<PathBuf> {
    folders()
        .into_iter()
        .map(|folder| folder.join("config.toml"))
        .find(|path| path.exists())
}

/// Where themes of the user lie: beside the user's file, or where that would be.
fn theme_folder() -> Option<PathBuf> {
    let all = folders();
    let used = all.iter().find(|folder| folder.join("config.toml").exists());
    let folder = used.or_else(|| all.first())?;
    Some(folder.join("themes"))
}

/// The folders for the user's configuration, first wins: `$XDG_CONFIG_HOME` on every system, `~/.config`, then
/// the platform's own.
fn folders() -> Vec<PathBuf> {
    let home = absolute("HOME").map(|home| home.join(".config"));
    let platform = directories::BaseDirs::new().map(|dirs| dirs.config_dir().to_owned());
    let mut found: Vec<PathBuf> = [absolute("XDG_CONFIG_HOME"), home, platform]
        .into_iter()
        .flatten()
        .map(|folder| folder.join("gonogo"))
        .collect();
    // An explicit XDG_CONFIG_HOME is a decision: what lies elsewhere is not looked at.
    if absolute("XDG_CONFIG_HOME").is_some() {
        found.truncate(1);
    }
    let mut seen = Vec::new();
    found.retain(|folder| {
        let new = !seen.contains(folder);
        seen.push(folder.clone());
        new
    });
    found
}

/// A folder from a variable; a relative one is ignored, as the XDG specification asks.
fn absolute(name: &str) -> Option<PathBuf> {
    env::var(name)
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
}

/// The text of a file, or `None` when there is none; anything else in its place is a problem.
fn read(path: &Path, severity: ProblemSeverity, problems: &mut Vec<Problem>) -> Option<String> {
    let mut tell = |what: String, hint: &str| {
        problems.push(Problem {
            severity,
            at: path.to_string_lossy().into(),
            what: format!("{what}; nothing of it is used").into(),
            hint: Some(hint.into()),
        });
        None
    };
    let about = match std::fs::metadata(path) {
        Ok(about) => about,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
        Err(error) => {
            return tell(
                format!("the file cannot be read ({error})"),
                "check its permissions",
            );
        }
    };
    // A pipe or a device would never end.
    if !about.is_file() {
        return tell(
            "this is not a regular file".to_owned(),
            "put a TOML file here, or nothing",
        );
    }
    if about.len() > LARGEST {
        return tell(
            format!("the file has {} bytes, at most {LARGEST} are read", about.len()),
            "a configuration has a few lines",
        );
    }
    let mut bytes = Vec::new();
    if let Err(error) = std::fs::File::open(path).and_then(|file| file.take(LARGEST).read_to_end(&mut bytes))
    {
        return tell(
            format!("the file cannot be read ({error})"),
            "check its permissions",
        );
    }
    match String::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) => {
            let line = error
                .as_bytes()
                .iter()
                .take(error.utf8_error().valid_up_to())
                .filter(|byte| **byte == b'\n')
                .count()
                + 1;
            tell(format!("line {line} is not UTF-8"), "save the file as UTF-8")
        }
    }
}
