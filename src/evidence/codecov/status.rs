//! One status of `codecov.yml`.

use super::patterns::Patterns;
use crate::model::target::parse_threshold;
use crate::model::{CoverageTarget, GateMode, Metric};
use crate::text::yaml::Node;

/// A status while it is read.
#[derive(Debug, Clone)]
pub(super) struct Status {
    pub paths: Patterns,
    pub except: Patterns,
    metric: Metric,
    target: Option<u32>,
    /// Why it cannot be judged from reports.
    unjudged: &'static str,
    mode: GateMode,
}

const EARLIER: &str = "is relative to an earlier commit (`auto`)";
const PATCH: &str = "is of changed lines only (`patch`)";

impl Status {
    /// A status that is only switched on.
    pub fn bare(kind: &'static str) -> Self {
        Self {
            paths: Patterns::default(),
            except: Patterns::default(),
            metric: Metric::Lines,
            target: None,
            unjudged: if kind == "patch" { PATCH } else { EARLIER },
            mode: GateMode::Advise,
        }
    }

    /// Reads a status without its paths and flags; `tell` hears of what was not understood.
    pub fn read(kind: &'static str, node: &Node, tell: &mut dyn FnMut(u32, &str)) -> Self {
        let mut status = Self::bare(kind);
        let is = |key: &str| node.get(key).and_then(Node::bool_of_yaml_1_1);
        let metric = match node.get("measurement").and_then(Node::str) {
            None | Some("line" | "statement") => Some(Metric::Lines),
            Some("branch") => Some(Metric::Branches),
            Some("method") => Some(Metric::Functions),
            Some(_) => None,
        };
        status.metric = metric.unwrap_or_default();
        let target = node.get("target").filter(|target| !target.is_null());
        if let Some(target) = target
            && kind != "patch"
            && target.str() != Some("auto")
        {
            match target.str().and_then(share) {
                Some(share) => {
                    status.target = Some(share);
                    status.unjudged = "";
                    status.mode = GateMode::Enforce;
                }
                None => {
                    tell(target.line, "the target is no share such as `80%` and no `auto`");
                    status.unjudged = "could not be read";
                    // A target was wanted, and nobody knows which: that holds.
                    status.mode = GateMode::Enforce;
                }
            }
        }
        if let (Some(target), Some(threshold)) = (
            status.target,
            node.get("threshold").filter(|node| !node.is_null()),
        ) {
            match threshold.str().and_then(share) {
                // There the coverage may be that much below.
                Some(threshold) => status.target = Some(target.saturating_sub(threshold)),
                None => tell(
                    threshold.line,
                    "the threshold is no share such as `1%`; none is used",
                ),
            }
        }
        if metric.is_none() {
            status.cannot("is of something else than lines, branches and functions");
        }
        if is("informational") == Some(true) && status.mode == GateMode::Enforce {
            status.mode = GateMode::Advise;
        }
        if is("enabled") == Some(false) {
            status.mode = GateMode::Off;
        }
        status
    }

    /// It cannot be judged, and why.
    pub fn cannot(&mut self, why: &'static str) {
        if self.target.take().is_some() {
            self.unjudged = why;
        }
        if self.mode == GateMode::Enforce {
            self.mode = GateMode::Advise;
        }
    }

    /// The target that it comes to; `None` when it is switched off.
    pub fn target(self, name: &str, source: String, ignore: &Patterns) -> Option<CoverageTarget> {
        if self.mode == GateMode::Off {
            return None;
        }
        let mut except = self.paths.without;
        except.extend(self.except.within);
        for glob in &ignore.within {
            if !except.contains(glob) {
                except.push(glob.clone());
            }
        }
        Some(CoverageTarget {
            id: name.into(),
            paths: self.paths.within,
            except,
            metric: self.metric,
            inclusive: true,
            target: self.target,
            unjudged: self.unjudged,
            mode: self.mode,
            source: source.into(),
        })
    }
}

/// `80`, `80%`, `80.5%` in ten thousandths of a percent.
fn share(text: &str) -> Option<u32> {
    let plain = text.trim();
    if !plain.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    parse_threshold(plain).map(|(_, share)| share)
}
