use super::*;
use crate::text::markdown::Outline;

fn declared(text: &str) -> Vec<String> {
    let source = SourceText::read(std::sync::Arc::from(text.as_bytes()));
    let outline = Outline::of(source.text());
    let lines = Statements::of(source.text(), &outline);
    let shown = |d: DeclaredVerdict| {
        let past = if d.historical { " past" } else { "" };
        format!(
            "{} {} {}{past}: {}",
            d.line,
            d.verdict.word(),
            d.stage.word(),
            d.text
        )
    };
    read(&lines, &source).into_iter().map(shown).collect()
}

#[test]
fn declarations_are_read_in_many_forms() {
    let table = [
        (
            "**Status:** ✅ **PRODUCTION READY** (all done)",
            "1 go production: PRODUCTION READY",
        ),
        (
            "**Status**: ✅ **READY FOR PRODUCTION** (Conditional)",
            "1 conditional production: READY FOR PRODUCTION (Conditional)",
        ),
        (
            "**Decision**: GO FOR PRODUCTION DEPLOYMENT",
            "1 go production: GO FOR PRODUCTION DEPLOYMENT",
        ),
        ("Decision: NO-GO", "1 no_go production: NO-GO"),
        ("**Verdict:** GO", "1 go production: GO"),
        (
            "**Recommendation**: Conditional GO",
            "1 conditional production: Conditional GO",
        ),
        (
            "**Review Status:** Awaiting manual testing",
            "1 hold production: Awaiting manual testing",
        ),
        ("**Status**: ON HOLD", "1 hold production: ON HOLD"),
        (
            "## ❌ DEPLOYMENT BLOCKED",
            "1 no_go production: DEPLOYMENT BLOCKED",
        ),
        (
            "# ⚠️ NOT PRODUCTION READY",
            "1 no_go production: NOT PRODUCTION READY",
        ),
        (
            "### Readiness: ✅ **FULLY APPROVED**",
            "1 go production: FULLY APPROVED",
        ),
        (
            "- **Ready for production**: ❌ NO",
            "1 no_go production: Ready for production",
        ),
        ("- **Ready for beta**: ✅ YES", "1 go beta: Ready for beta"),
        (
            "**🚀 SYSTEM READY FOR STAGING DEPLOYMENT**",
            "1 go staging: READY FOR STAGING DEPLOYMENT",
        ),
        (
            "**Cleared for production deployment.** 🚀",
            "1 go production: Cleared for production deployment",
        ),
        (
            "The application is **production-ready** with full tests.",
            "1 go production: production-ready",
        ),
        (
            "The system is not yet ready for production.",
            "1 no_go production: not yet ready for production",
        ),
        (
            "The platform is ready for launch once DNS is set.",
            "1 conditional production: ready for launch once DNS is set",
        ),
        (
            "**Estado**: LISTO PARA PRODUCCIÓN",
            "1 go production: LISTO PARA PRODUCCIÓN",
        ),
        (
            "**Status**: PRÊT POUR LA PRODUCTION",
            "1 go production: PRÊT POUR LA PRODUCTION",
        ),
        (
            "**Status**: BEREIT FÜR DIE PRODUKTION",
            "1 go production: BEREIT FÜR DIE PRODUKTION",
        ),
        (
            "**Status**: PRONTO PARA PRODUÇÃO",
            "1 go production: PRONTO PARA PRODUÇÃO",
        ),
        (
            "| Field | Value |\n|---|---|\n| Verdict | GO |",
            "3 go production: GO",
        ),
        (
            "### Before the fixes\n\n**Status**: NOT PRODUCTION READY",
            "3 no_go production past: NOT PRODUCTION READY",
        ),
    ];
    let wrong: Vec<_> = table
        .into_iter()
        .map(|(text, expected)| (text, declared(text), expected))
        .filter(|(_, found, expected)| found != &[*expected])
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(
        declared("**Status**: ✅ BETA READY | ⚠️ PRODUCTION READY AFTER PHASE 3"),
        [
            "1 go beta: BETA READY",
            "1 hold production: PRODUCTION READY AFTER PHASE 3"
        ]
    );
}

#[test]
fn labels_plans_criteria_and_adjectives_declare_nothing() {
    let table = [
        "### Production deployment: GO / NO-GO",
        "## Go/No-Go Decision",
        "## TIER 4: INFRASTRUCTURE (PRODUCTION READY)",
        "1. Go/No-Go decision based on the audit",
        "**Result:** No changes needed - production-ready as-is",
        "- ✅ **Production-ready codebase with no blockers**",
        "Created a production-ready configuration template.",
        "- [ ] Ready for production",
        "- [x] **READY FOR PRODUCTION**",
        "## Is it production ready?",
        "## Ready for Deployment",
        "## GO criteria\n\n**Status**: READY FOR PRODUCTION",
        "The system will be ready for production after the audit.",
        "A release is ready for production when all gates pass.",
        "> the team said that this was ready to ship",
        "### 3. Cache\n\n**Status**: ✅ PRODUCTION READY",
        "### SECURITY: PRODUCTION READY",
        "The request is blocked until the lock is released.",
        "Production Readiness Checklist",
        "```\nStatus: PRODUCTION READY\n```",
        "## After resolving the above\n\n- **Ready for production**: ✅ YES",
        "| Component | Status |\n|---|---|\n| API | READY |",
    ];
    let wrong: Vec<_> = table
        .into_iter()
        .map(|text| (text, declared(text)))
        .filter(|(_, found)| !found.is_empty())
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_refusal_is_heard_in_plain_sentences_and_behind_the_question() {
    for (text, expected) in [
        ("**Go/No-Go:** NO-GO", "1 no_go production: NO-GO"),
        ("Go/No-Go decision: **GO**", "1 go production: GO"),
        ("**Décision : NO-GO**", "1 no_go production: NO-GO"),
        (
            "We are not ready for production.",
            "1 no_go production: not ready for production",
        ),
        (
            "Not ready for production.",
            "1 no_go production: Not ready for production",
        ),
        (
            "**Status:** ❌ Nicht freigegeben",
            "1 no_go production: Nicht freigegeben",
        ),
        (
            "The platform is production-ready except for backups.",
            "1 conditional production: production-ready except for backups",
        ),
    ] {
        assert_eq!(declared(text), [expected], "{text}");
    }
    for text in [
        "Go/No-Go",
        "## GO / NO-GO criteria",
        "Not ready for production: the cache",
        "Nothing here is ready for production code.",
    ] {
        assert!(declared(text).is_empty(), "{text}: {:?}", declared(text));
    }
}
