"""Features: one small function each, subject and listed entity in, evidence or a qualifier out."""
