"""`python -m benchmarks [name …]`: run these measurements, or all. A measurement is a module with `main(arguments)`.

Arguments after `--` go to the one measurement named: `python -m benchmarks recall -- --queries 50`.
"""

import importlib
import sys

MEASUREMENTS = ("engine", "accuracy", "recall")
"""Module names in the order in which they run. Add yours here."""


def main() -> int:
    """Run what was asked for. Returns 2 when there is no such measurement."""
    asked = sys.argv[1:]
    arguments: list[str] = []
    if "--" in asked:
        at = asked.index("--")
        asked, arguments = asked[:at], asked[at + 1 :]
    unknown = [name for name in asked if name not in MEASUREMENTS]
    if unknown:
        print(f"no such measurement: {', '.join(unknown)}; there are {', '.join(MEASUREMENTS)}", file=sys.stderr)
        return 2
    for name in asked or MEASUREMENTS:
        print(f"== {name}", flush=True)
        importlib.import_module(f"benchmarks.{name}").main(arguments)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
