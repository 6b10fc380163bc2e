"""Monitoring: subjects that are kept, and screened again when a list change can touch them."""
