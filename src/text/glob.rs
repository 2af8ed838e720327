//! Globs over paths of the repository: `src/auth/*` means the files right there, `**` any depth, a plain name of a
//! folder everything below it. `/` stands between the parts; case counts. Where other tools' files have regular
//! expressions, these are taken with [`REGEX`] before them.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use regex::{RegexSet, RegexSetBuilder};

/// Several globs, compiled. A path fits when one of them does; none fits nothing.
#[derive(Debug, Clone, Default)]
pub struct Globs {
    set: GlobSet,
    regexes: RegexSet,
}

/// A glob that is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadGlob {
    /// As written, cut when it is long.
    pub glob: String,
    /// One clause: what is wrong.
    pub why: String,
}

/// What stands before a regular expression.
pub const REGEX: &str = "re:";

/// A compiled list of regular expressions larger than this is refused.
const REGEX_SIZE: usize = 1 << 20;
/// A longer glob is a mistake.
const LONGEST: usize = 1024;
/// More globs of one list are a mistake.
const MOST: usize = 1024;

impl Globs {
    /// Compiles globs.
    ///
    /// # Errors
    /// The first that is no glob, or that can fit no path of a repository.
    pub fn new<'a>(globs: impl IntoIterator<Item = &'a str>) -> Result<Self, BadGlob> {
        let mut builder = GlobSetBuilder::new();
        let mut written = Vec::new();
        for (at, glob) in globs.into_iter().enumerate() {
            if at >= MOST {
                return Err(bad(glob, &format!("a list holds at most {MOST} globs")));
            }
            if let Some(regex) = glob.strip_prefix(REGEX) {
                if regex.len() > LONGEST {
                    return Err(bad(regex, "it is too long"));
                }
                written.push(regex);
                continue;
            }
            for form in forms(glob)? {
                let compiled = GlobBuilder::new(&form)
                    .literal_separator(true)
                    .empty_alternates(true)
                    .build()
                    .map_err(|error| bad(glob, &error.kind().to_string()))?;
                builder.add(compiled);
            }
        }
        let set = builder
            .build()
            .map_err(|error| bad(error.glob().unwrap_or_default(), &error.kind().to_string()))?;
        let regexes = RegexSetBuilder::new(&written)
            .size_limit(REGEX_SIZE)
            .build()
            .map_err(|error| {
                let why = match &error {
                    regex::Error::CompiledTooBig(_) => "it is too large a regular expression",
                    _ => "it is no regular expression that can be used here",
                };
                bad(written.first().copied().unwrap_or_default(), why)
            })?;
        Ok(Self { set, regexes })
    }

    /// Whether one of them fits.
    #[must_use]
    pub fn fit(&self, path: &str) -> bool {
        self.set.is_match(path) || (!self.regexes.is_empty() && self.regexes.is_match(path))
    }
}

/// Whether a text has a character with a meaning in globs.
#[must_use]
pub fn is_wild(text: &str) -> bool {
    text.contains(['*', '?', '[', '{'])
}

/// What a glob means, spelled out.
fn forms(written: &str) -> Result<Vec<String>, BadGlob> {
    let glob = written.trim();
    if glob.len() > LONGEST {
        return Err(bad(glob, "it is too long"));
    }
    let glob = glob.strip_prefix("./").unwrap_or(glob);
    let (anchored, glob) = match glob.strip_prefix('/') {
        Some(rest) => (true, rest),
        None => (false, glob),
    };
    let plain = glob.trim_end_matches('/');
    if plain.is_empty() {
        // `.`, `./` and `/` are the whole repository.
        let whole = matches!(written.trim(), "./" | "/");
        return if whole {
            Ok(vec!["**".to_owned()])
        } else {
            Err(bad(written, "it is empty"))
        };
    }
    if plain == "." {
        return Ok(vec!["**".to_owned()]);
    }
    if plain.split('/').any(|part| part == "..") {
        return Err(bad(written, "it leaves the repository"));
    }
    Ok(if !is_wild(plain) {
        // A name is a file or a folder; a folder means everything below it.
        vec![plain.to_owned(), format!("{plain}/**")]
    } else if plain.len() < glob.len() {
        vec![format!("{plain}/**")]
    } else if !anchored && !plain.contains('/') && !plain.starts_with("**") && plain != "*" {
        // `*.rs` is a kind of file, wherever it lies.
        vec![format!("**/{plain}")]
    } else {
        vec![plain.to_owned()]
    })
}

fn bad(glob: &str, why: &str) -> BadGlob {
    // The kind of an error may repeat the whole pattern.
    let short = |text: &str| match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    };
    BadGlob {
        glob: short(glob),
        why: short(why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stays_in_its_folder_and_a_plain_folder_means_everything_below() {
        for (glob, path, fits) in [
            ("src/auth/*", "src/auth/a.rs", true),
            ("src/auth/*", "src/auth/deep/a.rs", false),
            ("src/auth/**", "src/auth/deep/a.rs", true),
            ("src/auth/**", "src/author.rs", false),
            ("src/**/a.rs", "src/a.rs", true),
            ("src/auth", "src/auth/deep/a.rs", true),
            ("src/auth", "src/authors/a.rs", false),
            ("src/auth/", "src/auth/a.rs", true),
            ("src/a.rs", "src/a.rs", true),
            ("./src", "src/a.rs", true),
            ("/src", "src/a.rs", true),
            ("src", "packages/x/src/a.rs", false),
            ("*.rs", "a.rs", true),
            ("*.rs", "src/deep/a.rs", true),
            ("/*.rs", "src/a.rs", false),
            ("*", "a.rs", true),
            ("*", "src/a.rs", false),
            ("**", "src/a.rs", true),
            (".", "src/a.rs", true),
            ("/", "src/a.rs", true),
            ("src/{a,b}/*.ts", "src/b/x.ts", true),
            ("src/[ab].ts", "src/c.ts", false),
            ("packages/*/", "packages/x/src/a.ts", true),
            ("SRC/*", "src/a.rs", false),
            ("re:^src/.*[.]ts$", "src/deep/a.ts", true),
            ("re:^src/.*[.]ts$", "src/deep/a.tsx", false),
        ] {
            let globs = Globs::new([glob]).unwrap();
            assert_eq!(globs.fit(path), fits, "{glob} on {path}");
        }
        assert!(!Globs::new([]).unwrap().fit("a.rs"));
        assert!(!Globs::default().fit("a.rs"));
    }

    #[test]
    fn what_can_fit_nothing_is_told() {
        let long = "x".repeat(5_000);
        for glob in [
            "",
            "  ",
            "../x",
            "src/../../x",
            "src/[a",
            "a{b",
            "re:(",
            "re:(?=x)",
            "re:(a{900}){900}",
            long.as_str(),
        ] {
            let error = Globs::new([glob]).unwrap_err();
            assert!(!error.why.is_empty() && error.glob.len() < 300, "{glob}");
        }
        assert!(Globs::new(std::iter::repeat_n("a", 2_000)).is_err());
    }
}
