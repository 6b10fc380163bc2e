"""`caspian deal` and `caspian rules`: assess deals from a file, and list the rules they are held against."""

import asyncio
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.text import Text

from api.cli.output import Exit, out, print_json, print_table
from api.cli.screen import casework
from api.cli.setup import opened, operator, read_settings
from api.routes.rules import view
from core.errors import FieldError, InvalidInput
from screening.deals.deal import Deal
from screening.deals.rules import Level, Verdict, rule_book
from screening.services.deal import RecordedDeal

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
    several deals, that of the worst.
    """
    deals = list(_read(path))
    assessed = asyncio.run(_assess(deals, path, as_json=as_json))
    worst = max((one.assessment.verdict for one in assessed), key=lambda v: v.rank, default=Verdict.CLEAR)
    raise typer.Exit(EXIT_OF[worst])


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


def _read(path: Path) -> Iterator[Deal]:
    """Every deal of the file. Nothing is assessed if one of them cannot be read: the error names its line."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{path} cannot be read: {error}") from error
    lines = text.splitlines() if path.suffix == ".jsonl" else [text]
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield Deal.model_validate_json(line)
        except ValidationError as error:
            where = f"{path}, line {number}" if path.suffix == ".jsonl" else str(path)
            fields = [FieldError(".".join(map(str, problem["loc"])), problem["msg"]) for problem in error.errors()]
            raise InvalidInput(f"{where} is no deal that can be read; nothing was assessed", fields) from error


async def _assess(deals: list[Deal], path: Path, *, as_json: bool) -> list[RecordedDeal]:
    found = []
    async with opened(read_settings()) as services:
        for one in deals:
            recorded = await services.deals.assess(one, operator(), request_id=secrets.token_hex(8))
            found.append(recorded)
            if as_json:
                typer.echo(recorded.model_dump_json(indent=None if path.suffix == ".jsonl" else 2))
            else:
                _print(recorded)
    return found


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
