//! A judged repository made in memory, without the report reader: task lines, headings and markers of a tiny dialect
//! of our own, so that the stories of the cockpit stand on nothing but its contract.

use std::sync::Arc;

use gonogo::engine::{Assessment, Counts, GateOutcome, ItemState, JudgedDocument};
use gonogo::model::{
    Claim, ClaimKind, ClaimVerdict, Contradiction, ContradictionKind, DeclaredVerdict, DeclaredVerdictKind,
    Derived, DocumentGate, GateMode, GateResult, GateScope, Gathered, Item, Mark, MarkKind, Meta, Modality,
    Problem, ProblemSeverity, Proof, Reason, ReasonKind, Recognition, RepoPath, Report, Repository,
    Requirement, Section, Severity, SeveritySource, Shape, Stage, Status, Uid, Verdict,
};
use gonogo::text::lines::LineIndex;
use gonogo::text::{SourceText, Span};

/// A repository in memory.
#[derive(Debug, Clone, Default)]
pub struct Repo {
    /// Path and text of every document that counts.
    pub documents: Vec<(String, String)>,
    /// Path of every document that does not.
    pub others: Vec<String>,
    /// Problems of the reading.
    pub problems: Vec<Problem>,
    /// Path and text of files that are no documents.
    pub sources: Vec<(String, String)>,
    /// The evidence.
    pub gathered: Arc<Gathered>,
    /// Gates of the evidence; without any, coverage is missing.
    pub gates: Vec<GateOutcome>,
}

impl Repo {
    /// Two documents: five items, one of them conflicted, and a declared GO.
    pub fn small() -> Self {
        let ready = "# Launch list\n\
            \n\
            Verdict: GO FOR LAUNCH\n\
            \n\
            ## Sign-in\n\
            - [ ] T001 Lock the account after ten tries (P0)\n\
            - [ ] T002 **COMPLETED** Rotate the session key (P0)\n\
            - [x] T003 Cookies are `Secure` (P1)\n\
            \n\
            ## Later on\n\
            - [ ] T004 Write the second guide (P3)\n";
        let store = "# Storage\n\n- [ ] S1 Restore a backup (P1)\n- [x] S2 Sweep old files (P2)\n";
        Self {
            documents: vec![
                ("docs/READY.md".to_owned(), ready.to_owned()),
                ("docs/STORAGE.md".to_owned(), store.to_owned()),
            ],
            others: vec!["README.md".to_owned()],
            ..Self::default()
        }
    }

    /// A report whose claims have come out in every way, and that contradicts itself once.
    pub fn claimed() -> Self {
        let mut repo = Self::small();
        repo.documents[0].1 = "# Launch list\n\
            Verdict: GO FOR LAUNCH\n\
            \n\
            Claims:\n\
            `src/lock.rs` was created refuted\n\
            `src/guard.rs` was created holds\n\
            `src/old.rs` has 40 lines stale\n\
            all 0 tests pass vacuous\n\
            `tests/*.rs` are 4 files partly\n\
            fixed in commit a1b2c3d unverifiable\n\
            \n\
            TOTAL 9 contradiction\n\
            - [ ] T001 Lock the account after ten tries (P0)\n"
            .to_owned();
        repo
    }

    /// So many documents of so many items each.
    pub fn large(documents: usize, items: usize) -> Self {
        let text = |d: usize| {
            let mut text = format!("# Report {d}\n\n");
            for i in 0..items {
                if i % 25 == 0 {
                    text.push_str(&format!("## Part {}\n", i / 25));
                }
                let (tick, severity) = (if i % 3 == 0 { "x" } else { " " }, i % 4);
                text.push_str(&format!(
                    "- [{tick}] R{d}-{i} Check number {i} of the release (P{severity})\n"
                ));
            }
            text
        };
        Self {
            documents: (0..documents)
                .map(|d| (format!("docs/r{d:05}.md"), text(d)))
                .collect(),
            ..Self::default()
        }
    }

    /// The text of a document.
    pub fn text(&self, path: &RepoPath) -> Option<Arc<SourceText>> {
        let mut files = self.documents.iter().chain(&self.sources);
        let (_, text) = files.find(|(found, _)| found == path.as_str())?;
        Some(source(text))
    }

