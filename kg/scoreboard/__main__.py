"""``python -m kg.scoreboard``: run the evaluations, print their tables, and write them to JSON and into a page."""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kg import __version__
from kg.errors import KgError, OutputError

if TYPE_CHECKING:
    from kg.scoreboard.evaluation import Evaluation, Figures

NAMES: Final = ("gold", "links", "places", "polnear", "re3d", "treebank", "ner", "speed")
_THREADS: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@click.command(context_settings={"help_option_names": ["-h", "--help"]}, no_args_is_help=True)
@click.option(
    "--corpora", type=click.Path(path_type=Path), help="The folder of polnear, re3d, ud_ewt, ud_gum and so on."
)
@click.option("--gold", type=click.Path(path_type=Path), help="The folder of NAME.txt with NAME.gold.json.")
@click.option("--only", multiple=True, type=click.Choice(NAMES), help="This evaluation; may be given several times.")
@click.option("--json", "target", type=click.Path(path_type=Path), help="Also write the figures to this file.")
@click.option("--update", "page", type=click.Path(path_type=Path), help="Also write the tables into this page.")
def command(
    corpora: Path | None, gold: Path | None, only: tuple[str, ...], target: Path | None, page: Path | None
) -> int:
    """Run every evaluation whose data is there, and print a table for each.

    Exit codes: 0 done, 1 some were not run or data is broken, 2 wrong usage.
    """
    # Before the first import of numpy: what is measured is one core.
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    from kg.scoreboard.table import section, update  # noqa: PLC0415

    folders = {"corpora": corpora, "gold": gold}
    measured: dict[str, Figures] = {}
    sections: dict[str, str] = {}
    skipped: dict[str, str] = {}
    for name in only or NAMES:
        evaluation: Evaluation = import_module(f"kg.scoreboard.{name}").EVALUATION
        folder = folders[evaluation.option]
        why = evaluation.missing(folder)
        if folder is None or why:
            skipped[name] = why
            click.echo(f"## {name}\n\nnot run: {why}\n")
            continue
        measured[name] = evaluation.run(folder)
        sections[name] = section(evaluation, measured[name])
        click.echo(f"## {name}\n\n{sections[name]}")
    if target:
        _write(target, {"version": __version__, "figures": measured, "not run": skipped})
    if page:
        update(page, sections)
    return 1 if skipped else 0


def _write(target: Path, content: object) -> None:
    try:
        target.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")
    except OSError as error:
        raise OutputError(str(target), f"cannot be written: {error}", "name another file") from error


def main(arguments: list[str] | None = None) -> None:
    """Run the command, and exit as it says."""
    try:
        sys.exit(command.main(arguments, prog_name="python -m kg.scoreboard", standalone_mode=False))
    except click.ClickException as error:
        click.echo(f"scoreboard: {error.format_message()}", err=True)
        sys.exit(2)
    except KgError as error:
        click.echo(f"scoreboard: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
