//! `gonogo init`: a commented `gonogo.toml` and, when asked, a first checklist. Nothing is overwritten.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use super::args::Global;
use super::repository::{Judged, Place};
use super::{Failure, Print};
use crate::config::{KEYS, Scope};
use crate::output::check::looked_at;
use crate::output::style::safe;
use crate::sources::settings::REPOSITORY_FILE;

/// Where the first checklist goes.
const FIRST_REPORT: &str = "docs/RELEASE_READINESS.md";

const CHECKLIST: &str = "\
# Release readiness

What the next release to production waits for. `gonogo` reads this file, shows what blocks, and writes a status back
when you set one. An item without a severity blocks until it is done; one marked **MEDIUM** or **LOW** does not.

Production is blocked until ALL ITEMS below are completed.

## Before the release

- [ ] **CRITICAL**: REL-01 Backups were restored once, and it worked
- [ ] **CRITICAL**: REL-02 A rollback was rehearsed on staging
- [ ] **HIGH**: REL-03 Alerts reach somebody who is on call
- [ ] **HIGH**: REL-04 Secrets are in the vault, none in the repository
- [ ] **MEDIUM**: REL-05 The runbook names an owner for each service

## After the release

- [ ] REL-06 Watch the error rate for a day
";

/// How many left-out files are told.
const MOST_ROWS: usize = 10;

/// Writes what is missing and says what it looked at.
pub fn init(global: &Global, report: bool, print: &mut Print) -> Result<u8, Failure> {
    let place = Place::find(global)?;
    if place.settings.read_only {
        return Err(Failure::refused("nothing is written: `--read-only` is on"));
    }
    let root = place.root.clone();
    write_new(&root, REPOSITORY_FILE, &commented_settings(), print)?;
    if report {
        write_new(&root, FIRST_REPORT, CHECKLIST, print)?;
    }

    let judged = Place::find(global)?.judge(false);
    tell(&judged, report, print)?;
    Ok(0)
}

/// What is there to judge, or what was looked at.
fn tell(judged: &Judged, report: bool, print: &mut Print) -> Result<(), Failure> {
    let assessment = &judged.assessment;
    let out = print.out();
    writeln!(out, "looked at: {}", looked_at(assessment))?;
    for document in &assessment.documents {
        let recognition = &document.report.recognition;
        if recognition.counts {
            let items = document.report.items.len();
            writeln!(
                out,
                "  counts  {}  {items} items",
                safe(document.report.path.as_str())
            )?;
        }
    }
    if assessment.counts.documents > 0 {
        writeln!(
            out,
            "next: `gonogo` for the cockpit, `gonogo check` for the verdict"
        )?;
        return Ok(());
    }
    for document in assessment.documents.iter().take(MOST_ROWS) {
        let why: Vec<_> = document
            .report
            .recognition
            .why
            .iter()
            .map(|why| safe(why))
            .collect();
        writeln!(
            out,
            "  no      {}  {}",
            safe(document.report.path.as_str()),
            why.join("; ")
        )?;
    }
    for (path, why) in judged.listing.left_out.iter().take(MOST_ROWS) {
        writeln!(out, "  left out  {}  {}", safe(path.as_str()), safe(why))?;
    }
    if report {
        writeln!(out, "next: `gonogo inspect {FIRST_REPORT}` says how it was read")?;
    } else {
        writeln!(
            out,
            "next: `gonogo init --report` writes a first checklist, or name your reports in `{REPOSITORY_FILE}` under `[reports]`"
        )?;
    }
    Ok(())
}

/// Writes a file that is not there yet; one that is there stays as it is.
fn write_new(root: &Path, name: &str, text: &str, print: &mut Print) -> Result<(), Failure> {
    let path = root.join(name);
    let failed = |error: std::io::Error| Failure::refused(format!("`{name}` cannot be written: {error}"));
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
        // A link must not lead the new file out of the repository.
        let (folder, root) = (folder.canonicalize(), root.canonicalize());
        if !matches!((&folder, &root), (Ok(folder), Ok(root)) if folder.starts_with(root)) {
            return Err(Failure::refused(format!(
                "`{name}` is not written: its folder leads out of the repository"
            )));
        }
    }
    let file = fs::OpenOptions::new().write(true).create_new(true).open(&path);
    match file {
        Ok(mut file) => {
            file.write_all(text.as_bytes()).map_err(failed)?;
            writeln!(print.out(), "wrote {name}")?;
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            writeln!(print.out(), "{name} is there already and stays as it is")?;
        }
        Err(error) => return Err(failed(error)),
    }
    Ok(())
}

/// Every key that a repository may set, commented out with its default.
fn commented_settings() -> String {
    let mut text = String::from(
        "# How this repository is judged by `gonogo`. Every line below is the default, commented out.\n# `gonogo config show` prints what is in force, `gonogo config check` what is wrong.\n",
    );
    let mut table = "";
    for key in KEYS.iter().filter(|key| key.scope == Scope::Everywhere) {
        let (of, name) = key.name.split_once('.').unwrap_or(("", key.name));
        if of != table {
            text.push_str(&format!("\n[{of}]\n"));
            table = of;
        }
        text.push_str(
            &format!(
                "\n# {}\n# {} \n# {name} = {}\n",
                key.doc,
                key.allowed(),
                key.default
            )
            .replace(" \n", "\n"),
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{PolicyLayer, parse_repository};
    use crate::model::RepoPath;
    use crate::report::{ReadAs, parse_report};

    #[test]
    fn the_first_settings_change_nothing() {
        let (layer, problems) = parse_repository(&commented_settings(), REPOSITORY_FILE);
        assert_eq!(problems, []);
        assert_eq!(layer, PolicyLayer::default());
    }

    #[test]
    fn the_first_settings_hold_once_their_comments_are_taken_away() {
        let text: String = commented_settings()
            .lines()
            .map(|line| match line.strip_prefix("# ") {
                Some(key) if key.contains(" = ") && !key.contains('`') => format!("{key}\n"),
                _ => format!("{line}\n"),
            })
            .collect();
        let (layer, problems) = parse_repository(&text, REPOSITORY_FILE);
        assert_eq!(problems, [], "{text}");
        assert!(
            layer.stage.is_some() && layer.include.is_some() && layer.evidence.len() == 4,
            "{text}"
        );
    }

    #[test]
    fn the_first_checklist_is_a_report_that_blocks() {
        let path = RepoPath::new(FIRST_REPORT).unwrap();
        let report = parse_report(path, CHECKLIST.as_bytes().into(), ReadAs::default());
        assert!(report.recognition.counts, "{:?}", report.recognition);
        assert_eq!(report.items.len(), 6);
        assert_eq!(report.gates.len(), 1);
    }
}
