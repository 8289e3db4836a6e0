"""The wheel: everything that the package needs at run time is inside."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def members(tmp_path_factory):
    """The names of the files in a wheel that was built from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def data_files(*parts):
    """The files below a folder of the checkout that Git does not ignore."""
    folder = ROOT.joinpath(*parts)
    return [p for p in folder.rglob("*") if p.is_file() and not {"__pycache__", ".mypy_cache"} & set(p.parts)]


@pytest.mark.parametrize("folder", ["ontology", "shapes", "seeds"])
def test_the_top_folders_travel_inside(members, folder):
    """Ontology, shapes and seeds stand below kg/data."""
    files = data_files(folder)
    assert files
    assert {f"kg/data/{path.relative_to(ROOT).as_posix()}" for path in files} <= members


def test_the_package_is_whole(members):
    """Model, lexicons, queries, gazetteer and the mark of typing stand where the code looks for them."""
    files = data_files("kg")
    assert {path.suffix for path in files} >= {".py", ".toml", ".rq", ".csv", ".typed"}
    assert {path.relative_to(ROOT).as_posix() for path in files} <= members
    assert any(name.startswith("kg/nlp/en_conflict_news/parser/") for name in members)


def test_the_licence_and_the_command_are_declared(members):
    """The wheel carries the licence and the entry point of kg."""
    assert any(name.endswith("licenses/LICENSE") for name in members)
    assert any(name.endswith("entry_points.txt") for name in members)
    assert not any(name.startswith("tests") for name in members)
