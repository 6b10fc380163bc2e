"""Features: one small function each, subject and listed entity in, evidence or a qualifier out."""

from screening.compiled import modules_of

__path__[:0] = modules_of(__name__)
