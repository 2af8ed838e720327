//! Which files the sample repository has, and in which commits they came.

use crate::text::mojibake::Codec;

/// One commit of the sample's history.
#[derive(Debug, Clone)]
pub(crate) struct DemoCommit {
    /// Name and address.
    pub author: &'static str,
    /// Its message.
    pub message: &'static str,
    /// Minutes after the first commit.
    pub minutes: i64,
    /// The files it writes.
    pub files: Vec<DemoFile>,
}

/// One file as a commit writes it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DemoFile {
    /// Relative, with `/`.
    pub path: &'static str,
    /// Readable UTF-8.
    pub text: &'static str,
    /// What becomes of it on disk.
    pub spelling: Spelling,
}

/// How a file's characters outside of ASCII come out on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// As they are.
    Utf8,
    /// Read as Windows-1252 by a program that drops the five bytes without a character, and saved again.
    ReadAsWindows1252,
    /// Read as Mac OS Roman, and saved again.
    ReadAsMacintosh,
}

impl DemoFile {
    const fn utf8(path: &'static str, text: &'static str) -> Self {
        Self {
            path,
            text,
            spelling: Spelling::Utf8,
        }
    }

    /// The file's bytes, with the hashes of earlier commits in their places.
    pub(crate) fn bytes(&self, hashes: &[String]) -> Vec<u8> {
        let mut text = self.text.to_owned();
        for (index, hash) in hashes.iter().enumerate() {
            text = text.replace(&format!("{{{{commit:{}}}}}", index + 1), hash);
        }
        match self.spelling {
            Spelling::Utf8 => text.into_bytes(),
            Spelling::ReadAsWindows1252 => {
                let damaged = Codec::Windows1252.damage(&text);
                damaged
                    .replace(['\u{81}', '\u{8d}', '\u{8f}', '\u{90}', '\u{9d}'], "")
                    .into_bytes()
            }
            Spelling::ReadAsMacintosh => Codec::Macintosh.damage(&text).into_bytes(),
        }
    }
}

const MIRA: &str = "Mira Solberg <mira@quayside.example>";
const JONAS: &str = "Jonas Reuter <jonas@quayside.example>";
const PRIYA: &str = "Priya Natarajan <priya@quayside.example>";

const DAY: i64 = 24 * 60;

/// A file of the sample under its own path.
macro_rules! file {
    ($path:literal) => {
        DemoFile::utf8($path, include_str!(concat!("files/", $path)))
    };
    ($path:literal, from $stored:literal) => {
        DemoFile::utf8($path, include_str!(concat!("files/", $stored)))
    };
    ($path:literal, $spelling:expr) => {
        DemoFile {
            spelling: $spelling,
            ..file!($path)
        }
    };
}

/// The sample's history, oldest first.
pub(crate) fn commits() -> Vec<DemoCommit> {
    let commit = |author, day: i64, minutes, message, files| DemoCommit {
        author,
        message,
        minutes: day * DAY + minutes,
        files,
    };
    vec![
        commit(
            MIRA,
            0,
            0,
            "Start Quayside",
            vec![
                file!("README.md"),
                file!(".gitignore", from "gitignore"),
                file!("package.json"),
                file!("src/lib/db.ts"),
            ],
        ),
        commit(
            MIRA,
            0,
            205,
            "Add sessions and password rules",
            vec![file!("src/auth/session.ts"), file!("src/auth/passwords.ts")],
        ),
        commit(
            PRIYA,
            1,
            62,
            "Price berths by season in a worker",
            vec![
                file!("workers/pricing/main.py"),
                file!("workers/pricing/tariff.py"),
                file!("workers/pricing/requirements.txt"),
            ],
        ),
        commit(
            MIRA,
            2,
            41,
            "Book a berth in one transaction and record it",
            vec![
                file!("src/services/bookingService.ts"),
                file!("src/services/auditLog.ts"),
                file!("migrations/0007_audit_log.sql"),
                file!("src/server.ts", from "earlier/server.first.ts"),
                file!("tests/integration/booking.test.ts"),
            ],
        ),
        commit(
            JONAS,
            3,
            15,
            "Run tests and lint in CI",
            vec![file!(".github/workflows/ci.yml")],
        ),
        commit(
            JONAS,
            3,
            140,
            "Scan staging with ZAP on request",
            vec![file!(".github/workflows/scan.yml")],
        ),
        commit(
            MIRA,
            4,
            188,
            "Limit logins per address",
            vec![
                file!("src/middleware/rateLimit.ts", from "earlier/rateLimit.ts"),
                file!("src/server.ts", from "earlier/server.login.ts"),
            ],
        ),
        commit(
            PRIYA,
            7,
            33,
            "docs: security checklist",
            vec![file!("SECURITY_CHECKLIST.md", Spelling::ReadAsMacintosh)],
        ),
        commit(
            JONAS,
            9,
            94,
            "Ship the API and the worker as containers",
            vec![
                file!("Dockerfile"),
                file!("docker-compose.yml"),
                file!("deploy/k8s/api.yaml"),
                file!("deploy/k8s/network-policy.yaml"),
            ],
        ),
        commit(
            MIRA,
            11,
            20,
            "Rotate keys, and report the blockers as complete",
            vec![
                file!("scripts/rotate_keys.py"),
                file!(
                    "docs/DEPLOYMENT_BLOCKERS_COMPLETE.md",
                    Spelling::ReadAsWindows1252
                ),
            ],
        ),
        commit(
            JONAS,
            14,
            75,
            "docs: blockers resolved",
            vec![file!("PRODUCTION_BLOCKERS_RESOLVED.md")],
        ),
        commit(
            PRIYA,
            15,
            230,
            "Check who owns a booking before it is cancelled",
            vec![
                file!("src/middleware/requireBerthOwner.ts"),
                file!("src/server.ts"),
            ],
        ),
        commit(
            PRIYA,
            16,
            260,
            "docs: session summary",
            vec![file!("docs/SESSION_SUMMARY.md")],
        ),
        commit(
            PRIYA,
            18,
            130,
            "docs: production readiness report",
            vec![file!("PRODUCTION_READINESS_REPORT.md")],
        ),
        commit(
            JONAS,
            19,
            12,
            "Let harbour offices log in more often",
            vec![file!("src/middleware/rateLimit.ts")],
        ),
        commit(
            PRIYA,
            19,
            70,
            "Test passwords, logins and tariffs",
            vec![
                file!("tests/unit/passwords.test.ts"),
                file!("tests/unit/rateLimit.test.ts"),
                file!("workers/pricing/test_tariff.py"),
            ],
        ),
        // What vitest, pytest, Bandit and Checkov wrote about the files above, on a clock set to that morning.
        commit(
            JONAS,
            19,
            105,
            "Keep the reports of the last run",
            vec![
                file!("reports/api/junit.xml", from "fixtures/reports/api/junit.xml"),
                file!("reports/api/lcov.info", from "fixtures/reports/api/lcov.info"),
                file!("reports/pricing/junit.xml", from "fixtures/reports/pricing/junit.xml"),
                file!("reports/pricing/coverage.xml", from "fixtures/reports/pricing/coverage.xml"),
                file!("reports/bandit.json", from "fixtures/reports/bandit.json"),
                file!("reports/checkov.json", from "fixtures/reports/checkov.json"),
            ],
        ),
    ]
}
