//! Documents that contradict themselves in words, and their neighbours that do not, read as the program reads them.

use std::sync::Arc;

use crate::model::RepoPath;
use crate::report::{ReadAs, parse_report};

/// The contradictions of a document as `kind line,line`.
fn found(text: &str) -> Vec<String> {
    let path = RepoPath::new("docs/READY.md").unwrap_or_else(|| panic!("a plain path"));
    let how = ReadAs {
        counts: Some(true),
        truncated: None,
    };
    let report = parse_report(path, Arc::from(text.as_bytes()), how);
    let shown = |c: &crate::model::Contradiction| {
        let lines: Vec<String> = c.lines.iter().map(u32::to_string).collect();
        format!("{} {}", c.kind.word(), lines.join(","))
    };
    report.contradictions.iter().map(shown).collect()
}

fn all_as_expected(table: &[(&str, &[&str])]) {
    let wrong: Vec<_> = table
        .iter()
        .map(|(text, expected)| (text, found(text), expected))
        .filter(|(_, found, expected)| found != *expected)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn all_quiet(table: &[&str]) {
    let wrong: Vec<_> = table
        .iter()
        .map(|text| (text, found(text)))
        .filter(|(_, found)| !found.is_empty())
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_is_said_to_work_is_held_against_the_tests_still_to_do() {
    all_as_expected(&[
        (
            "- 🟢 Session revocation functional\n\n## Checklist\n\n- [ ] Test logout and session revocation",
            &["status 1,5"],
        ),
        (
            "- ✅ Backups verified\n- [ ] Verify backups of the ledger",
            &["status 1,2"],
        ),
        (
            "- ✅ Tenant isolation enforced\n- [ ] Test cache isolation between tenants",
            &["status 1,2"],
        ),
    ]);
    all_quiet(&[
        "- 🟢 Session revocation functional\n- [x] Test session revocation",
        "- 🟢 Session revocation functional\n- [ ] Test password reset",
        "- Session revocation enabled\n- [ ] Test session revocation",
        "## Goals\n\n- ✅ Session revocation functional\n\n## Work\n\n- [ ] Test session revocation",
        "- ✅ Session revocation must be functional\n- [ ] Test session revocation",
        "- ✅ Users enabled\n- [ ] Test user registration",
    ]);
}

#[test]
fn what_is_done_is_held_against_the_step_that_sets_it_up() {
    all_as_expected(&[
        (
            "### 1. Pipeline ✅\n\n- **Coveralls**: automatic upload of figures\n\n## Next Steps\n\n1. **Enable Coveralls Integration**\n   - Create an account",
            &["status 3,7"],
        ),
        (
            "### 1. Pipeline ✅\n\n- **Coverage Gate**: refuses drops\n\n## Next Steps\n\n1. **Finish the Pipeline**\n   - Configure coverage thresholds",
            &["status 3,8"],
        ),
        (
            "| Item | Status |\n|---|---|\n| Mail address verification | ✅ DONE |\n\n### Pre-Deployment Steps\n\n1. **Apply mail address verification middleware**",
            &["status 3,7"],
        ),
    ]);
    all_quiet(&[
        "### 1. Pipeline ✅\n\n- **Coveralls**: automatic upload\n\n## Next Steps\n\n1. **Enable Coveralls Comments**",
        "### 1. Pipeline\n\n- **Coveralls**: automatic upload\n\n## Next Steps\n\n1. **Enable Coveralls**",
        "- [x] Key rotation\n\n## Next Steps\n\n1. **Set Up Key Rotation Cron**",
        "- [x] **Monitoring**: dashboards\n\n## Next Steps\n\n1. **Configure monitoring**",
    ]);
}

#[test]
fn a_finished_part_that_is_a_placeholder_is_not_finished() {
    all_as_expected(&[
        (
            "### 2. Secrets (X12) ✅\n\n- **Vault**: Placeholder for a real vault",
            &["status 3,1"],
        ),
        (
            "### Secrets (COMPLETED)\n\n- **Rotation**: Not yet implemented",
            &["status 3,1"],
        ),
    ]);
    all_quiet(&[
        "### 2. Secrets\n\n- **Vault**: Placeholder for a real vault",
        "### 2. Secrets ✅\n\n- **Example file**: placeholders instead of secrets",
        "### 2. Secrets ✅\n\n#### Known limitations\n\n- **Vault**: Placeholder",
        "### 2. Secrets (NOT COMPLETED)\n\n- **Vault**: Placeholder",
    ]);
}

#[test]
fn a_section_without_changes_lists_no_changed_file() {
    all_as_expected(&[(
        "### 5. Sessions ✅\n\n**Files:**\n- `src/session.ts` - Updated to await the store\n\n**Result:** No changes needed",
        &["status 6,4"],
    )]);
    all_quiet(&[
        "### 5. Sessions ✅\n\n**Files:**\n- `src/session.ts` - Full implementation\n\n**Result:** No changes needed",
        "### 5. Sessions ✅\n\n**Result:** No changes needed\n\n### 6. Keys ✅\n\n- `src/keys.ts` - Updated",
    ]);
}

#[test]
fn a_tick_on_a_goal_is_held_against_the_open_work_for_it() {
    all_as_expected(&[
        (
            "### Success Metrics\n\n- ✅ Load balancer drains cleanly\n- ✅ Docs are read\n\n### Remaining\n\n- ⏳ Set up load balancer",
            &["status 3,8"],
        ),
        (
            "## Next Steps\n\n### This week\n\n1. ✅ Approve the plan\n2. ✅ Book the room",
            &["status 5,6,1"],
        ),
    ]);
    all_quiet(&[
        "### Success Metrics\n\n- ✅ Load balancer drains cleanly\n- ⏳ Docs are read\n\n### Remaining\n\n- ⏳ Set up load balancer",
        "### Success Metrics Achieved\n\n- ✅ Load balancer drains cleanly\n- ✅ Docs are read\n\n### Remaining\n\n- ⏳ Set up load balancer",
        "### Success Metrics\n\n- ✅ Load balancer drains cleanly\n- ✅ Docs are read",
        "## Next Steps\n\n1. ✅ Approve the plan\n2. Book the room",
        "## Next Steps\n\nRun the script.\n\n**Expected**:\n- ✅ It builds\n- ✅ It starts",
    ]);
}

#[test]
fn a_heading_stands_once_and_ranges_of_ids_do_not_overlap() {
    all_as_expected(&[
        (
            "# Report\n\n## Urgent fixes (COMPLETED)\n\n- a\n\n## Urgent fixes (IN PROGRESS)\n\n- b",
            &["status 3,7"],
        ),
        (
            "### Week 1 (X01-X05)\n\n- a\n\n### Week 2 (X05-X09)\n\n- b",
            &["id 5,1"],
        ),
        (
            "| Phase | Ids | Owner |\n|---|---|---|\n| One | X01-X05 | Ann |\n| Two | X04-X09 | Bob |",
            &["id 4,3"],
        ),
    ]);
    all_quiet(&[
        "# Report\n\n## Urgent fixes (COMPLETED)\n\n- a\n\n## Later fixes (IN PROGRESS)\n\n- b",
        "# A\n\n## Urgent fixes (COMPLETED)\n\n# B\n\n## Urgent fixes (IN PROGRESS)",
        "### Week 1 (X01-X05)\n\n- a\n\n### Week 2 (X06-X09)\n\n- b",
        "### Week 1 (X01-X05)\n\n- a\n\n### Week 2 (Y05-Y09)\n\n- b",
        "### All (X01-X09)\n\n- a\n\n### Week 2 (X05-X09)\n\n- b",
    ]);
}

#[test]
fn one_id_means_one_thing() {
    all_as_expected(&[
        (
            "- US-01: Trade Entry\n- US-02: Multi-Depot Transfer\n\n## Later\n\n- US-01: Trade Entry\n- US-02: Custody Depot Transfer",
            &["id 2,7"],
        ),
        (
            "#### T41: Ledger Export\n\n#### T42: Mail Gateway\n\n## Plan\n\n- T41: Ledger Export\n- T42: Price Cache",
            &["id 3,8"],
        ),
        (
            "- [ ] T41: Ledger export\n\n## Done\n\n- ✅ T41: Ledger export",
            &["status 5,1"],
        ),
    ]);
    all_quiet(&[
        "- T41: Ledger Export\n\n## Plan\n\n- T41: Ledger Export Service",
        "- T41: Audit Logging\n\n## Plan\n\n- T41: Auditlog Model",
        "- T41: Ledger Export\n\n## Plan\n\n- T41: waiting for Ann",
        // Numbering that starts again.
        "## Api\n\n- R-1: Token Theft\n- R-2: Slow Queries\n\n## Web\n\n- R-1: Stale Cache\n- R-2: Broken Links",
        "## Before the work\n\n- [ ] T41: Ledger export\n\n## After\n\n- [x] T41: Ledger export",
        "- CVE-2024-11: Heap Overflow\n- CVE-2024-11: Fixed Upstream",
    ]);
}

#[test]
fn severity_words_follow_those_of_their_siblings() {
    let section =
        |id: &str, impact: &str| format!("#### P0-{id}: Thing {id} ✅\n**Impact:** {impact} - because\n\n");
    let text = |impacts: [&str; 4]| -> String {
        impacts
            .iter()
            .zip(1..)
            .map(|(impact, at)| section(&at.to_string(), impact))
            .collect()
    };
    assert_eq!(
        found(&text(["CRITICAL", "CRITICAL", "CRITICAL", "HIGH"])),
        ["severity 11,10,2,5,8"]
    );
    assert!(found(&text(["CRITICAL", "CRITICAL", "HIGH", "HIGH"])).is_empty());
    assert!(found(&text(["CRITICAL", "CRITICAL", "CRITICAL", "CRITICAL"])).is_empty());
}

#[test]
fn a_component_is_not_ready_while_its_section_is_open() {
    all_as_expected(&[
        (
            "### Storage Security\n\n- [ ] Encrypt the disks\n\n## Matrix\n\n| Component | Status |\n|---|---|\n| Storage | **READY** |\n| Api | **BLOCKED** |",
            &["status 9,3"],
        ),
        ("- [ ] **COMPLETED**: Encrypt the disks", &["status 1"]),
    ]);
    all_quiet(&[
        "### Storage Security\n\n- [x] Encrypt the disks\n\n## Matrix\n\n| Component | Status |\n|---|---|\n| Storage | **READY** |",
        "### Storage of Mails\n\n- [ ] Encrypt the disks\n\n## Matrix\n\n| Component | Status |\n|---|---|\n| Storage | **READY** |",
        "- [x] **COMPLETED**: Encrypt the disks",
    ]);
}

#[test]
fn limits_commands_and_prices_are_written_once() {
    all_as_expected(&[
        (
            "- Gate: enforces >90% coverage\n\n```sh\n# fails the build if coverage < 90%\n```",
            &["gate 1,4"],
        ),
        (
            "```\n0 3 * * * /usr/bin/node /srv/app/jobs/rotate.js\n```\n\nthen 1 more\n\n```\n# Add: 0 3 * * * /usr/bin/node /srv/jobs/rotate.js\n```",
            &["figure 2,8"],
        ),
        (
            "1. **Penetration Test** (before launch)\n   ```\n   # Budget: $8,000-12,000\n   ```\n\n- **Penetration Test**: $9,000-12,000",
            &["figure 6,3"],
        ),
    ]);
    all_quiet(&[
        "- Gate: enforces >=90% coverage\n\n```sh\n# fails the build if coverage < 90%\n```",
        "- Gate: enforces >90% coverage\n\n```sh\n# fails the build if coverage < 80%\n```",
        "- Coverage is >90%\n- Coverage must be at least 90%",
        "```\n0 3 * * * /usr/bin/node /srv/app/jobs/rotate.js\n0 3 * * * /usr/bin/node /srv/app/jobs/sweep.js\n0 4 * * * /usr/bin/node /srv/jobs/rotate.js\n```",
        "1. **Penetration Test**\n   ```\n   # Budget: $9,000-12,000\n   ```\n\n- **Penetration Test**: $9,000-12,000",
    ]);
}

#[test]
fn a_named_figure_has_one_value() {
    all_as_expected(&[
        (
            "# Release R\n\n## Summary\n\n- **Open endpoints**: 41\n\n## Results\n\n- **Open endpoints**: 38",
            &["figure 5,9"],
        ),
        (
            "# R\n\n## Overview\n\n- **Files Modified**: 40+\n\n## Lists\n\n### Modified Files (2)\n\n1. `a`\n2. `b`",
            &["figure 5,9"],
        ),
    ]);
    all_quiet(&[
        "# R\n\n## Summary\n\n- **Open endpoints**: about 40\n\n## Results\n\n- **Open endpoints**: 38",
        "# R\n\n## Week 1\n\n- **Open endpoints**: 41\n\n## Week 2\n\n- **Open endpoints**: 38",
        "# R\n\n## Before the work\n\n- **Open endpoints**: 41\n\n## Results\n\n- **Open endpoints**: 38",
        "# R\n\n## Summary\n\n- **Files Modified**: 5\n\n### New Files (3)\n\n1. a\n2. b\n3. c\n\n### Modified Files (2)\n\n1. `a`\n2. `b`",
        "# R\n\n## Summary A\n\n- **Open endpoints**: 4\n\n## Summary B\n\n- **Open endpoints**: 5\n\n## Summary C\n\n- **Open endpoints**: 6",
    ]);
}

#[test]
fn all_and_none_are_held_against_the_figures() {
    all_as_expected(&[
        (
            "- ✅ All tests passing\n\n## Results\n\n- Tests: 41 passed, 3 failed",
            &["figure 1,5"],
        ),
        (
            "- Zero known critical vulnerabilities\n\n## Scan\n\n- Found: 2 critical vulnerabilities\n\n- Open: 2 critical vulnerabilities, 4 high",
            &["figure 1,7"],
        ),
    ]);
    all_quiet(&[
        "- ✅ All unit tests passing\n\n## Results\n\n- E2E tests: 41 passed, 3 failed",
        "- ✅ All tests passing\n\n## Results\n\n- Tests: 41 passed, 0 failed",
        "- ✅ All tests passing\n\n## Before\n\n- Tests: 41 passed, 3 failed",
        "- All tests must pass\n\n## Results\n\n- Tests: 41 passed, 3 failed",
        "- Zero critical vulnerabilities\n\n- 2 critical vulnerabilities fixed",
    ]);
}

#[test]
fn a_period_is_written_once_in_a_line() {
    all_as_expected(&[
        ("- **Schedule**: `0 3 1 * *` (quarterly, at night)", &["figure 1"]),
        ("- **Schedule**: `30 2 * * 0` (daily)", &["figure 1"]),
        ("- 5-year retention (2,555 days TTL)", &["figure 1"]),
    ]);
    all_quiet(&[
        "- **Schedule**: `0 3 1 * *` (monthly)",
        "- **Schedule**: `0 0 1 1 *` (January 1st, annual)",
        "- **Schedule**: `0 3 1 */3 *` (quarterly)",
        "- **Schedule**: `*/5 * * * *` (daily report of the last run)",
        "- **Schedule**: `0 3 * * *`, weekly reports are sent by hand",
        "- 7-year retention (2,555 days)",
        "- 7-year retention (2,557 days)",
        "- 2 years of logs (90 days hot)",
    ]);
}

#[test]
fn actions_that_a_release_requires_stand_against_its_go() {
    all_as_expected(&[(
        "**Status**: ✅ **PRODUCTION READY**\n\n**Deployment Actions Required:**\n1. Run the migration\n2. Set the secrets",
        &["status 1,3,4,5"],
    )]);
    all_quiet(&[
        "**Status**: ✅ **PRODUCTION READY**\n\n**Deployment Actions Required:**\n1. ✅ Run the migration\n2. ✅ Set the secrets",
        "**Status**: ✅ **PRODUCTION READY**\n\n**Deployment Actions:**\n1. Run the migration\n2. Set the secrets",
    ]);
}

#[test]
fn an_id_that_a_range_promises_is_described() {
    let tasks =
        |ids: &[u32]| -> String { ids.iter().map(|id| format!("- X{id:02}: thing {id}\n")).collect() };
    let text = format!(
        "- **Tasks**: 6 tasks (X01-X06)\n\n## List\n\n{}",
        tasks(&[1, 2, 4, 5, 6])
    );
    assert_eq!(found(&text), ["count 1,5,9"]);
    let text = format!(
        "- **Tasks**: 6 tasks (X01-X06)\n\n## List\n\n{}",
        tasks(&[1, 2, 3, 4, 5, 6])
    );
    assert!(found(&text).is_empty());
    let text = format!(
        "- **Tasks**: 6 tasks (X01-X06)\n\n## List\n\n- X02-X05: the middle\n{}",
        tasks(&[1, 6])
    );
    assert!(found(&text).is_empty());
}

#[test]
fn a_row_and_the_heading_of_its_name_have_one_state() {
    all_as_expected(&[(
        "| Finding | Status |\n|---|---|\n| Connection pool | ⏳ PENDING |\n| Port clash | ✅ FIXED |\n\n### 1. Connection Pool ✅ IMPLEMENTED\n\nText.",
        &["status 6,3"],
    )]);
    all_quiet(&[
        "| Finding | Status |\n|---|---|\n| Connection pool | ✅ FIXED |\n| Port clash | ✅ FIXED |\n\n### 1. Connection Pool ✅ IMPLEMENTED\n\nText.",
    ]);
}

#[test]
fn currencies_behind_the_amount_add_up_as_well() {
    all_as_expected(&[(
        "- **Vault**: 300 EUR/month\n- **Storage**: 40 EUR/month\n\n**Monthly Cost**: 440 EUR/month",
        &["sum 4,1,2"],
    )]);
    all_quiet(&[
        "- **Vault**: 300 EUR/month\n- **Storage**: 40 EUR/month\n\n**Monthly Cost**: 340 EUR/month",
    ]);
}
