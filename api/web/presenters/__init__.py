"""Presenters: pure functions from records to what a page shows. No request, no database, no HTML."""
