//! Package URLs, as far as waivers need them: `pkg:npm/%40scope/name@1.2.3`.

use crate::model::FindingMore;

/// A package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purl {
    /// `npm`, `pypi`, …; empty when it was named without one.
    pub kind: Box<str>,
    /// In lower case, with its namespace (`@scope/name`, `group/artifact`).
    pub name: Box<str>,
    /// One version only.
    pub version: Option<Box<str>>,
}

impl Purl {
    /// A package without a kind.
    pub fn named(name: &str, version: Option<&str>) -> Self {
        Self {
            kind: "".into(),
            name: name.to_lowercase().into(),
            version: version.map(Into::into),
        }
    }

    /// Reads a package URL; `None` when it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.trim().strip_prefix("pkg:")?.trim_start_matches('/');
        let rest = rest.split(['?', '#']).next()?;
        let (kind, rest) = rest.split_once('/')?;
        // A scope may be written as `@scope`; a version's `@` stands behind the last slash.
        let last = rest.rfind('/').map_or(0, |slash| slash + 1);
        let version_at = rest
            .get(last..)?
            .rfind('@')
            .map(|at| at + last)
            .filter(|at| *at > last);
        let (name, version) = match version_at {
            Some(at) => (rest.get(..at)?, rest.get(at + 1..)),
            None => (rest, None),
        };
        let name = decode(name.trim_matches('/')).to_lowercase();
        (!name.is_empty() && !kind.is_empty()).then(|| Self {
            kind: kind.to_lowercase().into(),
            name: name.into(),
            version: version
                .map(decode)
                .filter(|version| !version.is_empty())
                .map(Into::into),
        })
    }

    /// Whether it names a whole product, an image or a repository, rather than a package that tools list.
    pub fn is_product(&self) -> bool {
        matches!(
            &*self.kind,
            "oci" | "docker" | "github" | "gitlab" | "bitbucket" | "generic"
        )
    }

    /// The last part of its name.
    pub fn short_name(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or(&self.name)
    }

    /// Whether a finding is about it. A version that the finding does not tell cannot be compared, so it does not fit.
    pub fn fits(&self, more: &FindingMore) -> bool {
        let Some(package) = more.package.as_deref().map(str::to_lowercase) else {
            return false;
        };
        self.is_called(package.trim())
            && self.version.as_deref().is_none_or(|wanted| {
                let bare = |version: &str| version.trim().trim_start_matches(['v', '=']).to_owned();
                more.version
                    .as_deref()
                    .is_some_and(|version| bare(version) == bare(wanted))
            })
    }

    /// Tools write a namespace in their own ways: `group:artifact`, `@scope/name`; distributions leave theirs out.
    fn is_called(&self, package: &str) -> bool {
        if package == &*self.name || package.replace(':', "/") == *self.name {
            return true;
        }
        if matches!(&*self.kind, "deb" | "rpm" | "apk" | "alpm") {
            return package == self.short_name();
        }
        let plain = |name: &str| name.replace(['_', '.'], "-");
        &*self.kind == "pypi" && plain(package) == plain(&self.name)
    }
}

fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let hex = (byte == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match hex {
            Some(decoded) => {
                out.push(decoded);
                at += 3;
            }
            None => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn more(package: &str, version: Option<&str>) -> FindingMore {
        FindingMore {
            package: Some(package.into()),
            version: version.map(Into::into),
            ..FindingMore::default()
        }
    }

    #[test]
    fn a_package_url_fits_the_package_in_the_words_of_its_tools() {
        for (purl, package, version, fits) in [
            ("pkg:npm/lodash@4.17.20", "lodash", Some("4.17.20"), true),
            ("pkg:npm/lodash@4.17.20", "lodash", Some("4.17.21"), false),
            ("pkg:npm/lodash@4.17.20", "lodash", None, false),
            ("pkg:npm/lodash", "Lodash", None, true),
            ("pkg:npm/%40babel/core@7.0.0", "@babel/core", Some("7.0.0"), true),
            ("pkg:npm/@babel/core", "@babel/core", Some("7.0.0"), true),
            ("pkg:npm/%40babel/core", "core", None, false),
            ("pkg:maven/org.x/y@1?type=jar", "org.x:y", Some("1"), true),
            ("pkg:maven/org.x/y@1", "y", Some("1"), false),
            (
                "pkg:golang/github.com/a/b@v1.2.0",
                "github.com/a/b",
                Some("1.2.0"),
                true,
            ),
            (
                "pkg:deb/debian/openssl@3.0?arch=amd64",
                "openssl",
                Some("3.0"),
                true,
            ),
            ("pkg:pypi/my_pkg", "my-pkg", None, true),
            ("pkg:npm/my_pkg", "my-pkg", None, false),
        ] {
            let parsed = Purl::parse(purl).unwrap();
            assert_eq!(
                parsed.fits(&more(package, version)),
                fits,
                "{purl} on {package} {version:?}"
            );
        }
        for none in [
            "",
            "lodash",
            "pkg:",
            "pkg:npm",
            "pkg:npm/",
            "pkg:/x",
            "pkg:npm/?x",
            "https://x/y",
        ] {
            assert_eq!(Purl::parse(none), None, "{none}");
        }
        assert_eq!(&*Purl::parse("pkg:npm/a%2").unwrap().name, "a%2");
        assert!(!Purl::named("x", None).fits(&FindingMore::default()));
    }
}
