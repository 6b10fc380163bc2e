"""The lists floor: publishers' files in, listed entities and immutable snapshots out. Knows only `core`."""
