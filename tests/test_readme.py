"""The README: what it shows is what happens.

Each ``console`` block is a terminal session, each ``pycon`` block a Python one; both run in a folder with the seeds.
``python tests/test_readme.py`` runs them too, and writes what happens into the README.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
BLOCK = re.compile(r"^```(console|pycon)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PYTHON = """import code, sys
console = code.InteractiveConsole()
for line in sys.stdin.read().splitlines():
    print(line)
    console.push(line[4:])
"""


def folder_with_seeds(folder):
    """An empty folder with the seeds and the example of links, and the command kg below bin."""
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    shutil.copytree(ROOT / "tests" / "ganja", folder / "ganja")
    command = folder / "bin" / "kg"
    command.parent.mkdir()
    command.write_text(f"#!{sys.executable}\nfrom kg.cli import main\nmain()\n")
    command.chmod(0o755)
    return folder


def outcome(kind, block, folder):
    """The block as it would look after its commands were run again."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
        "COLUMNS": "100",
    }
    if kind == "pycon":
        lines = "\n".join(line for line in block.splitlines() if line.startswith((">>>", "...")))
        return run([sys.executable, "-c", PYTHON], folder, environment, lines)
    commands = [line for line in block.splitlines() if line.startswith("$ ")]
    return "".join(f"{line}\n{run(['bash', '-c', line[2:]], folder, environment)}" for line in commands)


def run(command, folder, environment, stdin=""):
    """What a command prints, errors included, without spaces at line ends."""
    streams = {"input": stdin, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    result = subprocess.run(command, cwd=folder, env=environment, check=False, **streams)
    return "".join(f"{line.rstrip()}\n" for line in result.stdout.splitlines())


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """One folder for all blocks: later ones use what earlier ones wrote."""
    return folder_with_seeds(tmp_path_factory.mktemp("readme"))


@pytest.mark.parametrize(
    ("kind", "block"), BLOCK.findall(README.read_text("utf-8")), ids=lambda value: value[:40].splitlines()[0]
)
def test_what_the_readme_shows_happens(folder, kind, block):
    """The commands of each block print what stands under them."""
    assert outcome(kind, block, folder) == block


def test_every_link_into_the_repository_leads_somewhere():
    """Files and folders that the README names exist."""
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", README.read_text("utf-8")):
        assert (ROOT / target).exists(), target


def rewrite():
    """Write into the README what its commands print now, unless one fails with a traceback."""
    with tempfile.TemporaryDirectory() as place:
        folder = folder_with_seeds(Path(place))
        text = BLOCK.sub(lambda m: f"```{m[1]}\n{outcome(m[1], m[2], folder)}```", README.read_text("utf-8"))
    if "Traceback" in text:
        sys.exit(text)
    README.write_text(text, "utf-8")


if __name__ == "__main__":
    rewrite()
