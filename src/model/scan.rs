//! Scan results: what a security or quality tool found.

use super::Problem;

/// What one scan file says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScanReport {
    /// The tool's name as it calls itself.
    pub tool: Box<str>,
    /// The file says that the tool really ran; zero findings prove nothing without it.
    pub ran: bool,
    /// When the tool says that it ran, as written.
    pub produced_at: Option<Box<str>>,
    /// The commit that the file itself names.
    pub commit: Option<Box<str>>,
    /// Findings that count, as the producing tool counts them.
    pub findings: Vec<Finding>,
    /// The tool's own fingerprints of `findings`, where the format has one for each of very many (SARIF); else they stand
    /// in [`FindingMore`].
    pub fingerprints: Fingerprints,
    /// What the file says of its rules once for all their findings (SARIF), ascending by id; only rules that have findings.
    pub rules: Vec<RuleText>,
    /// Findings that were suppressed or are fixed, left out of `findings`.
    pub suppressed: u32,
    /// What was left out.
    pub problems: Vec<Problem>,
}

impl ScanReport {
    /// The tool's own fingerprint of a finding, by its place.
    #[must_use]
    pub fn fingerprint(&self, finding: usize) -> Option<&str> {
        let more = self
            .findings
            .get(finding)
            .and_then(|finding| finding.more.as_ref());
        let own = more.and_then(|more| more.fingerprint.as_deref());
        own.or_else(|| self.fingerprints.get(finding))
    }

    /// What the file says of the rule of this name, or of the name before its last `/`.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<&RuleText> {
        let find = |id: &str| {
            let at = self.rules.binary_search_by(|rule| (*rule.id).cmp(id)).ok()?;
            self.rules.get(at)
        };
        find(id).or_else(|| find(id.rsplit_once('/')?.0))
    }

    /// Where to read more about a finding, by its place: its own link, else its rule's.
    #[must_use]
    pub fn link(&self, finding: usize) -> Option<&str> {
        let finding = self.findings.get(finding)?;
        let own = finding.more.as_ref().and_then(|more| more.link.as_deref());
        own.or_else(|| self.rule(&finding.rule)?.link.as_deref())
    }
}

/// What a tool says of one of its rules.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RuleText {
    /// As findings name it.
    pub id: Box<str>,
    /// One sentence; empty when the tool says none.
    pub title: Box<str>,
    /// Where to read more.
    pub link: Option<Box<str>>,
}

/// Short texts by the place of their finding, all in one allocation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fingerprints {
    text: String,
    /// Where the text of each finding ends.
    ends: Vec<u32>,
}

impl Fingerprints {
    /// Longer ones are no fingerprints.
    const LONGEST: usize = 512;

    /// Sets the fingerprint of a finding; places are given in rising order, those left out have none.
    pub fn set(&mut self, finding: usize, text: &str) {
        let end = self.text.len().saturating_add(text.len());
        let fits = text.len() <= Self::LONGEST && u32::try_from(end).is_ok();
        if text.is_empty() || !fits || finding < self.ends.len() {
            return;
        }
        let before = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        self.ends.resize(finding, before);
        self.text.push_str(text);
        self.ends.push(u32::try_from(end).unwrap_or(u32::MAX));
    }

    /// The fingerprint of a finding.
    #[must_use]
    pub fn get(&self, finding: usize) -> Option<&str> {
        let end = *self.ends.get(finding)? as usize;
        let start = match finding.checked_sub(1) {
            Some(before) => *self.ends.get(before)? as usize,
            None => 0,
        };
        self.text.get(start..end).filter(|text| !text.is_empty())
    }

    /// Gives back memory that is not needed any more.
    pub fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Finding {
    /// Rule, check, advisory or CVE id.
    pub rule: Box<str>,
    /// In the contract's words.
    pub severity: FindingSeverity,
    /// One sentence.
    pub message: Box<str>,
    /// File as written, or image target, or URL.
    pub path: Option<Box<str>>,
    /// 1-based line.
    pub line: Option<u32>,
    /// What few findings have.
    pub more: Option<Box<FindingMore>>,
}

/// Rarely present properties of a finding.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FindingMore {
    /// Package name.
    pub package: Option<Box<str>>,
    /// Installed version.
    pub version: Option<Box<str>>,
    /// Version that fixes it.
    pub fix: Option<Box<str>>,
    /// Other names of the same advisory (CVE, GHSA …).
    pub aliases: Vec<Box<str>>,
    /// Where to read more.
    pub link: Option<Box<str>>,
    /// The tool's own fingerprint.
    pub fingerprint: Option<Box<str>>,
}

/// Severity words of the contract, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum FindingSeverity {
    /// Critical.
    Critical,
    /// High.
    High,
    /// Medium, moderate.
    Medium,
    /// Low.
    Low,
    /// Info, informational, note.
    Info,
    /// The tool does not say.
    #[default]
    Unknown,
}

impl FindingSeverity {
    /// Every severity, worst first.
    pub const ALL: [Self; 6] = [
        Self::Critical,
        Self::High,
        Self::Medium,
        Self::Low,
        Self::Info,
        Self::Unknown,
    ];

    /// The word of the JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
            Self::Info => "info",
            Self::Unknown => "unknown",
        }
    }

    /// The severity of a tool's word, in any case; levels such as `error` or `warning` are no severity.
    #[must_use]
    pub fn parse(word: &str) -> Self {
        match word.trim().to_ascii_lowercase().as_str() {
            "critical" => Self::Critical,
            "high" => Self::High,
            "medium" | "moderate" => Self::Medium,
            "low" => Self::Low,
            "info" | "informational" | "information" | "negligible" | "note" | "none" => Self::Info,
            _ => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_are_found_by_the_place_of_their_finding() {
        let mut all = Fingerprints::default();
        for (finding, text) in [(0, "a"), (2, "bcd"), (2, "again"), (4, ""), (5, "é")] {
            all.set(finding, text);
        }
        all.set(6, &"x".repeat(1000));
        all.shrink();
        let got: Vec<_> = (0..8).map(|finding| all.get(finding)).collect();
        assert_eq!(
            got,
            [Some("a"), None, Some("bcd"), None, None, Some("é"), None, None]
        );
    }
}
