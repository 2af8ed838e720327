#![no_main]

#[path = "../../tests/it/fuzz.rs"]
mod fuzz;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::yaml(bytes));
