//! What the test binaries share. Never a test.
