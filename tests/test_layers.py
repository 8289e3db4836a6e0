"""The layers of the package: imports point down only, and the two halves never meet but in the pipeline."""

import ast
from pathlib import Path

import pytest

import kg

PACKAGE = Path(kg.__file__).parent
LAYERS = (
    {"cli", "__init__", "__main__", "scoreboard"},
    {"engines"},
    {"pipeline", "explain", "endpoint"},
    {"nlp", "rdf", "link", "shacl", "store", "query", "tables", "journal", "workers"},
    {"duplicates"},
    {"articles", "places", "gazetteer", "dates", "figures"},
    {"model", "errors", "resources"},
)
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))


def imports(path, tree=None):
    """The full names of everything that a module imports, late imports included."""
    for node in ast.walk(tree or ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def layer(path):
    """The part of the package that a module belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_down(path):
    """A module imports from its own part and from layers below, and the halves never from each other."""
    own = layer(path)
    for name in imports(path):
        part = name.split(".")[1] if name.startswith("kg.") else None
        if part in RANK and part != own:
            assert RANK[part] >= RANK[own], f"{own} imports {name}"
            assert {own, part} not in ({"nlp", "rdf"}, {"nlp", "link"}), f"{own} imports {name}"


def test_every_part_has_its_layer():
    """A new module has to find its place."""
    assert {layer(path) for path in MODULES} <= set(RANK)


@pytest.mark.parametrize(
    ("half", "barred"), [("nlp", {"rdflib", "pyoxigraph", "pyshacl"}), ("rdf", {"spacy"}), ("link", {"spacy"})]
)
def test_the_halves_do_not_know_each_other_s_libraries(half, barred):
    """The language side imports no RDF library, and the RDF side no spaCy."""
    for path in MODULES:
        if layer(path) == half:
            assert not barred & {name.split(".")[0] for name in imports(path)}, path


def test_the_model_stands_on_the_standard_library_alone():
    """What an article can state needs nothing installed."""
    assert {name.split(".")[0] for name in imports(PACKAGE / "model.py")} <= {
        "__future__",
        "collections",
        "dataclasses",
        "datetime",
        "enum",
        "typing",
    }
