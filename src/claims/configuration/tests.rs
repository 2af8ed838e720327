use crate::claims::tests as trial;

const FILES: &[(&str, &str)] = &[
    (
        "package.json",
        r#"{ "scripts": { "test": "jest", "lint": "eslint ." }, "engines": { "node": ">=18" } }"#,
    ),
    ("Makefile", "build: deps\n\tcc x.c\n"),
    (".env.example", "# SENTRY_DSN=\nSECRET_KEY=change-me\n"),
    (
        "Dockerfile",
        "FROM node:20.11 AS build\nUSER root\nFROM node:20.11-slim\nCOPY . .\nUSER app\n",
    ),
    ("worker.Dockerfile", "FROM python:3.12\nCMD x\n"),
    (
        "docker-compose.yml",
        "services:\n  db: { image: 'postgres:16.2-alpine' }\n  cache: { image: redis:7.0 }\n",
    ),
    (
        "k8s/net.yaml",
        "kind: NetworkPolicy\n---\nkind: NetworkPolicy\n---\nkind: Service\n",
    ),
    ("k8s/more.yaml", "kind: NetworkPolicy\n"),
    ("docs/READINESS.md", ""),
];

fn verdicts(document: &str) -> Vec<(String, &'static str)> {
    let document = format!("# Readiness\n\n## What is in place\n\n{document}");
    let claims = trial::claims("configuration", &document, FILES);
    claims
        .into_iter()
        .map(|claim| {
            (
                format!("{}: {}", claim.said.predicate, claim.said.subject),
                claim.verdict.word(),
            )
        })
        .collect()
}

#[track_caller]
fn one(document: &str, verdict: &str) {
    let found = verdicts(document);
    assert_eq!(found.len(), 1, "{document}\n{found:?}");
    assert_eq!(found[0].1, verdict, "{document}\n{found:?}");
}

#[track_caller]
fn silent(document: &str) {
    assert_eq!(verdicts(document), [], "{document}");
}

#[test]
fn scripts_and_targets_exist_and_say_what_is_quoted() {
    one("Start with `npm run lint`.\n", "holds");
    one("Start with `npm run deploy`.\n", "refuted");
    one("Start with `make build`.\n", "holds");
    one("Start with `make deploy`.\n", "refuted");
    one("```bash\ncd web && npm run lint # all\n```\n", "holds");
    one("```sh\nnpm run gone\n```\n", "refuted");
    one(
        "Scripts in `package.json`:\n\n```json\n\"lint\": \"eslint .\",\n```\n",
        "holds",
    );
    one(
        "Scripts in `package.json`:\n\n```json\n\"lint\": \"eslint src\"\n```\n",
        "refuted",
    );
    one(
        "```json\n{ \n\"scripts\": {\n  \"e2e\": \"playwright test\"\n}\n}\n```\n",
        "refuted",
    );
    silent("Make sure that `npm ci` ran; `just x` and `npm run <name>` are examples.\n");
}

#[test]
fn versions_are_held_against_pins() {
    one("- Runtime: Node 20\n", "holds");
    one("- Runtime: Node.js 22\n", "unverifiable");
    one("- Runtime: Node 18+\n", "holds");
    one("- Database: PostgreSQL 16\n", "holds");
    one("- Database: PostgreSQL 15\n", "refuted");
    one("- Cache: Redis 7.0 services\n", "holds");
    one("- Cache: Redis 7.0.4\n", "holds_loosely");
    silent(
        "- Search: Elasticsearch 8.1\n- Upgraded from PostgreSQL 14\n- Redis 12 connections\n- Go 5 steps back\n",
    );
}

#[test]
fn containers_objects_and_keys_are_counted() {
    one("All containers run as non-root.\n", "partly_holds");
    one("All 6 Dockerfiles run as non-root.\n", "refuted");
    one("All 2 Dockerfiles run as non-root.\n", "partly_holds");
    one("- 3 network policies cover all parts\n", "holds");
    one("- 13 network policies cover all parts\n", "refuted");
    one("- 2+ network policies\n", "holds_loosely");
    one("- `SECRET_KEY` stands in `.env.example`\n", "holds");
    one("- `SENTRY_DSN` stands in `.env.example`\n", "holds");
    one("- `API_TOKEN` stands in `.env.example`\n", "refuted");
}

#[test]
fn what_is_planned_or_an_example_is_not_refuted() {
    for document in [
        "## Next steps\n\n- Run `npm run deploy`\n",
        "## Example\n\n```bash\nnpm run deploy\n```\n",
        "## Goals\n\n- PostgreSQL 17\n",
    ] {
        let claims = trial::claims("configuration", &format!("# Readiness\n\n{document}"), FILES);
        assert!(
            claims.iter().all(|claim| claim.verdict.word() != "refuted"),
            "{document}{claims:?}"
        );
    }
}
