"""The screening floor: match, assess, decide, record, audit. Knows `lists` and `core`."""
