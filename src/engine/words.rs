//! Reasons and gates in words: one sentence each, made on demand.

use super::assessment::{Assessment, ReasonText};
use crate::model::{
    Binding, Collection, Derived, EvidenceKind, Freshness, GateResult, Gathered, Item, Outcome, Reason,
    ReasonKind, Repository, Status,
};
use crate::verdict::{EvidenceGate, ItemState};

/// The verdict of this version reads no CI; when one does, this remark goes.
const NOT_YET: &str = " (GitHub was not asked)";

impl Assessment {
    /// A reason in words.
    #[must_use]
    pub fn explain(&self, reason: &Reason) -> ReasonText {
        self.in_words(reason).unwrap_or_else(|| ReasonText {
            kind: "gate",
            id: String::new(),
            message: "the reason is gone with a document that changed".to_owned(),
            source: String::new(),
        })
    }

    fn in_words(&self, reason: &Reason) -> Option<ReasonText> {
        let document = |index: u32| self.documents.get(index as usize);
        Some(match reason.kind {
            ReasonKind::Item(d, i) => {
                let (document, item, state) = self.item(d, i)?;
                ReasonText {
                    kind: "item",
                    id: item.uid.to_string(),
                    message: item_sentence(item, state),
                    source: format!("{}:{}", document.report.path, item.line),
                }
            }
            ReasonKind::Gate(index) => {
                let gate = self.gates.get(index as usize)?;
                ReasonText {
                    kind: kind_of_gate(&gate.id),
                    id: gate.id.clone(),
                    message: gate.message.clone(),
                    source: gate.source.clone(),
                }
            }
            ReasonKind::Contradiction(d, i) => {
                let report = &document(d)?.report;
                let found = report.contradictions.get(i as usize)?;
                let line = found.lines.first().copied().unwrap_or(1);
                let source = format!("{}:{line}", report.path);
                ReasonText {
                    kind: "claim",
                    id: source.clone(),
                    message: match &found.other {
                        Some(_) => format!("another document contradicts it: {}", found.message),
                        None => format!("the document contradicts itself: {}", found.message),
                    },
                    source,
                }
            }
            ReasonKind::Claim(d, i) => {
                let document = document(d)?;
                let report = &document.report;
                let claim = document.claims.get(i as usize)?;
                let source = format!("{}:{}", report.path, claim.line);
                ReasonText {
                    kind: "claim",
                    id: source.clone(),
                    message: format!("“{}” is refuted: {}", claim.text, claim.reason),
                    source,
                }
            }
            ReasonKind::Declared(d, i) => {
                let report = &document(d)?.report;
                let declared = report.declared_verdicts.get(i as usize)?;
                let source = format!("{}:{}", report.path, declared.line);
                ReasonText {
                    kind: "claim",
                    id: source.clone(),
                    message: format!(
                        "the document itself says {} for {}: “{}”",
                        declared.verdict.word().to_ascii_uppercase().replace('_', "-"),
                        declared.stage.word(),
                        declared.text
                    ),
                    source,
                }
            }
            ReasonKind::Problem(index) => {
                let problem = self.problems.get(index as usize)?;
                ReasonText {
                    kind: "gate",
                    id: "problem".to_owned(),
                    message: problem.what.to_string(),
                    source: problem.at.to_string(),
                }
            }
            ReasonKind::Nothing => ReasonText {
                kind: "gate",
                id: format!("items:{}", self.stage.word()),
                message: self.nothing(),
                source: String::new(),
            },
        })
    }

    /// Why there is nothing to judge, and how to begin.
    fn nothing(&self) -> String {
        let stage = self.stage.word();
        if self.counts.documents == 0 {
            let Repository { files, markdown, .. } = self.repository;
            let looked_at = match markdown {
                0 => format!("there is no Markdown file among {}", counted(files, "file")),
                1 => "the one Markdown file is no readiness report".to_owned(),
                _ => format!("none of {markdown} Markdown files is a readiness report"),
            };
            return format!("nothing to judge: {looked_at}; `gonogo init` begins one");
        }
        let documents = counted(self.counts.documents, "report");
        if self.counts.items == 0 {
            format!("nothing to judge: no item was found in {documents}")
        } else {
            let items = counted(self.counts.items, "item");
            format!("nothing to judge: none of {items} in {documents} is required for {stage}")
        }
    }
}

/// One sentence on where an item stands.
fn item_sentence(item: &Item, state: ItemState) -> String {
    let name = match &item.id {
        Some(id) => format!("`{id}` {}", item.title),
        None => item.title.to_string(),
    };
    let stands = match state.derived {
        Derived::Open => "is open",
        Derived::InProgress => "is in progress, not done",
        Derived::Blocked => "is blocked",
        Derived::Deferred => "is deferred, not done",
        Derived::Conflicted => {
            return format!("{name}: its markers disagree ({})", votes(item));
        }
        Derived::Unproven if item.declared == Status::Verified => {
            "is declared verified, and nothing that was checked shows it"
        }
        Derived::Unproven => "is declared done, and nothing that was checked shows it",
        Derived::Unmarked => "has no marker that says whether it is done",
        Derived::Waived => "is waived, not passed",
        Derived::WaiverExpired => {
            return format!("{name}: its waiver has ended and it is {}", item.declared.word());
        }
        Derived::Refuted => "is declared done, and a claim of it is refuted",
        Derived::Stale => "is declared done on evidence that has aged",
        Derived::Vacuous => "is declared done on an empty set",
        Derived::LooksDone => "is open, and all its claims hold",
        Derived::Supported => "is supported",
        Derived::Attested => "is attested",
        Derived::NotApplicable => "does not apply",
    };
    format!("{name} {stands}")
}

