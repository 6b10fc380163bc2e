"""`caspian deal` and `caspian rules`: assess deals from a file, and list the rules they are held against."""

import asyncio
import json
import secrets
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.text import Text

from api.cli.output import Exit, err, out, print_json, print_table
from api.cli.screen import casework
from api.cli.setup import opened, operator, read_settings
from api.routes.rules import view
from core.errors import FieldError, InvalidInput
from screening.deals.deal import Deal
from screening.deals.rules import Level, Verdict, rule_book
from screening.services.deal import RecordedDeal

LINES = ".jsonl"
"""The ending of a file with a deal on every line."""

EXIT_OF = {
    Verdict.CLEAR: Exit.OK,
    Verdict.INCOMPLETE: Exit.INCOMPLETE,
    Verdict.REVIEW: Exit.REVIEW_OR_MATCH,
    Verdict.STOP: Exit.REVIEW_OR_MATCH,
}
STYLE_OF = {
    Verdict.CLEAR: "bold green",
    Verdict.INCOMPLETE: "bold magenta",
    Verdict.REVIEW: "bold yellow",
    Verdict.STOP: "bold red",
}


def deal(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A deal as JSON; .jsonl: a deal on every line.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines; a line each for .jsonl.")] = False,
) -> None:
    """Assess a deal, or every deal of a file, and record it. Exit code: 0 clear, 3 review or stop, 4 incomplete; of
    several deals, that of the worst. A line that cannot be read is named, the others are assessed, and the code is 2.
    """
    work = _assess_lines(path, as_json=as_json) if path.suffix == LINES else _assess_one(path, as_json=as_json)
    raise typer.Exit(asyncio.run(work))


def rules(as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False) -> None:
    """List the rules that deals are held against: what each says, its citation, and whether it is applied."""
    try:
        found = view(rule_book(read_settings().deal_rules))
    except ValueError as error:
        raise InvalidInput(f"CASPIAN_DEAL_RULES: {error}") from error
    if as_json:
        print_json(found.model_dump(mode="json"))
        return
    print_table(
        ("rule", "applied", "verdict", "says", "citation", "from"),
        [
            (
                rule.id,
                ("yes" if rule.applied else "no") + (", unconfirmed" if rule.unconfirmed else ""),
                rule.verdict.value,
                rule.condition,
                rule.citation,
                str(rule.valid_from or ""),
            )
            for rule in found.items
        ],
    )


async def _assess_one(path: Path, *, as_json: bool) -> Exit:
    read = _deal(_text(path))
    async with opened(read_settings()) as services:
        recorded = await services.deals.assess(read, operator(), request_id=secrets.token_hex(8))
    if as_json:
        typer.echo(recorded.model_dump_json(indent=2))
    else:
        _print(recorded)
    return EXIT_OF[recorded.assessment.verdict]


async def _assess_lines(path: Path, *, as_json: bool) -> Exit:
    """Assess line by line, so that a file of any length fits. What of a line is wrong stops no other line."""
    worst, unread = Verdict.CLEAR, 0
    async with opened(read_settings()) as services:
        for number, line in enumerate(_lines(path), 1):
            if not line.strip():
                continue
            try:
                recorded = await services.deals.assess(_deal(line), operator(), request_id=secrets.token_hex(8))
            except InvalidInput as error:
                unread += 1
                _print_unread(number, error, as_json=as_json)
                continue
            worst = max(worst, recorded.assessment.verdict, key=lambda verdict: verdict.rank)
            if as_json:
                typer.echo(recorded.model_dump_json())
            else:
                _print(recorded)
    return Exit.USAGE if unread else EXIT_OF[worst]


def _text(path: Path) -> str:
    return "".join(_lines(path))


def _lines(path: Path) -> Iterator[str]:
    """The lines of a file; bytes that are no UTF-8 make their own line unreadable, no other. Raises InvalidInput."""
    try:
        with path.open(encoding="utf-8-sig", errors="surrogateescape") as lines:
            yield from lines
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror}") from error


def _deal(text: str) -> Deal:
    """Return the deal that a text holds as JSON. Raises InvalidInput naming what of it cannot be read."""
    try:
        return Deal.model_validate_json(text.encode("utf-8", "surrogateescape"))
    except ValidationError as error:
        fields = [FieldError(".".join(map(str, wrong["loc"])) or "JSON", wrong["msg"]) for wrong in error.errors()]
        raise InvalidInput("the deal cannot be read; nothing was assessed", fields) from error


def _print_unread(number: int, error: InvalidInput, *, as_json: bool) -> None:
    if as_json:
        fields = [asdict(field) for field in error.errors]
        typer.echo(json.dumps({"line": number, "error": str(error), "fields": fields}, ensure_ascii=False))
        return
    err.print(Text.assemble((f"line {number}: ", "bold red"), str(error)))
    for field in error.errors:
        err.print(Text(f"  {field.field}: {field.message}"))


def _print(recorded: RecordedDeal) -> None:
    assessment, receipt = recorded.assessment, recorded.receipt
    head = f"{receipt.reference}  " if receipt.reference else ""
    out.print(
        Text.assemble(head, (assessment.verdict.value.upper(), STYLE_OF[assessment.verdict]), "  ", assessment.say)
    )
    out.print(Text(assessment.because))
    for number, reason in enumerate(assessment.reasons, 1):
        ids = ", ".join(rule.id + (" (unconfirmed)" if rule.unconfirmed else "") for rule in reason.rules)
        out.print(Text.assemble((f"{number:>3}. {reason.text}", "bold"), f"  {ids}"))
        for detail in reason.details:
            out.print(Text(f"     {detail}", style="dim"))
        if reason.evidence:
            out.print(Text(f"     Would change it: {reason.evidence}", style="dim"))
    for lack in assessment.missing:
        out.print(Text(f"  ! missing: {lack}", style="yellow"))
    for regime in assessment.regimes:
        because = regime.because[0] if regime.level is not Level.NONE else ""
        out.print(Text(f"  {regime.title:<14} {regime.level.value:<11} {because}"))
    for point in assessment.baseline:
        out.print(Text(f"  every such deal: {point.text}", style="dim"))
    for text in casework(receipt):
        out.print(Text(f"  {text}", style="dim"))
    moment = f"{receipt.recorded_at:%Y-%m-%d %H:%M:%S} UTC as {receipt.id}, audit entry {receipt.audit_sequence:,}"
    out.print(Text(f"Recorded {moment}\n", style="dim"))
