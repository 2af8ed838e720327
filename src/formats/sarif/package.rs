//! The package of a finding. SARIF has no field for it; scanners of dependencies write it into the message, each in
//! a sentence of its own. Without it the same vulnerability of two tools would be two.
//!
//! Only these sentences are understood, word for word; any other message names no package.

use crate::formats::found::{self, boxed};
use crate::model::FindingMore;

/// What the message says of a package, when it is one of the known sentences.
pub(super) fn of(message: &str, rule: &str) -> Option<FindingMore> {
    match message.as_bytes().first()? {
        b'P' => trivy(message).or_else(|| osv_scanner(message, rule)),
        b'A' => grype(message),
        b'T' => old_grype(message).or_else(|| snyk(message)),
        _ => None,
    }
}

/// `Package: lodash`, then a line each for the rest.
fn trivy(message: &str) -> Option<FindingMore> {
    let mut more = FindingMore::default();
    for line in message.lines().take(12) {
        let Some((name, value)) = line.split_once(": ") else {
            continue;
        };
        let value = value.trim();
        match name.trim() {
            "Package" => more.package = boxed(value),
            "Installed Version" => more.version = boxed(value),
            "Fixed Version" => more.fix = boxed(value),
            "Link" => {
                let address = value.rsplit_once("](").and_then(|(_, end)| end.strip_suffix(')'));
                more.link = address.and_then(boxed);
            }
            _ => {}
        }
    }
    (more.package.is_some() && more.version.is_some()).then_some(more)
}

/// `Package 'lodash@4.17.4' is vulnerable to 'CVE-1' (also known as 'GHSA-1', 'GHSA-2').`
fn osv_scanner(message: &str, rule: &str) -> Option<FindingMore> {
    let (package, rest) = message
        .strip_prefix("Package '")?
        .split_once("' is vulnerable to '")?;
    let (name, version) = package.rsplit_once('@').unwrap_or((package, ""));
    // Every other piece between quotes is a name.
    let names = rest
        .split('\'')
        .step_by(2)
        .filter(|name| !name.contains([' ', '.']));
    Some(FindingMore {
        package: boxed(name),
        version: boxed(version),
        aliases: found::aliases(rule, names),
        ..FindingMore::default()
    })
}

/// `A high vulnerability in npm package: lodash, version 4.17.4 was found at: /package-lock.json`
fn grype(message: &str) -> Option<FindingMore> {
    let (_, rest) = message.split_once(" vulnerability in ")?;
    let (_, rest) = rest.split_once(" package: ")?;
    let (name, rest) = rest.split_once(", version ")?;
    let (version, _) = rest.split_once(" was found at: ")?;
    Some(named(name, version))
}

/// `The path /package-lock.json reports lodash at version 4.17.4  which is a vulnerable (npm) package …`
fn old_grype(message: &str) -> Option<FindingMore> {
    let (path, rest) = message.strip_prefix("The path ")?.split_once(" reports ")?;
    let (name, rest) = rest.split_once(" at version ")?;
    let (version, _) = rest.split_once(" which ")?;
    (!path.is_empty()).then(|| named(name, version.trim()))
}

/// `This file introduces a vulnerable lodash package with a high severity vulnerability.`
fn snyk(message: &str) -> Option<FindingMore> {
    let rest = message.strip_prefix("This file introduces a vulnerable ")?;
    let (name, _) = rest.split_once(" package with a")?;
    Some(named(name, ""))
}

fn named(package: &str, version: &str) -> FindingMore {
    FindingMore {
        package: boxed(package),
        version: boxed(version),
        ..FindingMore::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_found_in_the_sentences_of_scanners() {
        let samples = [
            "Package: left-pad\nInstalled Version: 1.2.0\nVulnerability CVE-2031-1\nSeverity: HIGH\nFixed Version: 1.3.0\nLink: [CVE-2031-1](https://example.org/CVE-2031-1)",
            "Package 'left-pad@1.2.0' is vulnerable to 'CVE-2031-1' (also known as 'GHSA-aaaa-bbbb-cccc').",
            "A high vulnerability in npm package: left-pad, version 1.2.0 was found at: /package-lock.json",
            "The path /package-lock.json reports left-pad at version 1.2.0  which is a vulnerable (npm) package installed in the container",
        ];
        let all: Vec<_> = samples
            .map(|text| of(text, "CVE-2031-1"))
            .into_iter()
            .flatten()
            .collect();
        assert_eq!(all.len(), samples.len());
        for more in &all {
            let said = (more.package.as_deref(), more.version.as_deref());
            assert_eq!(said, (Some("left-pad"), Some("1.2.0")));
        }
        assert_eq!(all[0].fix.as_deref(), Some("1.3.0"));
        assert_eq!(all[0].link.as_deref(), Some("https://example.org/CVE-2031-1"));
        assert_eq!(all[1].aliases, ["GHSA-aaaa-bbbb-cccc".into()]);
        let scoped = of("Package '@a/b@2.0.0' is vulnerable to 'GHSA-a'.", "GHSA-a");
        assert_eq!(scoped.and_then(|more| more.package).as_deref(), Some("@a/b"));
    }

    #[test]
    fn other_messages_name_no_package() {
        for text in [
            "",
            "Package",
            "Package: x",
            "A variable in package: y",
            "The path is wrong",
            "This file is long",
        ] {
            assert_eq!(of(text, ""), None, "{text}");
        }
    }
}
