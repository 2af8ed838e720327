//! Filtering, sorting and grouping of findings. Runs off the loop when there are many.

use std::collections::HashMap;

use super::Known;
use crate::app::filter::terms::{self, Field, Needle, Term};
use crate::app::panes::table::{Ask, Builder, Group};
use crate::model::{FindingSeverity, Gathered};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Any,
    Severity,
    Tool,
    Rule,
    File,
    Package,
    State,
}

impl Field for By {
    const ANY: Self = Self::Any;

    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "sev" | "severity" => Self::Severity,
            "tool" | "scanner" => Self::Tool,
            "rule" | "id" => Self::Rule,
            "file" | "path" => Self::File,
            "pkg" | "package" => Self::Package,
            "is" | "status" => Self::State,
            _ => return None,
        })
    }

    fn needle(self, part: &str) -> Needle {
        match (self, FindingSeverity::parse(part)) {
            // `moderate` and the like; a word on its way to one stays as it is.
            (Self::Severity, severity) if severity != FindingSeverity::Unknown => {
                Needle::new(severity.word())
            }
            _ => Needle::new(part),
        }
    }
}

fn matches(terms: &[Term<By>], known: Known<'_>, gathered: &Gathered) -> bool {
    terms.iter().all(|term| {
        let rule = || {
            let aliases = known.more().into_iter().flat_map(|more| &more.aliases);
            term.any(&known.finding.rule) || aliases.into_iter().any(|alias| term.any(alias))
        };
        let package = || known.package().is_some_and(|package| term.any(package));
        let found = match term.field {
            By::Any => rule() || term.any(&known.finding.message) || term.any(known.path()) || package(),
            By::Severity => term.begins(known.merged.severity.word()),
            By::Tool => known.tools(gathered).iter().any(|tool| term.any(tool)),
            By::Rule => rule(),
            By::File => term.any(known.path()),
            By::Package => package(),
            By::State => {
                let waived = known.merged.waived.is_some();
                term.begins(if waived { "waived" } else { "open" })
                    || (known.fix().is_some() && term.begins("fixable"))
            }
        };
        found != term.inverse
    })
}

pub(super) fn arrange(gathered: &Gathered, ask: &Ask, table: &mut Builder) {
    let terms: Vec<Term<By>> = terms::read(&ask.filter);
    let count = u32::try_from(gathered.scans.findings.len()).unwrap_or(u32::MAX);
    let all = (0..count).filter_map(|entry| Some((entry, Known::of(gathered, entry)?)));
    let mut found: Vec<(u32, Known<'_>)> = all
        .filter(|(_, known)| matches(&terms, *known, gathered))
        .collect();
    // Stable, and the order of the judgement is worst first, then by place.
    match ask.sort {
        1 => found.sort_by_key(|(_, known)| (known.path(), known.finding.line)),
        2 => found.sort_by_key(|(_, known)| &*known.finding.rule),
        3 => found.sort_by_key(|(_, known)| (known.merged.since.is_none(), known.merged.since)),
        _ => {}
    }
    let (waived, open): (Vec<_>, Vec<_>) = found
        .into_iter()
        .partition(|(_, known)| known.merged.waived.is_some());
    match ask.group {
        0 => {
            for severity in FindingSeverity::ALL {
                let of = open.iter().filter(|(_, known)| known.merged.severity == severity);
                let mut of = of.peekable();
                if of.peek().is_some() {
                    let name = match severity {
                        FindingSeverity::Unknown => "severity unknown: the tool does not say",
                        severity => severity.word(),
                    };
                    table.open(Group::new(severity.word(), name));
                    of.for_each(|(entry, _)| table.entry(*entry));
                    table.close();
                }
            }
        }
        1 => grouped(&open, table, "without a tool", |known| {
            let mut tools = known.tools(gathered);
            tools.sort_unstable();
            tools.join(" + ").into()
        }),
        2 => grouped(&open, table, "without a rule", |known| {
            (*known.finding.rule).into()
        }),
        3 => grouped(&open, table, "no package", |known| {
            known.package().unwrap_or_default().into()
        }),
        4 => grouped(&open, table, "no file", |known| known.path().into()),
        _ => open.iter().for_each(|(entry, _)| table.entry(*entry)),
    }
    if !waived.is_empty() && !ask.failing {
        let mut group = Group::new("waived", "Waived");
        // Who filters wants to see what was found.
        group.folded = terms.is_empty();
        table.open(group);
        waived.iter().for_each(|(entry, _)| table.entry(*entry));
        table.close();
    }
}

/// Groups by what `key` gives, worst first, then by name; what has no key comes last.
fn grouped<'a>(
    open: &[(u32, Known<'a>)],
    table: &mut Builder,
    without: &str,
    key: impl Fn(Known<'a>) -> std::borrow::Cow<'a, str>,
) {
    let mut places: HashMap<std::borrow::Cow<'a, str>, usize> = HashMap::new();
    let mut groups: Vec<(Group, Vec<u32>)> = Vec::new();
    for (entry, known) in open {
        let key = key(*known);
        let at = match places.get(&key) {
            Some(at) => *at,
            None => {
                let name: &str = if key.is_empty() { without } else { &key };
                groups.push((Group::new(&*key, name), Vec::new()));
                places.insert(key, groups.len() - 1);
                groups.len() - 1
            }
        };
        if let Some((group, entries)) = groups.get_mut(at) {
            entries.push(*entry);
            if let Some(figure) = group.figures.get_mut(known.merged.severity as usize) {
                *figure += 1;
            }
        }
    }
    groups.sort_by(|(a, _), (b, _)| {
        let last = |group: &Group| group.key.is_empty();
        last(a)
            .cmp(&last(b))
            .then_with(|| b.figures.cmp(&a.figures))
            .then_with(|| a.key.cmp(&b.key))
    });
    for (group, entries) in groups {
        table.open(group);
        entries.into_iter().for_each(|entry| table.entry(entry));
        table.close();
    }
}
