//! Decisions: what a call means, given the state. Pure; never I/O, never a clock, never a random number.
