//! The environment and the folders that it names.

use std::path::{Path, PathBuf};

/// A variable; `None` when unset, empty or not UTF-8.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is where the environment is read")]
pub fn var(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Every `GONOGO_*` variable, for the settings layer.
#[must_use]
pub fn gonogo_vars() -> Vec<(String, String)> {
    let all = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let mut own: Vec<_> = all.filter(|(name, _)| name.starts_with("GONOGO_")).collect();
    own.sort();
    own
}

/// Where logs go: `$XDG_STATE_HOME/gonogo` on every system, the system's own place otherwise.
#[must_use]
pub fn state_dir() -> Option<PathBuf> {
    folder("XDG_STATE_HOME", |own| {
        own.state_dir()
            .unwrap_or_else(|| own.data_local_dir())
            .to_path_buf()
    })
}

/// Where the user's settings lie: `$XDG_CONFIG_HOME/gonogo` on every system, the system's own place otherwise.
#[must_use]
pub fn config_dir() -> Option<PathBuf> {
    folder("XDG_CONFIG_HOME", |own| own.config_dir().to_path_buf())
}

/// Where deletable copies lie: `$XDG_CACHE_HOME/gonogo` on every system, the system's own place otherwise.
#[must_use]
pub fn cache_dir() -> Option<PathBuf> {
    folder("XDG_CACHE_HOME", |own| own.cache_dir().to_path_buf())
}

/// A relative value of an XDG variable is invalid by its specification and ignored.
fn folder(variable: &str, own: impl FnOnce(&directories::ProjectDirs) -> PathBuf) -> Option<PathBuf> {
    if let Some(base) = var(variable).filter(|base| Path::new(base).is_absolute()) {
        return Some(Path::new(&base).join("gonogo"));
    }
    directories::ProjectDirs::from("", "", "gonogo").as_ref().map(own)
}
