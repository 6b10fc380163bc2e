"""Reading names: from text as written to tokens that can be compared. Pure."""
