"""The matcher: candidates from an index, scored, explained, judged by a policy. Pure: no database, web or clock."""

from screening.compiled import modules_of

__path__[:0] = modules_of(__name__)