/// The votes of an item's markers, each once: "open against done".
fn votes(item: &Item) -> String {
    let mut votes: Vec<Status> = item.marks.iter().map(|mark| mark.vote).collect();
    votes.sort_unstable();
    votes.dedup();
    let words: Vec<_> = votes.into_iter().map(Status::word).collect();
    words.join(" against ")
}

/// The id of an evidence gate.
pub(super) fn evidence_gate_id(kind: Option<EvidenceKind>) -> String {
    format!("evidence:{}", kind.map_or("any", EvidenceKind::word))
}

/// The kind of a gate's reason in the JSON of `gonogo check`.
fn kind_of_gate(id: &str) -> &'static str {
    let named = match id.split_once(':') {
        Some(("evidence", kind)) => kind,
        Some(("coverage", _)) => EvidenceKind::Coverage.word(),
        Some(("scans", _)) => EvidenceKind::Scan.word(),
        Some(("ci", _)) => EvidenceKind::Ci.word(),
        Some(("tests", _)) => EvidenceKind::Tests.word(),
        _ => "",
    };
    EvidenceKind::ALL
        .into_iter()
        .map(EvidenceKind::word)
        .find(|word| *word == named)
        .unwrap_or("gate")
}

/// One sentence on an evidence gate: what is missing or wrong, and what would satisfy it.
pub(super) fn evidence_gate(gate: &EvidenceGate<'_>, repository: &Repository, gathered: &Gathered) -> String {
    let head = match repository.short_commit() {
        Some(commit) => format!("`{commit}`"),
        None => "the present commit".to_owned(),
    };
    let Some(kind) = gate.kind else {
        return format!(
            "nothing at all was checked at {head}: a report never proves itself, so CI, tests, coverage or a scan has to pass"
        );
    };
    let name = name(kind);
    let Some(piece) = gate.worst else {
        let wanted = match kind {
            EvidenceKind::Ci => "a finished run of the required checks",
            EvidenceKind::Tests => "a test report (JUnit or the like)",
            EvidenceKind::Coverage => "a coverage file (lcov, Cobertura or the like)",
            EvidenceKind::Scan => "the result of a security or quality scan (SARIF or the like)",
        };
        let remark = match kind {
            EvidenceKind::Ci => NOT_YET,
            EvidenceKind::Tests | EvidenceKind::Coverage | EvidenceKind::Scan => "",
        };
        return format!("no {name} evidence at {head}: {wanted} would satisfy it{remark}");
    };
    let source = &piece.source;
    match gate.result {
        GateResult::Pass => format!("{name}: {} at {head}", counted(len(gate.pieces), "result")),
        GateResult::Fail => format!("{name}: `{source}` says fail"),
        GateResult::Error => format!("{name}: the tool behind `{source}` failed itself"),
        GateResult::Missing => format!("{name}: `{source}` is not there"),
        GateResult::Pending => format!("{name}: `{source}` is still being fetched"),
        GateResult::NotEvaluated => format!("{name}: `{source}` was skipped, so it shows nothing"),
        _ => {
            let why = match (&piece.collection, piece.outcome) {
                (Collection::Partial(why), _) => format!("only a part could be read: {why}"),
                (
                    Collection::Error(why) | Collection::Unauthorised(why) | Collection::RateLimited(why),
                    _,
                ) => format!("it could not be read: {why}"),
                (_, Outcome::Inconclusive) => "it says neither pass nor fail".to_owned(),
                _ => gathered
                    .bound(piece)
                    .map(|bound| bound.why.to_string())
                    .filter(|why| !why.is_empty())
                    .unwrap_or_else(|| not_of_head(piece.binding, piece.freshness)),
            };
            format!("{name}: `{source}` shows nothing of {head}: {why}")
        }
    }
}

fn not_of_head(binding: Binding, freshness: Freshness) -> String {
    match binding {
        Binding::Ancestor {
            commits,
            relevant_files_changed,
        } => format!(
            "it is {} old, with {} changed since",
            counted(commits, "commit"),
            counted(relevant_files_changed, "relevant file")
        ),
        Binding::Descendant => "it is of a later commit".to_owned(),
        Binding::Dirty => "it was made on uncommitted changes".to_owned(),
        Binding::Unrelated => "it is of another line of history".to_owned(),
        Binding::Unbound => "it names no commit".to_owned(),
        Binding::Exact => format!("it is {}", freshness.word()),
    }
}

const fn name(kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::Ci => "CI",
        EvidenceKind::Tests => "test",
        EvidenceKind::Coverage => "coverage",
        EvidenceKind::Scan => "scan",
    }
}

/// "1 item", "2 items".
fn counted(n: u32, noun: &str) -> String {
    if n == 1 {
        format!("1 {noun}")
    } else {
        format!("{n} {noun}s")
    }
}

fn len(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
