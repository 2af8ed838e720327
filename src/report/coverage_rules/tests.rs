//! What is read as a demand for coverage, and what is not.

use std::sync::Arc;

use crate::model::RepoPath;
use crate::model::target::threshold_words;
use crate::report::{ReadAs, parse_report};

/// `>95% lines src/auth/*` of each demand, with its line.
fn demands(text: &str) -> Vec<String> {
    let path = RepoPath::new("READY.md").unwrap();
    let how = ReadAs {
        counts: Some(true),
        truncated: None,
    };
    let report = parse_report(path, Arc::from(text.as_bytes()), how);
    report
        .targets
        .iter()
        .map(|found| {
            let target = &found.target;
            let wanted = match target.target {
                Some(wanted) => threshold_words(wanted),
                None => format!("({})", target.unjudged),
            };
            let sign = if target.inclusive { ">=" } else { ">" };
            let line = target.source.rsplit(':').next().unwrap_or_default();
            format!(
                "{line}: {sign}{wanted} {} {}",
                target.metric.word(),
                target.paths.join(",")
            )
        })
        .collect()
}

#[test]
fn demands_are_read_with_their_files_and_how_strict_they_are() {
    for (text, wanted) in [
        ("Coverage must be at least 80%.", &["1: >=80% lines "][..]),
        (
            "Test coverage must be above 80 % before release.",
            &["1: >80% lines "],
        ),
        (
            "Line coverage of 85% is required for release.",
            &["1: >=85% lines "],
        ),
        ("Minimum coverage: 75.5%", &["1: >=75.5% lines "]),
        (
            "The build fails if coverage drops below 90%.",
            &["1: >=90% lines "],
        ),
        (
            "Branch coverage must not fall below 70%.",
            &["1: >=70% branches "],
        ),
        ("- Gate: 90% branches on core", &["1: >=90% branches **/core/**"]),
        (
            "Coverage gate: > 95 % for `src/auth/*`",
            &["1: >95% lines src/auth/*"],
        ),
        (
            "Coverage gate: >95% for src/auth/* and src/pay/**",
            &["1: >95% lines src/auth/*", "1: >95% lines src/pay/**"],
        ),
        (
            "We enforce 100% coverage of `lib/money.rs`.",
            &["1: >=100% lines lib/money.rs"],
        ),
        (
            "Coverage of at least 80% is required for critical paths.",
            &["1: >=(is of files that its words do not name) lines "],
        ),
        (
            "New code must have at least 90% coverage.",
            &["1: >=(is of changed lines only) lines "],
        ),
        ("Coverage must be 80%+ for all code.", &["1: >=80% lines "]),
    ] {
        let text = format!("{text}\n\n- [ ] open\n");
        assert_eq!(demands(&text), wanted, "{text}");
    }
    let list = "\
# Release readiness

- **Gating**: Enforces >95% coverage for:
  - `src/auth/*` (sign-in)
  - `src/pay/*`
  - `src/services/Orders.js`
- **Build**: `dist/app.js`
";
    assert_eq!(
        demands(list),
        [
            "3: >95% lines src/auth/*",
            "3: >95% lines src/pay/*",
            "3: >95% lines src/services/Orders.js"
        ]
    );
}

#[test]
fn plans_advice_figures_and_items_are_no_demands() {
    for text in [
        "Coverage is 85%.",
        "Coverage: 85% (gate passed)",
        "Coverage should be at least 80%.",
        "We recommend a minimum coverage of 80%.",
        "Target: coverage must reach 80%",
        "Coverage was required to be 80%.",
        "Coverage rose from 70% to 85%, as required.",
        "Coverage must be between 70-80%.",
        "- [ ] Coverage must be at least 80%",
        "- [x] Coverage gate of 80% enforced for `src/*`",
        "✅ Automated delivery with >95% coverage gate enforcement",
        "Automated quality gates (95% coverage enforcement)",
        "Watch for coverage drops below 95% and block",
        "Must the coverage be at least 80%?",
        "```\ncoverage must be at least 80%\n```",
        "## Recommendations\n\nCoverage must be at least 80%.",
        "## Next steps\n\nCoverage must be at least 80%.",
        "## Post-launch\n\nCoverage must be at least 80%.",
        "## Before the fixes\n\nCoverage must be at least 80%.",
        "The disk must be at least 80% free.",
        "Downtime must be at most 1% with coverage by support.",
        "Coverage must not be disabled.",
    ] {
        let text = format!("{text}\n\n- [ ] open\n");
        assert_eq!(demands(&text), Vec::<String>::new(), "{text}");
    }
}
