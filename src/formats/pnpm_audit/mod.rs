//! `pnpm audit --json`: the registry's report with paths that begin at the workspace, one per advisory.

use crate::formats::advisories::{self, Audit};
use crate::formats::head::Head;
use crate::formats::{Family, File, Format, ParseError, Parsed, Sniff, json};

/// The format.
pub struct PnpmAudit;

impl Format for PnpmAudit {
    fn name(&self) -> &'static str {
        "pnpm-audit"
    }

    fn family(&self) -> Family {
        Family::Scan
    }

    fn globs(&self) -> &'static [&'static str] {
        &["pnpm-audit*.json", "pnpm_audit*.json", "*-pnpm-audit.json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        if is_pnpm(head) { Sniff::Certain } else { Sniff::No }
    }

    fn parse(&self, file: &File<'_>) -> Result<Parsed, ParseError> {
        let audit: Audit<'_> = json::read(file.bytes)?;
        advisories::read(&audit, "pnpm audit", file).map(Parsed::Scan)
    }
}

/// Whether pnpm wrote it: its paths begin with the place of the project in the workspace, its errors name it.
pub(super) fn is_pnpm(head: &Head<'_>) -> bool {
    if head.is_array() || !(head.has("advisories") || head.has("error.code")) {
        return false;
    }
    let own = ["\".>", "\". > ", "\"ERR_PNPM_"];
    own.iter().any(|own| head.contains(own)) || (head.has("advisories") && head.name.contains("pnpm"))
}
