//! What putting evidence together costs: paths mapped to a large repository, findings of a large scan given identities.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use gonogo::evidence::{World, gather};
use gonogo::model::{
    Answer, At, Content, CoverageReport, EvidenceFile, EvidenceKind, FileCoverage, Finding, FindingMore,
    FindingSeverity, Known, Policy, Question, RepoPath, Repository, ScanReport,
};
use gonogo::text::ContentHash;
use jiff::Timestamp;

const FILES: usize = 50_000;
const COVERED: usize = 10_000;
const FINDINGS: usize = 100_000;

fn path(n: usize) -> String {
    format!(
        "services/area{}/part{}/src/{}.ts",
        n % 40,
        n % 700,
        ["index", "main", "view"][n % 3].to_owned() + &(n / 2100).to_string()
    )
}

fn file(source: &str, content: Content) -> Arc<EvidenceFile> {
    let kind = match content {
        Content::Coverage(_) => EvidenceKind::Coverage,
        Content::Scan(_) => EvidenceKind::Scan,
        Content::Tests(_) => EvidenceKind::Tests,
    };
    Arc::new(EvidenceFile {
        source: source.into(),
        path: RepoPath::new(source),
        hash: ContentHash::of(source.as_bytes()),
        format: "sarif",
        kind,
        tracked: false,
        modified: None,
        commit: None,
        content: Ok(content),
    })
}

fn coverage() -> Content {
    let files = (0..COVERED).map(|n| FileCoverage {
        path: format!("/home/runner/work/shop/shop/{}", path(n * 3)).into(),
        ..FileCoverage::default()
    });
    Content::Coverage(Arc::new(CoverageReport {
        files: files.collect(),
        ..CoverageReport::default()
    }))
}

fn scan(tool: &str) -> Content {
    let findings = (0..FINDINGS).map(|n| {
        let package = n % 2 == 0;
        Finding {
            rule: if package {
                format!("CVE-2024-{}", n % 5000)
            } else {
                format!("rule-{}", n % 200)
            }
            .into(),
            severity: FindingSeverity::ALL[n % 6],
            message: format!("value {n} flows into query of line {}", n % 900).into(),
            path: (!package).then(|| path(n % FILES).into()),
            line: (!package).then_some(7),
            more: package.then(|| {
                Box::new(FindingMore {
                    package: Some(format!("package-{}", n % 9000).into()),
                    version: Some("1.2.3".into()),
                    aliases: vec![format!("GHSA-{}", n % 5000).into()],
                    ..FindingMore::default()
                })
            }),
        }
    });
    Content::Scan(Arc::new(ScanReport {
        tool: tool.into(),
        ran: true,
        findings: findings.collect(),
        ..ScanReport::default()
    }))
}

fn gathering(c: &mut Criterion) {
    let mut paths: Vec<RepoPath> = (0..FILES).filter_map(|n| RepoPath::new(&path(n))).collect();
    paths.sort();
    paths.dedup();
    let mut known = Known::default();
    known.learn(Question::Files(At::Worktree), Answer::Paths(paths.into()));
    let repository = Repository::default();
    let world = World {
        repository: &repository,
        known: &known,
        ttl: Policy::default().ttl,
        now: Timestamp::UNIX_EPOCH,
    };
    let mut group = c.benchmark_group("gather");
    group.sample_size(10);
    let covered = [file("lcov.info", coverage())];
    group.bench_function("10,000 covered files in 50,000", |b| {
        b.iter(|| black_box(gather(black_box(&covered), &world)));
    });
    let scans = [file("a.json", scan("one")), file("b.json", scan("two"))];
    group.bench_function("100,000 findings of two tools each", |b| {
        b.iter(|| black_box(gather(black_box(&scans), &world)));
    });
    group.finish();
}

criterion_group!(benches, gathering);
criterion_main!(benches);
