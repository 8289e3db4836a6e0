"""``python -m kg.nlp.training``: from corpora to the shipped pipeline, a step a command.

prepare → words → vectors → train syntax, train entities → package → name-classes → attribution → evaluate
"""

from __future__ import annotations

import ast
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from kg.errors import FormatError, KgError
from kg.nlp.training.corpora import Corpora

WORK = click.option(
    "--work",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("build/training"),
    show_default=True,
    help="Folder for what the steps leave for each other.",
)
CORPORA = click.option(
    "--corpora",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    required=True,
    help="Folder of ud_ewt, ud_gum, worldwide_newswire, polnear, re3d and ungdc-*.txt.gz.",
)


@click.group()
def cli() -> None:
    """Train the pipeline that kg reads articles with; see kg/nlp/training/README.md."""


@cli.command()
@CORPORA
@WORK
def prepare(corpora: Path, work: Path) -> None:
    """Turn treebanks, newswire and raw text into what training reads."""
    from kg.nlp.training import prepare as step  # noqa: PLC0415 - spaCy only for who needs it

    source = Corpora(corpora)
    for done in (step.syntax, step.entities, step.text):
        for name, count in done(source, work).items():
            click.echo(f"{name}: {count}")


@cli.command()
@WORK
@click.option("--rows", type=click.IntRange(min=1), help="Rows of the table.")
@click.option("--epochs", type=click.IntRange(min=1), help="Passes over the text.")
def vectors(work: Path, rows: int | None, epochs: int | None) -> None:
    """Learn word vectors from the raw text."""
    from kg.nlp.training import vectors as step  # noqa: PLC0415

    click.echo(step.train(work, rows=rows or step.ROWS, epochs=epochs or step.EPOCHS))


@cli.command()
@click.argument("glove", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@WORK
def words(glove: Path, out: Path, work: Path) -> None:
    """Choose from the file GLOVE the words that the raw text needs, and write the table OUT."""
    from kg.nlp.training import words as step  # noqa: PLC0415

    table = step.build(glove, work, out)
    click.echo(f"{out}: {len(table.keys)} words, {len(table.values)} rows")


@cli.command()
@click.argument("kind", type=click.Choice(["syntax", "entities"]))
@WORK
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="A setting, as training.max_steps=100.")
def train(kind: str, work: Path, settings: tuple[str, ...]) -> None:
    """Train tagger and parser (syntax), or the entity recognizer (entities)."""
    overrides = dict(map(_setting, settings))
    from kg.nlp.training.train import train as step  # noqa: PLC0415

    click.echo(step(kind, work, overrides))


@cli.command()
@CORPORA
@WORK
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
def package(corpora: Path, work: Path, out: Path) -> None:
    """Join what was trained, with its rules, to one pipeline in the folder OUT."""
    from kg.nlp.training import package as step  # noqa: PLC0415

    nlp = step.assemble(work / "syntax" / "model-best", work / "entities" / "model-best", Corpora(corpora))
    step.save(nlp, out)
    click.echo(out)


@cli.command("name-classes")
@click.argument("model", type=click.Path(exists=True, file_okay=False, path_type=Path))
@CORPORA
@click.option("--epochs", type=click.IntRange(min=1), help="Passes over the articles.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Another folder for the result.")
def name_classes(model: Path, corpora: Path, epochs: int | None, out: Path | None) -> None:
    """Train the classes of names on newswire, and put them into the pipeline MODEL."""
    from kg.nlp import saved  # noqa: PLC0415
    from kg.nlp.training import name_classes as step  # noqa: PLC0415
    from kg.nlp.training import package as packaging  # noqa: PLC0415

    nlp = saved(model)
    settings = step.Settings(epochs=epochs) if epochs else step.Settings()
    step.fit(nlp, Corpora(corpora).newswire / "train", settings=settings, log=click.echo)
    packaging.save(nlp, out or model)
    click.echo(out or model)


@cli.command()
@CORPORA
@click.option("--model", metavar="NAME|PATH", help="Pipeline that parses the articles; the package's own by default.")
@click.option(
    "--teacher",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of a pre-trained encoder that learns first and teaches the tagger.",
)
@click.option("--epochs", type=click.IntRange(min=1), help="Passes over the articles.")
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
def attribution(corpora: Path, model: str | None, teacher: Path | None, epochs: int | None, out: Path) -> None:
    """Train the tagger of attributions on PolNeAR, and save it to the folder OUT."""
    from kg.nlp.training import attribution as step  # noqa: PLC0415

    settings = step.Settings(epochs=epochs) if epochs else step.Settings()
    step.learn(Corpora(corpora), out, teacher=teacher, model=model, settings=settings, log=click.echo)


@cli.command()
@click.argument("model", type=click.Path(exists=True, file_okay=False, path_type=Path))
@CORPORA
@click.option("--split", type=click.Choice(["dev", "test"]), default="dev", show_default=True, help="Of the treebanks.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def evaluate(model: Path, corpora: Path, split: str, as_json: bool) -> None:
    """Measure the pipeline MODEL on treebanks and newswire."""
    from kg.nlp import saved  # noqa: PLC0415
    from kg.nlp.training import evaluate as step  # noqa: PLC0415

    source = Corpora(corpora)
    nlp = saved(model)
    scores: dict[str, dict[str, Any]] = {
        "treebank": step.treebank(nlp, source.files(split)),
        "relations": _values(step.relations(nlp, source.files(split))),
        "entities": _values(step.entities(nlp, source.newswire / "dev")),
    }
    if as_json:
        click.echo(json.dumps(scores, indent=2))
        return
    for name, score in scores["treebank"].items():
        click.echo(f"{name:12} {100 * score:6.2f}")
    for name, score in (scores["entities"] | scores["relations"]).items():
        click.echo(f"{name:12} " + " ".join(f"{100 * score[key]:6.2f}" for key in ("precision", "recall", "f1")))


def main() -> None:
    """Run a command; what goes wrong is one line on standard error, and exit code 1, or 2 if it was used wrongly."""
    try:
        cli.main(prog_name="python -m kg.nlp.training", standalone_mode=True)
    except KgError as error:
        click.echo(f"training: {error}", err=True)
        sys.exit(2 if isinstance(error, FormatError) else 1)


def _setting(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise click.BadParameter(f"'{text}' is no KEY=VALUE", param_hint="--set")
    try:
        return name, ast.literal_eval(value)
    except (SyntaxError, ValueError):
        return name, value


def _values(scores: dict[str, Any]) -> dict[str, dict[str, float]]:
    return {name: asdict(score) for name, score in scores.items()}


if __name__ == "__main__":
    main()
