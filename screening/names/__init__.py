"""Reading names: from text as written to tokens that can be compared. Pure."""

from screening.compiled import modules_of

__path__[:0] = modules_of(__name__)
