//! Headless output: text, JSON, Markdown. Own DTOs; the contract of the command line.
