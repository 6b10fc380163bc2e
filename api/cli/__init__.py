"""The command line. Exit codes: 0 clear or ok, 1 error, 2 usage, 3 review or match, 4 incomplete."""

import sys
from typing import Annotated

import typer

from api.cli import (
    audit,
    batch,
    cases,
    deal,
    evaluate,
    keys,
    lists,
    replay,
    screen,
    serve,
    subjects,
    up,
    users,
    validate,
    worker,
)
from api.cli.output import out, print_error
from core.errors import CaspianError
from lists.content import software_version

app = typer.Typer(
    name="caspian",
    help="Sanctions screening for Iran–Russia trade: official lists in, recorded and explained answers out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(lists.app, name="lists")
app.command(name="screen")(screen.screen)
app.command(name="batch")(batch.batch)
app.command(name="replay")(replay.replay)
app.command(name="deal")(deal.deal)
app.command(name="rules")(deal.rules)
app.command(name="cases")(cases.cases)
app.command(name="validate")(validate.validate)
app.add_typer(evaluate.app, name="evaluate")
app.add_typer(audit.app, name="audit")
app.add_typer(keys.app, name="keys")
app.add_typer(subjects.app, name="subjects")
app.add_typer(users.app, name="users")
app.command(name="serve")(serve.serve)
app.command(name="worker")(worker.worker)
app.command(name="up")(up.up)


def _version(wanted: bool) -> None:
    if wanted:
        out.print(f"caspian {software_version()}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_version)
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command line; an error raised on purpose becomes one line and its exit code, never a stack trace."""
    try:
        app()
    except CaspianError as error:
        sys.exit(print_error(error))
