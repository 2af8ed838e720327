//! UTF-8 that was once read as Windows-1252 or Mac OS Roman: recognised and repaired for reading only.
