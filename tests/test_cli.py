"""The command line: exit codes, one line for each error, and what stands on standard output."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from conftest import ROOT, RUN

from kg import cli, rdf

SENTENCE = "Rebels shelled the old city of Aleppo on Monday, the army said."
GOOD = "Turkey backs Azerbaijan."
COMMANDS = sorted(cli.cli.commands)


@pytest.fixture
def call(capsys, tmp_path, monkeypatch):
    """Runs the command in this process and in an empty folder; returns exit code, output and lines of error."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        with pytest.raises(SystemExit) as stop:
            cli.main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return stop.value.code, out, err.splitlines()

    return run


def write(path, content):
    """A file with text or bytes."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def documents(path):
    """The identifiers of the articles in a graph file."""
    return sorted(q.object.value for q in rdf.read(path) if q.predicate.value == "http://purl.org/dc/terms/identifier")


def test_the_readme_s_command_builds_the_seeds(run_kg, tmp_path):
    """It exits with 0, says nothing, and writes Turtle."""
    result = run_kg("build", ROOT / "seeds", "-o", tmp_path / "graph.ttl")
    assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")
    assert documents(tmp_path / "graph.ttl") == ["000_d8a33e39f639525a"]


@pytest.mark.usefixtures("plain_nlp")
@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("bad.txt", b"", "bad.txt: the file is empty; give an article with at least one sentence"),
        ("bad.txt", bytes(range(256)) * 9, "bad.txt: this is no text; save the article as text, in UTF-8"),
        ("bad.html", b"<html><body><a href='/'>Home</a></body></html>", "bad.html: no article in this page; save"),
        (
            "bad.jsonl",
            b'{"text": "The army said no."\n',
            "bad.jsonl:1: broken JSON (Expecting ',' delimiter at column 29)",
        ),
        ("bad.jsonl", b'{"id": "a"}', 'bad.jsonl:1: the record has no text; put the article under "text"'),
        (
            "bad.jsonl",
            b'{"id": 1, "text": "No."}\n{"id": 1, "text": "No."}',
            "bad.jsonl:2: the id '1' stands in line 1",
        ),
    ],
)
def test_input_that_cannot_be_used_is_named_and_the_rest_is_built(call, tmp_path, name, content, line):
    """One line says which file, what is wrong and what to do; the exit code is 1; the good article is built."""
    folder = tmp_path / "articles"
    folder.mkdir()
    write(folder / name, content)
    write(folder / "good.txt", GOOD)
    code, out, (error,) = call("build", "articles", "-o", "graph.nq")
    assert (code, out) == (1, "")
    assert error.startswith(f"kg: articles/{line}")
    assert "good" in documents("graph.nq")


@pytest.mark.usefixtures("plain_nlp")
def test_latin_1_is_read(call, tmp_path):
    """An encoding other than UTF-8 is no error."""
    write(tmp_path / "a.txt", "José Muñoz said on Monday that it was over.".encode("latin-1"))
    assert call("build", "a.txt", "-o", "graph.nq") == (0, "", [])
    assert "José Muñoz" in (tmp_path / "graph.nq").read_text("utf-8")


@pytest.mark.usefixtures("plain_nlp")
def test_a_file_that_is_not_there_is_named_and_the_rest_is_built(call, tmp_path):
    """A missing source and a link that leads nowhere are refused inputs."""
    write(tmp_path / "good.txt", GOOD)
    (tmp_path / "link.txt").symlink_to("nowhere")
    code, _, errors = call("build", "none.txt", "link.txt", "good.txt", "-o", "graph.nq")
    assert code == 1
    assert errors == [
        "kg: none.txt: there is no such file or directory; check the path",
        "kg: link.txt: a link that leads nowhere; check the path",
    ]
    assert documents("graph.nq") == ["good"]


@pytest.mark.usefixtures("plain_nlp")
def test_a_file_that_may_not_be_read_is_named(call, tmp_path, monkeypatch):
    """What the system refuses is a refused input."""
    write(tmp_path / "a.txt", GOOD)

    opened = Path.open

    def refuse(path, *arguments, **named):
        if path.name == "a.txt":
            raise PermissionError(13, "Permission denied")
        return opened(path, *arguments, **named)

    monkeypatch.setattr("pathlib.Path.open", refuse)
    code, _, errors = call("build", "a.txt", "-o", "graph.nq")
    assert code == 1
    assert errors[0] == "kg: a.txt: cannot be read (permission denied); check the file and its permissions"


@pytest.mark.usefixtures("plain_nlp")
def test_a_directory_without_articles_gives_no_graph(call, tmp_path):
    """The directory is named, nothing is written, and the exit code is 1."""
    (tmp_path / "empty").mkdir()
    code, _, errors = call("build", "empty", "-o", "graph.nq")
    assert code == 1
    assert errors == [
        (
            "kg: empty: no article in this directory; "
            "files are read that end in .txt, .html, .htm, .jsonl, .parquet, .warc"
        ),
        "kg: graph.nq: not written, as no source gave an article; see kg build --help",
    ]
    assert not (tmp_path / "graph.nq").exists()


def test_an_unknown_suffix_is_wrong_usage(call, tmp_path):
    """The exit code is 2 and the known suffixes are listed."""
    write(tmp_path / "a.txt", GOOD)
    code, _, (error,) = call("build", "a.txt", "-o", "graph.tutle")
    assert code == 2
    assert error.startswith("kg: graph.tutle: unknown format '.tutle'; known: .ttl .trig .nq .nt .jsonld .ttl.gz")


@pytest.mark.parametrize("target", ["none/graph.ttl", "folder.ttl", "file.txt/graph.ttl"])
def test_an_output_that_cannot_be_written_is_told(call, tmp_path, target):
    """One line, exit code 1, and no half-written file."""
    write(tmp_path / "file.txt", GOOD)
    (tmp_path / "folder.ttl").mkdir()
    code, _, (error,) = call("build", "file.txt", "-o", target)
    assert code == 1
    assert error.startswith(f"kg: {target}: ")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file.txt", "folder.ttl"]


@pytest.mark.usefixtures("plain_nlp")
@pytest.mark.parametrize("suffix", [".ttl", ".trig", ".nq", ".nt", ".jsonld", ".ttl.gz", ".nq.gz"])
def test_the_suffix_is_the_format(call, tmp_path, suffix):
    """Each format is written and can be read back and validated."""
    write(tmp_path / "a.txt", GOOD)
    assert call("build", "a.txt", "-o", f"graph{suffix}")[0] == 0
    assert documents(tmp_path / f"graph{suffix}") == ["a"]
    assert (tmp_path / f"graph{suffix}").read_bytes().startswith(b"\x1f\x8b") == suffix.endswith(".gz")
    code, out, errors = call("validate", f"graph{suffix}")
    assert (code, errors) == (0, [])
    assert out.splitlines()[-1].startswith(f"graph{suffix}: conforms")


def test_standard_input_is_a_source(run_kg, tmp_path):
    """- reads text, or records, from standard input."""
    records = b"\n".join(json.dumps({"id": f"r{n}", "text": GOOD}).encode() for n in range(2))
    for data, names in ((GOOD.encode(), ["stdin"]), (records, ["r0", "r1"])):
        assert run_kg("build", "-", "-o", tmp_path / "graph.nq", stdin=data).returncode == 0
        assert documents(tmp_path / "graph.nq") == names


@pytest.mark.usefixtures("plain_nlp")
def test_the_base_is_an_option(call, tmp_path):
    """--base sets what data IRIs begin with; what is no IRI is wrong usage."""
    write(tmp_path / "a.txt", GOOD)
    assert call("build", "a.txt", "-o", "graph.nq", "--base", "https://example.org/x/")[0] == 0
    assert "<https://example.org/x/article/a>" in (tmp_path / "graph.nq").read_text()
    code, _, (error,) = call("build", "a.txt", "-o", "graph.nq", "--base", "nonsense")
    assert code == 2
    assert "base 'nonsense' must be an absolute IRI" in error


def test_an_unknown_model_is_wrong_usage(call, tmp_path):
    """A pipeline that is not installed is named."""
    write(tmp_path / "a.txt", GOOD)
    code, _, (error,) = call("build", "a.txt", "-o", "graph.nq", "--model", "xx_none")
    assert code == 2
    assert error.startswith("kg: xx_none: ")


BROKEN = (
    "<https://e.org/article/a> a <https://w3id.org/ckg/ontology#Article> ;\n"
    '  <http://purl.org/dc/terms/identifier> "a" .\n'
)


def test_a_graph_that_does_not_conform_is_reported(call, tmp_path):
    """The command prints a line for each requirement that is not met and exits with 1."""
    write(tmp_path / "graph.ttl", BROKEN)
    code, out, errors = call("validate", "graph.ttl")
    assert (code, errors) == (1, [])
    *lines, last = out.splitlines()
    assert any(line.startswith("must: ") and "nif:isString" in line for line in lines)
    assert last.startswith("graph.ttl: does not conform; not met: ")


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("none.ttl", None, "there is no such file"),
        ("a.ttl", "<a> <b> .", "line 1"),
        ("a.ttl.gz", "no", "no whole gzip file"),
    ],
)
def test_a_graph_that_cannot_be_read_is_told(call, tmp_path, name, content, problem):
    """One line names the file, and the line where one is known."""
    if content is not None:
        write(tmp_path / name, content)
    code, _, (error,) = call("validate", name)
    assert code == 1
    assert error.startswith(f"kg: {name}: ")
    assert problem in error


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["build"], "kg: Missing argument 'SOURCE...'; see 'kg build --help'"),
        (["build", "a.txt"], "kg: Missing option '-o' / '--output'; see 'kg build --help'"),
        (["bulid"], "kg: No such command 'bulid'"),
        (["build", "a.txt", "-o", "g.ttl", "--modle", "x"], "kg: No such option"),
    ],
)
def test_wrong_usage_is_one_line(call, arguments, line):
    """The exit code is 2, and the line says where help is."""
    code, out, (error,) = call(*arguments)
    assert (code, out) == (2, "")
    assert error.startswith(line)
    assert "--help" in error


def test_kg_alone_shows_its_help(call):
    """Without a command the help appears, with exit code 2."""
    code, _, errors = call()
    assert code == 2
    assert errors[0].startswith("Usage: kg")


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help_for_itself_and_each_option(call, name):
    """--help works, and no option goes without a word."""
    code, out, errors = call(name, "--help")
    assert (code, errors) == (0, [])
    assert out.startswith(f"Usage: kg {name}")
    command = cli.cli.commands[name]
    assert command.get_short_help_str()
    assert all(option.help for option in command.params if isinstance(option, click.Option))


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_in_the_readme(name):
    """The front door names every command."""
    assert f"kg {name} " in (ROOT / "README.md").read_text("utf-8")


def test_version(call):
    """--version tells the version."""
    assert call("--version") == (0, "kg, version 0.1.0\n", [])


@pytest.mark.parametrize("arguments", [["--help"], ["build", "--help"], ["query", "--list"]])
def test_help_is_light(arguments):
    """Help and the list of queries import neither spaCy nor rdflib, nor anything else that is slow."""
    code = f"import sys, atexit; atexit.register(lambda: print(sorted(sys.modules), file=sys.stderr)); {RUN}"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code, *arguments]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert result.stdout
    for heavy in ("spacy", "rdflib", "pyoxigraph", "pyshacl", "trafilatura", "numpy"):
        assert f"'{heavy}'" not in result.stderr


def test_a_reader_that_goes_away_is_no_error(run_kg, tmp_path):
    """Output into a closed pipe ends without a traceback."""
    run_kg("build", ROOT / "seeds", "-o", tmp_path / "graph.nq")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", RUN, "explain", str(tmp_path / "graph.nq")]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    process.wait()
    assert b"Traceback" not in errors


def test_progress_is_for_terminals(run_kg, tmp_path):
    """Where standard error is no terminal, nothing but errors stands there."""
    with gzip.open(tmp_path / "news.jsonl.gz", "wt") as file:
        file.writelines(json.dumps({"text": GOOD}) + "\n" for _ in range(20))
    result = run_kg("build", tmp_path / "news.jsonl.gz", "-o", tmp_path / "graph.nq")
    assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")


LARGE = {
    "5 MB on one line": "The army said on Monday that it had taken the town. " * 100_000,
    "20,000 sentences": " ".join(f"It rained on hill number {number} near the river." for number in range(20_000)),
}
MOST_MEMORY = 2048
"""MiB; an article's graph is held whole, its annotation is not."""


@pytest.mark.parametrize("text", LARGE.values(), ids=LARGE)
def test_a_large_article_is_built_in_bounded_memory(tmp_path, text):
    """Neither a line of megabytes nor tens of thousands of sentences are too much."""
    write(tmp_path / "large.txt", text)
    report = (
        "import atexit, resource as r; atexit.register(lambda: print(r.getrusage(r.RUSAGE_SELF).ru_maxrss // 1024))"
    )
    command = [sys.executable, "-c", f"{report}; {RUN}", "build", "large.txt", "-o", "graph.nq"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    result = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")
    assert int(result.stdout) < MOST_MEMORY
    assert documents(tmp_path / "graph.nq") == ["large"]
