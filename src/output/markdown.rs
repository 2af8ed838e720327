//! `gonogo check` as Markdown, for a pull request's comment or the job's summary.

use std::io::Write;

use super::check::{counts, headline, is_notable, looked_at};
use super::style::safe;
use super::{Style, Written};
use crate::engine::Assessment;

const MOST_REASONS: usize = 50;

/// The verdict, reasons and gates.
///
/// # Errors
/// When it cannot be written.
pub fn check(out: &mut dyn Write, assessment: &Assessment) -> Written {
    let plain = Style::default();
    writeln!(out, "## {}\n", escape(&headline(assessment, plain)))?;
    writeln!(out, "{}\n", escape(&counts(assessment)))?;
    let reasons = &assessment.reasons;
    if !reasons.is_empty() {
        writeln!(
            out,
            "| Effect | Severity | Reason | Where |\n| --- | --- | --- | --- |"
        )?;
        for reason in reasons.iter().take(MOST_REASONS) {
            let text = assessment.explain(reason);
            writeln!(
                out,
                "| {} | {} | {} | {} |",
                plain.effect(reason.effect).trim_end(),
                reason.severity.word(),
                escape(&text.message),
                escape(&text.source)
            )?;
        }
        if reasons.len() > MOST_REASONS {
            writeln!(out, "\nand {} more", reasons.len() - MOST_REASONS)?;
        }
        writeln!(out)?;
    }
    let gates: Vec<_> = assessment
        .gates
        .iter()
        .filter(|gate| is_notable(gate.result))
        .take(MOST_REASONS)
        .collect();
    if !gates.is_empty() {
        writeln!(out, "| Gate | Result | Why |\n| --- | --- | --- |")?;
        for gate in gates {
            writeln!(
                out,
                "| {} | {} | {} |",
                escape(&gate.id),
                gate.result.word(),
                escape(&gate.message)
            )?;
        }
        writeln!(out)?;
    }
    let mut said = assessment.declared_verdicts().take(MOST_REASONS).peekable();
    if said.peek().is_some() {
        writeln!(out, "The documents themselves say:\n")?;
        for (path, declared) in said {
            writeln!(
                out,
                "- {} for {}: “{}” ({}:{})",
                escape(declared.verdict.word()),
                declared.stage.word(),
                escape(&declared.text),
                escape(path.as_str()),
                declared.line
            )?;
        }
        writeln!(out)?;
    }
    writeln!(out, "{}", escape(&looked_at(assessment)))
}

/// Text from outside as Markdown text: it neither breaks a table nor becomes HTML, a link or a mention.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in safe(text).chars() {
        match c {
            '|' | '*' | '_' | '[' | ']' | '#' | '\\' | '~' | '`' => {
                out.push('\\');
                out.push(c);
            }
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' => out.push_str("&#64;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn words_of_a_document_stay_words() {
        assert_eq!(
            escape("a|b <img> @all [x](y)\n"),
            "a\\|b &lt;img&gt; &#64;all \\[x\\](y) "
        );
    }
}
