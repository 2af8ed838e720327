//! The sample repository of `gonogo demo`: Quayside, an invented booking service for small harbours, with history and
//! five readiness reports in five dialects.
//!
//! The reports lie under `files/` as readable UTF-8; two of them are damaged when they are written, each in its own way
//! (see [`Spelling`]). Where a report names earlier commits it says `{{commit:4}}`, which becomes the short hash.
//!
//! # What is wrong in the reports
//!
//! They were written to be caught out. Whoever changes a file under `files/` keeps this list true.
//!
//! `docs/DEPLOYMENT_BLOCKERS_COMPLETE.md` (completion report; UTF-8 read as Windows-1252, and the 9D of the 📝 before
//! `Conclusion` is lost)
//! - `8/8` and "8 blocker tasks": the rows add to 9 (4+2+1+1+1). `19 of 46 (48% complete)`: it is 41 %. Core: 12 − 5 is 7, not 6.
//! - No such file: `tests/integration/audit.test.ts`; so nothing has its 9,850 bytes either. No script `test:e2e`.
//! - Retention is 365 days in `auditLog.ts`, not 1,825. Passwords need 10 characters, not 12. Two keys are kept, not 3.
//! - Sessions do not end when the password changes (a TODO says so). `0 3 1 * *` is monthly, not quarterly.
//! - The coverage gate does not exist: the step may fail (`continue-on-error`) and has no threshold; `npm audit` ends in
//!   `|| true`; the "weekly" scan only runs by hand and cannot fail.
//! - GO, while the cron job, the secrets and the backups (ticked above) are still to be set up; "monitoring in place" is nobody's item.
//!
//! `PRODUCTION_BLOCKERS_RESOLVED.md` (blockers resolved; real UTF-8)
//! - All 6 resolved: the table says PENDING for the fifth, its heading says IMPLEMENTED.
//! - ~50 minutes: 5+20+15 are 40. "4 out of 6" were there already: three are. "Only 2 out of 6": three are listed.
//! - Grade after: the rows' mean is 88, not 92; 71 to 92 are 21 points, not 23 (71 is the mean of its rows).
//! - The image still exposes 3000. The pool has 10 connections, not 20. There are 3 network policies, not 4. No Redis anywhere.
//! - 5 logins a minute was true when it was written; since the last commit it is 20. `server.ts:14` has become line 15.
//!
//! `SECURITY_CHECKLIST.md` (tiers; UTF-8 read as Mac OS Roman)
//! - 25 boxes, two ticked. Five are conflicted: three COMPLETED and one STARTED with a ✅ but no tick, one PENDING with a tick.
//! - "9 of 25 items are done (36%)": no way of counting gives 9. Costs: 300+80+40 are 420 a month, not 520.
//! - Blocked "until ALL ITEMS are done" and "until Tier 1 is 100% complete" are two different gates; Tier 1 stands at 1 of 8.
//! - The ticked login limit of 5 is 20 since the last commit. The pricing worker is READY without any monitoring.
//!
//! `docs/SESSION_SUMMARY.md` (session summary; real UTF-8)
//! - P1 effort 17: 8+5+6 are 19. Week 2 total 28: the tasks add to 26. Estimated 60: 36+26 are 62. T041-T051 are 11 ids for "10 tasks".
//! - New files (5): six are listed; modified files (3): two, of which `docs/RUNBOOK.md` does not exist. Commits: 3 said, 4 listed.
//! - 78.2 % stands under ">80%". "4 files below the target": two are listed. 3/3 tests pass, but one is skipped.
//! - The image has no `USER`, and the compose file has a default password. Load test: 8 hours here, 10 there.
//! - Four checks are pending, while the pilot is called ready. ✅ under "Success Metrics" are goals, not facts.
//!
//! `PRODUCTION_READINESS_REPORT.md` (readiness report; real UTF-8)
//! - READY (Conditional), FULLY APPROVED, APPROVED FOR IMMEDIATE RELEASE and awaiting sign-off, all in one document.
//! - "ALL P0 and MOST P1", "ALL COMPLETED", "All P1 issues fixed", while P1-6 is pending.
//! - `9f3c2ab` is no commit. P0-3 names the commit of the scan; the table names the right one. The "review" of the summary is the CI commit.
//! - Overall before: the mean is 63, not 68. After: 91 in the summary, 94 in the table; the mean is 91. Authorization: 40 points, not 38.
//! - Total commits 6: five are listed. Files modified 3: two are listed (created: 5 is right).
//! - Entries kept 5 years: 365 days. "Owner check on every route": only on one. "Active on all replicas": a limitation says each counts for itself.
//! - `USER node` is not in the image; "all tests pass on main" cannot be told, the test step may fail.

mod content;
mod create;

pub use create::{Created, DemoError, create};