    /// Judged.
    pub fn judge(&self) -> Assessment {
        let mut documents: Vec<Arc<JudgedDocument>> = self
            .documents
            .iter()
            .map(|(path, text)| Arc::new(judged(read(path, text))))
            .chain(self.others.iter().map(|path| {
                let mut report = read(path, "");
                report.recognition = Recognition {
                    counts: false,
                    why: vec!["no item and no status word".into()],
                };
                Arc::new(judged(report))
            }))
            .collect();
        documents.sort_by(|a, b| a.report.path.cmp(&b.report.path));
        let mut reasons = Vec::new();
        let mut counts = Counts::default();
        let mut gates = Vec::new();
        for (d, document) in (0u32..).zip(&documents) {
            counts.documents += u32::from(document.report.recognition.counts);
            for (i, (item, state)) in (0u32..).zip(document.report.items.iter().zip(&document.states)) {
                counts.items += 1;
                counts.done += u32::from(item.declared.says_done());
                counts.conflicted += u32::from(item.declared == Status::Conflicted);
                if state.effect >= Verdict::Hold {
                    counts.blocking += 1;
                    reasons.push(Reason {
                        effect: state.effect,
                        severity: item.severity,
                        kind: ReasonKind::Item(d, i),
                    });
                }
            }
            for gate in &document.report.gates {
                gates.push(GateOutcome {
                    id: format!("document:{}:{}", document.report.path, gate.line),
                    mode: GateMode::Enforce,
                    result: GateResult::Fail,
                    message: gate.text.to_string(),
                    source: format!("{}:{}", document.report.path, gate.line),
                });
            }
        }
        for (d, document) in (0u32..).zip(&documents) {
            for (c, claim) in (0u32..).zip(document.claims.iter()) {
                counts.claims += 1;
                if claim.verdict.says_no() {
                    counts.refuted += 1;
                    reasons.push(Reason {
                        effect: Verdict::Hold,
                        severity: Severity::High,
                        kind: ReasonKind::Claim(d, c),
                    });
                }
            }
        }
        reasons.sort_by_key(|reason| (std::cmp::Reverse(reason.effect), reason.severity));
        for (gate, outcome) in (u32::try_from(gates.len()).unwrap()..).zip(&self.gates) {
            reasons.push(Reason {
                effect: Verdict::NoGo,
                severity: Severity::Unspecified,
                kind: ReasonKind::Gate(gate),
            });
            gates.push(outcome.clone());
        }
        if self.gates.is_empty() {
            gates.push(missing());
        }
        let verdict = reasons
            .iter()
            .map(|reason| reason.effect)
            .max()
            .unwrap_or(Verdict::Hold);
        Assessment {
            at: "2030-01-02T03:04:05Z".parse().unwrap(),
            stage: Stage::Production,
            repository: Repository {
                name: "acme/shop".into(),
                branch: Some("main".into()),
                commit: Some("a1b2c3d4e5f60718293a4b5c6d7e8f9012345678".into()),
                dirty: false,
                git: true,
                files: 120,
                markdown: u32::try_from(documents.len()).unwrap(),
                left_out: Vec::new(),
            },
            verdict,
            reasons,
            counts,
            gates,
            documents,
            evidence: Vec::new(),
            gathered: Arc::clone(&self.gathered),
            ci: None,
            targets: Vec::new(),
            problems: self.problems.clone(),
            uids: Default::default(),
        }
    }
}

fn missing() -> GateOutcome {
    GateOutcome {
        id: "evidence:coverage".to_owned(),
        mode: GateMode::Enforce,
        result: GateResult::Missing,
        message: "no coverage was found".to_owned(),
        source: String::new(),
    }
}

/// A problem with a place.
pub fn problem(at: &str, what: &str) -> Problem {
    Problem {
        severity: ProblemSeverity::Warning,
        at: at.into(),
        what: what.into(),
        hint: Some("mend it".into()),
    }
}

fn source(text: &str) -> Arc<SourceText> {
    Arc::new(SourceText::read(text.as_bytes().into()))
}

fn judged(report: Report) -> JudgedDocument {
    let state = |item: &Item| {
        let (derived, effect) = match item.declared {
            Status::Open => (Derived::Open, Verdict::NoGo),
            Status::Conflicted => (Derived::Conflicted, Verdict::NoGo),
            _ => (Derived::Unproven, Verdict::Hold),
        };
        let harmless = !item.severity.reaches(Severity::High);
        ItemState {
            derived,
            effect: if harmless { Verdict::Go } else { effect },
        }
    };
    let states = report.items.iter().map(state).collect();
    JudgedDocument {
        claims: report.claims.clone().into(),
        report: Arc::new(report),
        states,
    }
}

