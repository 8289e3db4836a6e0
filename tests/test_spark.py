"""The Spark engine, on a cluster of two workers: the same quads as a local build, and one bad article fails alone."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest
from conftest import ROOT
from test_archive import AGENCY, SENTENCES
from test_archives_read import ENGLISH, GERMAN, page, warc

from kg.engines import files
from kg.errors import RecordError

POISON = Path(__file__).parent / "poison"
CLUSTER = "--master local-cluster[2,1,1024] --conf spark.ui.enabled=false --conf spark.executorEnv.PYTHONPATH={path}"


def kg(*arguments):
    """The command, with a pipeline that fails on one of the articles, and Spark as a cluster of two workers."""
    path = os.pathsep.join([str(POISON), str(ROOT), os.environ.get("PYTHONPATH", "")])
    environment = {
        **os.environ,
        "PYTHONPATH": path,
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_SUBMIT_ARGS": f"{CLUSTER.format(path=path)} pyspark-shell",
        "SPARK_LOCAL_IP": "127.0.0.1",
    }
    command = [sys.executable, "-m", "kg", *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def archive(tmp_path):
    """A folder of all kinds of files of records, with what can go wrong in them."""
    folder = tmp_path / "in"
    folder.mkdir()
    text = [" ".join(s.format(i + 2) for s in SENTENCES) for i in range(6)]
    records = [
        {"text": text[0]},
        {"id": "same", "text": text[1]},
        {"id": "original", "date": "2016-08-29", "text": AGENCY},
        {"id": "bad", "text": "This is poison."},
        {"id": "same", "text": text[2]},
    ]
    lines = [*map(json.dumps, records), "no JSON", "", json.dumps({"text": text[3]})]
    (folder / "one news.jsonl").write_text("\n".join(lines))
    copy = {"id": "copy", "date": "2016-08-30", "text": f"{AGENCY} More soon."}
    (folder / "two.jsonl").write_text("".join(json.dumps(r) + "\n" for r in ({"id": "same", "text": text[4]}, copy)))
    pyarrow.parquet.write_table(pa.Table.from_pylist([{"id": None, "text": text[5]}]), folder / "three.parquet")
    responses = [
        ("https://news.example/aleppo", "200 OK", "text/html", page(ENGLISH)),
        ("https://news.example/de", "200 OK", "text/html", page(GERMAN)),
    ]
    warc(folder / "four.warc.gz", responses)
    return folder


def test_spark_gives_the_quads_of_a_local_build(tmp_path, archive):
    """From JSON Lines, Parquet and WARC together; what is refused is refused for the same reasons."""
    local = kg("build", archive, "-o", tmp_path / "local.nq", "--report", tmp_path / "local.jsonl")
    spark = kg("build", "--engine", "spark", archive, "-o", tmp_path / "spark.nq", "--report", tmp_path / "spark.jsonl")
    assert (tmp_path / "local.nq").is_file(), local.stderr
    assert (tmp_path / "spark.nq").is_dir(), spark.stderr
    assert (local.returncode, spark.returncode) == (1, 1)
    parts = sorted((tmp_path / "spark.nq").glob("part-*.nq"))
    assert len(parts) > 1
    quads = [line for part in parts for line in part.read_text("utf-8").splitlines()]
    assert sorted(quads) == sorted((tmp_path / "local.nq").read_text("utf-8").splitlines())
    assert any("nearDuplicateOf" in quad for quad in quads)

    def problems(files):
        return sorted(
            (record["kind"], record["problem"])
            for file in files
            for record in map(json.loads, file.read_text("utf-8").splitlines())
        )

    refused = problems((tmp_path / "spark.jsonl").glob("part-*.jsonl"))
    assert refused == problems([tmp_path / "local.jsonl"])
    assert [kind for kind, _ in refused] == ["ArticleError", "LanguageError", "RecordError", "RecordError"]
    assert "4 inputs refused" in spark.stderr


def test_records_that_share_an_identifier_are_named_as_locally():
    """The first keeps it, the first of another file is called by its file too, others are refused."""
    inputs = [files.Input(f"hdfs://host/{name}.jsonl", ".jsonl", name) for name in "ab"]
    decided = files.names({"x": [(1, 4), (0, 2), (1, 3), (0, 7)]}, inputs)
    assert decided.pop((1, 3)) == "b/x"
    assert decided.keys() == {(0, 7), (1, 4)}
    assert all(isinstance(error, RecordError) for error in decided.values())
    assert "line 2" in decided[0, 7].problem


def test_files_are_named_as_locally():
    """By their stem; where two would share it, by the path below the source."""
    found = files.inputs([["hdfs://host/in/a/x.jsonl", "hdfs://host/in/b/x.jsonl"], ["s3a://bucket/y z.warc.gz"]])
    assert [(input_.id, input_.suffix) for input_ in found] == [
        ("a/x", ".jsonl"),
        ("b/x", ".jsonl"),
        ("y z", ".warc"),
    ]
