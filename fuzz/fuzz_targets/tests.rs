#![no_main]

#[path = "../../tests/it/fuzz_evidence.rs"]
mod fuzz;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::tests(bytes));
