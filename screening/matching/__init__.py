"""The matcher: candidates from an index, scored, explained, judged by a policy. Pure: no database, web or clock."""
