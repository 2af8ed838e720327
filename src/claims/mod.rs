//! What reports claim, recognised and held against the evidence; one folder a kind of claim.
//!
//! Not here: asking the world (questions go out, answers come in), the verdict. Invariants: a claim never supports
//! itself; what is not understood or not answered is unverifiable, never true and never false.
