"""Log lines: structlog, for people on a terminal, as JSON for machines. Never a name, a key or a payload in them."""

import logging
import sys
from typing import cast

import structlog


def configure(level: str = "INFO", *, as_json: bool = False) -> None:
    """Set up logging for this process: lines go to standard error, so that standard output stays for results."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # of the moment: a stream may be exchanged
        cache_logger_on_first_use=False,
    )


def logger(name: str) -> structlog.typing.FilteringBoundLogger:
    """A logger that names the module it speaks for."""
    return cast("structlog.typing.FilteringBoundLogger", structlog.get_logger(module=name))