fn read(path: &str, text: &str) -> Report {
    let source = source(text);
    let lines = LineIndex::of(text);
    let mut report = Report {
        path: RepoPath::new(path).unwrap(),
        hash: source.hash(),
        encoding: source.encoding(),
        truncated: None,
        title: None,
        meta: Meta::default(),
        sections: Vec::new(),
        items: Vec::new(),
        gates: Vec::new(),
        targets: Vec::new(),
        declared_verdicts: Vec::new(),
        claims: Vec::new(),
        contradictions: Vec::new(),
        figures: Vec::new(),
        problems: Vec::new(),
        recognition: Recognition {
            counts: true,
            why: vec!["task lines".into()],
        },
    };
    for number in 1..=u32::try_from(lines.count()).unwrap() {
        let range = lines.range(number, text);
        let line = &text[range.clone()];
        if let Some(title) = line.strip_prefix("## ").or_else(|| line.strip_prefix("# ")) {
            let level = if line.starts_with("## ") { 2 } else { 1 };
            report.title.get_or_insert_with(|| title.into());
            report.sections.push(Section {
                title: title.into(),
                level,
                line: number,
                parent: (level == 2).then_some(0),
                requirement: Requirement::default(),
                severity: None,
            });
        } else if let Some(words) = line.strip_prefix("Verdict: ") {
            report.declared_verdicts.push(DeclaredVerdict {
                line: number,
                span: Span::of(range.start + 9, range.end),
                text: words.into(),
                verdict: DeclaredVerdictKind::Go,
                stage: Stage::Production,
                historical: false,
            });
        } else if let Some(words) = line.strip_prefix("Gate: ") {
            report.gates.push(DocumentGate {
                line: number,
                span: Span::of(range.start, range.end),
                text: words.into(),
                scope: GateScope::AllItems,
                stage: Stage::Production,
            });
        } else if line == "TOTAL 9 contradiction" {
            report.contradictions.push(Contradiction {
                kind: ContradictionKind::Total,
                lines: vec![number],
                message: "TOTAL says 9; the rows add to 10".into(),
                other: None,
            });
        } else if let Some((words, verdict)) = claimed(line) {
            report.claims.push(Claim {
                line: number,
                span: Span::of(range.start, range.start + words.len()),
                text: words.into(),
                kind: if words.contains("commit") {
                    ClaimKind::Git
                } else {
                    ClaimKind::File
                },
                rule: "files",
                said: Default::default(),
                modality: Modality::Asserted,
                item: None,
                supports: false,
                at_document: match verdict {
                    ClaimVerdict::Stale { .. } => ClaimVerdict::Holds,
                    _ => verdict.clone(),
                },
                at_head: verdict.clone(),
                reason: match verdict {
                    ClaimVerdict::Refuted { .. } => "it is not in the tree".into(),
                    _ => "so it was found".into(),
                },
                verdict,
                proof: vec![Proof {
                    what: "git ls-tree".into(),
                    source: format!("{path}:{number}").into(),
                }],
            });
        } else if line.starts_with("- [") {
            let section = u32::try_from(report.sections.len()).unwrap().checked_sub(1);
            report.items.push(item(path, line, number, range.start, section));
        }
    }
    report
}

/// The words of a claim and its verdict, which the line names at its end.
fn claimed(line: &str) -> Option<(&str, ClaimVerdict)> {
    let (words, verdict) = line.rsplit_once(' ')?;
    let (expected, actual) = ("it exists".into(), "it is not there".into());
    let verdict = match verdict {
        "refuted" => ClaimVerdict::Refuted { expected, actual },
        "stale" => ClaimVerdict::Stale { expected, actual },
        "holds" => ClaimVerdict::Holds,
        "vacuous" => ClaimVerdict::Vacuous("no test was run".into()),
        "partly" => ClaimVerdict::PartlyHolds { holding: 3, parts: 4 },
        "unverifiable" => ClaimVerdict::Unverifiable("it is not in this history".into()),
        _ => return None,
    };
    Some((words, verdict))
}

fn item(path: &str, line: &str, number: u32, start: usize, section: Option<u32>) -> Item {
    let boxed = if line[3..].starts_with('x') {
        Status::Done
    } else {
        Status::Open
    };
    let mut marks = vec![Mark {
        kind: MarkKind::Box,
        vote: boxed,
        span: Span::of(start + 3, start + 4),
    }];
    if let Some(at) = line.find("COMPLETED") {
        marks.push(Mark {
            kind: MarkKind::Word,
            vote: Status::Done,
            span: Span::of(start + at, start + at + 9),
        });
    }
    let same = marks.iter().all(|mark| mark.vote == boxed);
    let words = line[6..].replace("**COMPLETED** ", "");
    let (id, rest) = words.split_once(' ').unwrap_or((&words, ""));
    let (title, severity) = rest.rsplit_once(" (").unwrap_or((rest, ""));
    let written = severity.trim_end_matches(')');
    Item {
        uid: Uid::of(&[path, id], 0),
        id: Some(id.into()),
        title: title.into(),
        shape: Shape::Task,
        line: number,
        span: Span::of(start, start + line.len()),
        marks: marks.into(),
        declared: if same { boxed } else { Status::Conflicted },
        severity: Severity::parse(written).unwrap_or_default(),
        severity_source: (!written.is_empty()).then(|| {
            Arc::new(SeveritySource {
                written: written.into(),
                line: number,
            })
        }),
        requirement: Requirement::default(),
        section,
        depth: 0,
        extras: None,
    }
}
