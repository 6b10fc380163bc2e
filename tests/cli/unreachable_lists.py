"""Settings under which no list has a publisher in reach: each is then what the bundled sample has of it."""

from lists.source import discover

UNREACHABLE = {f"CASPIAN_LISTS__{key.upper()}__URL": "http://127.0.0.1:9/" for key in discover()}
