"""Data: the reason codes of decisions."""
