"""`python -m benchmarks [name …]`: run these measurements, or all, and keep what they print in docs/benchmarks.md.

A measurement is a module with a docstring and `main(arguments)`. Arguments after `--` go to the one measurement named:
`python -m benchmarks recall -- --queries 50`.
"""

import importlib
import sys

from benchmarks import report

MEASUREMENTS = (
    "engine",
    "accuracy",
    "calibrate",
    "themselves",
    "recall",
    "peer",
    "http",
    "batch",
    "batch_kills",
    "monitoring",
    "deals",
    "audit",
    "recording",
    "replay",
)
"""Module names in the order in which they run and stand on the page. Add yours here."""

ALONE = ("peer",)
"""Not run with all others: they need something that `make bench` does not build."""


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
    for name in asked or [name for name in MEASUREMENTS if name not in ALONE]:
        print(f"== {name}", flush=True)
        module = importlib.import_module(f"benchmarks.{name}")
        title = (module.__doc__ or "").strip().split("\n\n")[0].replace("\n", " ")
        report.keep(name, report.run(name, title, module.main, arguments), MEASUREMENTS)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
