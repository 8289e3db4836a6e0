"""Articles out of Parquet and of web archives."""

import gzip
import sys
from datetime import UTC, date, datetime

import pyarrow as pa
import pyarrow.parquet
import pytest

from kg import articles
from kg.errors import LanguageError, NoArticleError, RecordError, UnreadableError

ENGLISH = (
    "Rebels shelled the old city of Aleppo on Monday, the army said. The rebels denied that they had fired on it.",
    "A monitor based in Britain said it could not tell who was to blame, and that the toll was likely to rise.",
)
GERMAN = (
    "Rebellen haben am Montag die Altstadt von Aleppo beschossen, teilte die Armee mit. Die Rebellen bestreiten es.",
    "Ein Beobachter in London sagte, er könne nicht sagen, wer schuld sei, und die Zahl der Opfer werde noch steigen.",
)


def read(path):
    """The articles at a path, and what was refused."""
    refused = []
    return list(articles.read([path], refused.append)), refused


def parquet(path, rows):
    """A Parquet file of these rows."""
    pyarrow.parquet.write_table(pa.Table.from_pylist(rows), path)
    return path


def page(paragraphs):
    """A web page."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"<html><head><title>News</title></head><body><article>{text}</article></body></html>".encode()


def warc(path, responses, *, packed=True):
    """A web archive of these responses: address, status, type, body."""
    with path.open("wb") as file:
        for i, (address, status, kind, body) in enumerate(responses):
            http = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n".encode() + body
            head = {
                "WARC-Type": "response",
                "WARC-Record-ID": f"<urn:uuid:{i:08}-0000-4000-8000-000000000000>",
                "WARC-Target-URI": address,
                "WARC-Date": "2016-08-29T12:00:00Z",
                "Content-Type": "application/http; msgtype=response",
                "Content-Length": len(http),
            }
            lines = ["WARC/1.0", *(f"{key}: {value}" for key, value in head.items()), "", ""]
            record = "\r\n".join(lines).encode() + http + b"\r\n\r\n"
            file.write(gzip.compress(record) if packed else record)
    return path


def test_parquet_is_read_as_records_are(tmp_path):
    """Rows have the fields of JSON Lines; days and times may be Parquet's own types, other columns do not matter."""
    path = parquet(
        tmp_path / "news.parquet",
        [
            {"id": "a", "text": ENGLISH[0], "date": datetime(2016, 8, 29, 12, tzinfo=UTC), "title": None, "score": 1.5},
            {"id": None, "text": ENGLISH[1], "date": None, "title": "Aleppo", "score": None},
            {"id": "a", "text": ENGLISH[1], "date": None, "title": None, "score": None},
            {"id": "b", "text": None, "date": None, "title": None, "score": None},
        ],
    )
    found, refused = read(path)
    assert [(article.id, article.date, article.title) for article in found] == [
        ("a", date(2016, 8, 29), ""),
        ("news-2", None, "Aleppo"),
    ]
    assert [type(error) for error in refused] == [RecordError, RecordError]
    assert [error.where for error in refused] == [f"{path}:3", f"{path}:4"]


@pytest.mark.parametrize(
    ("content", "words"), [(b"no Parquet at all", "is no Parquet"), ([{"body": "x"}], "there is no column 'text'")]
)
def test_a_file_that_is_no_parquet_is_refused(tmp_path, content, words):
    """So is one without texts."""
    path = tmp_path / "news.parquet"
    path.write_bytes(content) if isinstance(content, bytes) else parquet(path, content)
    found, (error,) = read(path)
    assert not found
    assert isinstance(error, UnreadableError)
    assert words in error.problem


@pytest.mark.parametrize("name", ["news.warc", "news.warc.gz"])
def test_a_web_archive_gives_its_english_articles(tmp_path, name):
    """Answers other than pages are passed over; pages in other languages, and without an article, are refused."""
    path = warc(
        tmp_path / name,
        [
            ("https://news.example/aleppo", "200 OK", "text/html; charset=utf-8", page(ENGLISH)),
            ("https://news.example/logo", "200 OK", "image/png", b"\x89PNG"),
            ("https://news.example/gone", "404 Not Found", "text/html", page(ENGLISH)),
            ("https://news.example/de", "200 OK", "text/html", page(GERMAN)),
            ("https://news.example/", "200 OK", "text/html", b"<html><body><a href='x'>Home</a></body></html>"),
        ],
        packed=name.endswith(".gz"),
    )
    (article,), refused = read(path)
    assert article.id == "00000000-0000-4000-8000-000000000000"
    assert article.url == "https://news.example/aleppo"
    assert all(sentence in article.text for sentence in ENGLISH)
    assert [type(error) for error in refused] == [LanguageError, NoArticleError]
    assert refused[0].where == f"{path}:4 https://news.example/de"


def test_a_file_that_is_no_web_archive_is_refused(tmp_path):
    """With its name."""
    path = tmp_path / "news.warc"
    path.write_bytes(b"no archive\n" * 10)
    found, (error,) = read(path)
    assert not found
    assert isinstance(error, UnreadableError)


@pytest.mark.parametrize(("suffix", "package"), [("parquet", "pyarrow"), ("warc", "warcio.archiveiterator")])
def test_a_missing_extra_is_told_with_what_to_run(tmp_path, monkeypatch, suffix, package):
    """The advice is the command that installs it."""
    monkeypatch.setitem(sys.modules, package, None)
    path = tmp_path / f"news.{suffix}"
    path.write_bytes(b"x")
    _, (error,) = read(path)
    assert package.partition(".")[0] in error.problem
    assert error.advice == f"pip install 'conflict-kg[{suffix}]'"
