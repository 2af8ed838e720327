//! Codecov's path patterns as globs of ours. It takes a pattern for a prefix, a glob or a regular expression by its
//! characters; so does this.

use crate::text::glob::{Globs, REGEX};

/// Patterns of one list: what is in, and what a leading `!` takes out again.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Patterns {
    pub within: Vec<Box<str>>,
    pub without: Vec<Box<str>>,
}

impl Patterns {
    pub fn is_empty(&self) -> bool {
        self.within.is_empty() && self.without.is_empty()
    }

    pub fn extend(&mut self, more: &Self) {
        self.within.extend(more.within.iter().cloned());
        self.without.extend(more.without.iter().cloned());
    }

    /// Adds a pattern, or says in one clause why it is none.
    pub fn take(&mut self, pattern: &str) -> Result<(), String> {
        let (negative, pattern) = match pattern.trim().strip_prefix('!') {
            Some(rest) => (true, rest.trim_start_matches('!')),
            None => (false, pattern.trim()),
        };
        let globs = globs(pattern);
        Globs::new(globs.iter().map(|glob| &**glob))
            .map_err(|bad| format!("the path `{}` is not understood: {}", bad.glob, bad.why))?;
        let list = if negative {
            &mut self.without
        } else {
            &mut self.within
        };
        list.extend(globs);
        Ok(())
    }
}

/// One pattern as globs.
fn globs(pattern: &str) -> Vec<Box<str>> {
    let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
    let pattern = pattern.strip_prefix('/').unwrap_or(pattern);
    let is_regex = !pattern.contains("**")
        && !pattern.contains("/*")
        && (pattern.contains(".*")
            || pattern.contains("]*")
            || pattern.contains(['$', '^', '\\', '+', '|', '(']));
    if is_regex {
        // It has to fit from the beginning of the path, not to its end.
        return vec![format!("{REGEX}^(?:{pattern})").into()];
    }
    if !pattern.contains(['*', '[', '?']) {
        return vec![pattern.into()];
    }
    let glob = pattern.strip_suffix('$').unwrap_or(pattern);
    let spelled = spell_out(glob);
    // A glob without `/` speaks of the top folder there, of any folder here.
    let anchored = if spelled.contains('/') {
        spelled
    } else {
        format!("/{spelled}")
    };
    if glob.ends_with('*') {
        vec![anchored.into()]
    } else {
        // What does not end in a star may go on.
        vec![anchored.as_str().into(), format!("{anchored}/**").into()]
    }
}

/// There `**` is any text; here it is that only between slashes.
fn spell_out(glob: &str) -> String {
    let mut out = String::with_capacity(glob.len() + 8);
    let mut rest = glob;
    while let Some(at) = rest.find("**") {
        let (before, after) = rest.split_at(at);
        let after = after.trim_start_matches('*');
        out.push_str(before);
        if !out.is_empty() && !out.ends_with('/') {
            out.push_str("*/");
        }
        out.push_str("**");
        if !after.is_empty() && !after.starts_with('/') {
            out.push_str("/*");
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_globs_and_regular_expressions_fit_what_they_fit_there() {
        for (pattern, path, fits) in [
            ("src/auth", "src/auth/a.py", true),
            ("src/auth/", "src/auth/deep/a.py", true),
            ("./src", "src/a.py", true),
            ("/src", "src/a.py", true),
            ("project2", "src/project2/a.py", false),
            ("setup.py", "setup.py", true),
            ("folder/*", "folder/a.py", true),
            ("folder/*", "folder/deep/a.py", false),
            ("folder/**/*", "folder/deep/a.py", true),
            ("**/*.pb.go", "api/v1/x.pb.go", true),
            ("src/**.py", "src/deep/a.py", true),
            ("**.py", "src/deep/a.py", true),
            ("*.md", "a.md", true),
            ("*.md", "docs/a.md", false),
            ("*/tests", "pkg/tests/a.py", true),
            ("*/tests/*", "pkg/tests/a.py", true),
            ("test_.*.rb", "test_models/a.rb", true),
            ("test_.*.rb", "lib/test_a.rb", false),
            (".*/generated/.*", "a/b/generated/x.ts", true),
            ("^src/.*\\.ts$", "src/a/b.ts", true),
            ("^src/.*\\.ts$", "src/a/b.tsx", false),
            ("src/(a|b)/.*", "src/b/x", true),
        ] {
            let mut patterns = Patterns::default();
            patterns.take(pattern).unwrap();
            let globs = Globs::new(patterns.within.iter().map(|glob| &**glob)).unwrap();
            assert_eq!(
                globs.fit(path),
                fits,
                "{pattern} on {path}: {:?}",
                patterns.within
            );
        }
    }

    #[test]
    fn a_bang_takes_out_and_what_cannot_be_read_is_told() {
        let mut patterns = Patterns::default();
        patterns.take("!src/gen/").unwrap();
        assert_eq!((patterns.within.len(), patterns.without.len()), (0, 1));
        for hostile in ["", "!", "(?=x).*", "((((.*", "../x", "[.*"] {
            assert!(patterns.take(hostile).is_err(), "{hostile}");
        }
        assert!(patterns.take(&format!("{}.*", "(a{1000})".repeat(50))).is_err());
    }
}
