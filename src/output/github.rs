//! `gonogo check` as annotations of a GitHub workflow, with the verdict after them.

use std::io::Write;

use super::check::{counts, headline, looked_at};
use super::style::safe;
use super::{Style, Written};
use crate::engine::Assessment;
use crate::model::Verdict;

/// GitHub shows ten of each kind for a step; more only fill the log.
const MOST: usize = 50;

/// One annotation for each reason that decides, worst first, then the verdict.
///
/// # Errors
/// When it cannot be written.
pub fn check(out: &mut dyn Write, assessment: &Assessment) -> Written {
    let deciding = assessment
        .reasons
        .iter()
        .filter(|reason| reason.effect > Verdict::Go);
    let all = deciding.clone().count();
    for reason in deciding.take(MOST) {
        let text = assessment.explain(reason);
        let level = match reason.effect {
            Verdict::NoGo => "error",
            Verdict::Hold => "warning",
            Verdict::GoWithWaivers | Verdict::Go => "notice",
        };
        let place = match place(&text.source) {
            Some((path, Some(line))) => format!("file={},line={line},", property(path)),
            Some((path, None)) => format!("file={},", property(path)),
            None => String::new(),
        };
        let title = format!("{} ({})", reason.effect.word(), reason.severity.word());
        writeln!(
            out,
            "::{level} {place}title={}::{}",
            property(&title),
            data(&text.message)
        )?;
    }
    if all > MOST {
        writeln!(
            out,
            "::notice title=gonogo::and {} more reasons; gonogo check --format json has all",
            all - MOST
        )?;
    }
    // A line that begins with a document's words could be a workflow command; these begin with ours.
    writeln!(out, "{}", headline(assessment, Style::default()))?;
    writeln!(out, "{}", counts(assessment))?;
    writeln!(out, "{}", looked_at(assessment))
}

/// The path and line of a source; `None` for a URL or nothing.
fn place(source: &str) -> Option<(&str, Option<u32>)> {
    if source.is_empty() || source.contains("://") {
        return None;
    }
    Some(match source.rsplit_once(':') {
        Some((path, line)) => match line.parse() {
            Ok(line) => (path, Some(line)),
            Err(_) => (source, None),
        },
        None => (source, None),
    })
}

fn data(text: &str) -> String {
    safe(text)
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{data, place, property};

    #[test]
    fn a_documents_words_cannot_end_an_annotation() {
        assert_eq!(property("a,b:c%\n::error::x"), "a%2Cb%3Ac%25 %3A%3Aerror%3A%3Ax");
        assert_eq!(data("50% done"), "50%25 done");
    }

    #[test]
    fn a_source_is_a_path_with_a_line_or_nothing() {
        assert_eq!(place("docs/A.md:12"), Some(("docs/A.md", Some(12))));
        assert_eq!(place("docs/A.md"), Some(("docs/A.md", None)));
        assert_eq!(place("https://example.org/1"), None);
        assert_eq!(place(""), None);
    }
}
