"""Reading articles: files, pages, records, directories, standard input, and what is refused."""

import gzip
import io
import json
import os
import time
from datetime import date
from itertools import pairwise
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import articles
from kg.articles.boilerplate import boilerplate, without
from kg.articles.sources import SUFFIXES, expand
from kg.errors import EmptyArticleError, InputError, NoArticleError, RecordError, UnreadableError
from kg.resources import folder

SENTENCE = "Rebels shelled the old city of Aleppo on Monday, the army said."

PAGE = """<!DOCTYPE html><html lang="en"><head><title>Rebels shell Aleppo | The Daily</title>
<meta property="og:site_name" content="The Daily">
<meta property="article:published_time" content="2016-08-29T10:00:00Z">
<link rel="canonical" href="https://example.org/a/1"></head><body><nav><a href="/">Home</a> <a href="/w">World</a></nav>
<article><h1>Rebels shell Aleppo</h1><p>Rebels shelled the city of Aleppo on Monday, killing at least 12 civilians.</p>
<p>The army denied that it had lost ground. “We hold the city,” a spokesman said.</p></article>
<footer>Copyright 2016</footer></body></html>"""

MENU = """<html><head><title>Index</title></head>
<body><ul><li><a href="/a">Home</a></li><li>About us</li></ul></body></html>"""


def read(*sources):
    """The articles and the refusals."""
    refused = []
    return list(articles.read(sources, refused.append)), refused


def texts(text):
    """What of a text is boilerplate."""
    return [span.of(text) for span in boilerplate(text)]


def write(path, content):
    """A file with text or bytes, its folder made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.fixture
def stdin(monkeypatch):
    """Sets what stands on standard input."""

    def give(data):
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(data)))

    return give


def test_the_seed_keeps_its_header_as_boilerplate_and_gives_its_date():
    """The text stays as it stands in the file, and the header of web corpora dates the article."""
    path = folder("seeds") / "000_d8a33e39f639525a.txt"
    (article,), refused = read(path)
    assert article.text == path.read_text("utf-8")
    assert article.id == "000_d8a33e39f639525a"
    assert article.date == date(2020, 10, 23)
    assert article.boilerplate[0].of(article.text) == "date 2020-10-23"
    assert not refused


def test_a_caption_that_stands_twice_is_content_once_and_its_credit_never():
    """Of two prints of a caption the second is boilerplate, and of the first the credit only."""
    path = folder("seeds") / "000_d8a33e39f639525a.txt"
    (article,), _ = read(path)
    content = without(article.text, article.boilerplate)
    assert content.count("walks out to face reporters") == 1
    assert "Credit" not in content
    assert content.rstrip().endswith("in Washington.")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The army said so.\n\nRead more", ["Read more"]),
        ("The army said so. Sign up for our newsletter here.", ["Sign up for our newsletter here."]),
        ("ADVERTISEMENT\nThe army said so.", ["ADVERTISEMENT"]),
        ("The army said so.\n© 2016 The Daily. All rights reserved.", ["© 2016 The Daily. All rights reserved."]),
        ("Smoke rises over Aleppo. (AP Photo/Jane Doe)", ["(AP Photo/Jane Doe)"]),
        ("Smoke rises over Aleppo (Reuters Photo)", ["(Reuters Photo)"]),
        ("Smoke rises. Image: Jane Doe/Getty Images\nThe army.", ["Image: Jane Doe/Getty Images"]),
        ("18 killed in Kobane\n\nAFP  Saturday 20 Sep 2014\n\nThe army said so.", ["AFP  Saturday 20 Sep 2014"]),
        ("Published July 19 2016 - Airstrikes killed 85 civilians.", ["Published July 19 2016 -"]),
        ("BEIRUT (Reuters) - The army said so.", ["BEIRUT (Reuters) -"]),
        ("17-08-2013 17 Killed as Town Is Attacked", ["17-08-2013"]),
        ("Share this:\nThe army said so.", ["Share this:"]),
    ],
)
def test_lines_that_are_no_news_are_boilerplate(text, found):
    """Headers, credits, invitations and lines about rights are recognised."""
    assert texts(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Morales — who leads the party — said no.",
        "Advertisements that targeted Muslims were banned, the court said.",
        "He posted a photo: Aleppo burning, seen from the hill.",
        "Dec. 14, 2017 was the day on which the siege ended.",
        "The deal (signed in Geneva, as AP had reported on Sunday evening) fell.",
        "“We will read more into it,” he said. The army said no.",
    ],
)
def test_news_that_looks_like_boilerplate_is_content(text):
    """A sentence on advertisements, a date or a dash inside a sentence stay."""
    assert texts(text) == []


def test_a_sentence_doubled_in_a_paragraph_is_content_once():
    """The second print of a long sentence is boilerplate, wherever it stands."""
    text = f"{SENTENCE} Nobody was hurt. {SENTENCE} It rained."
    assert without(text, boilerplate(text)).count(SENTENCE) == 1


def test_words_doubled_inside_a_sentence_keep_the_print_that_goes_on():
    """Where the doubled words open a sentence, its rest stays attached to them."""
    clause = "fighters attacked a mainly Kurdish town in the north sparking heavy fighting"
    text = f"It rained. {clause} {clause} a watchdog said on Saturday."
    assert without(text, boilerplate(text)).endswith(f"{clause} a watchdog said on Saturday.")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400))
def test_boilerplate_lies_in_the_text_in_order_and_apart(text):
    """For any text the spans are sorted, do not overlap, and lie inside."""
    spans = boilerplate(text)
    assert list(spans) == sorted(spans)
    assert all(a.end <= b.begin for a, b in pairwise(spans))
    assert all(span.end <= len(text) for span in spans)


@pytest.mark.parametrize("unit", ["The army said on Monday that it had taken the town. ", "Photo: Ab ", "( ", "a "])
def test_boilerplate_takes_linear_time(unit):
    """Ten times the text takes about ten times as long, not a hundred times."""

    def seconds(count):
        start = time.process_time()
        boilerplate(unit * count)
        return time.process_time() - start

    seconds(10)
    assert seconds(40_000) < 40 * max(seconds(4_000), 0.01)


def test_windows_line_ends_and_byte_order_mark_are_read_away(tmp_path):
    """The text is that of a file opened as text: line feeds, no mark."""
    (article,), _ = read(write(tmp_path / "a.txt", b"\xef\xbb\xbfThe army\r\nsaid no.\rTwice."))
    assert article.text == "The army\nsaid no.\nTwice."


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-16", "utf-8", "utf-8-sig"])
def test_the_encoding_is_detected(tmp_path, encoding):
    """A file that is no UTF-8 is read by its mark, or by what its bytes look like."""
    text = "José Muñoz, the minister, said on Monday that 12 civilians had died in Córdoba. " * 3
    (article,), refused = read(write(tmp_path / "a.txt", text.encode(encoding)))
    assert article.text == text
    assert not refused


def test_a_headline_is_the_title(tmp_path):
    """A first line that is short and no sentence is the title; it stays in the text."""
    (article,), _ = read(write(tmp_path / "a.txt", f"Rebels shell Aleppo\n\n{SENTENCE}"))
    assert article.title == "Rebels shell Aleppo"
    assert article.text.startswith(article.title)


def test_a_first_sentence_is_no_title(tmp_path):
    """An article that begins with its first sentence has no title."""
    (article,), _ = read(write(tmp_path / "a.txt", f"{SENTENCE}\n\nNobody was hurt."))
    assert article.title == ""


def test_the_date_of_publication_is_read_off_the_text(tmp_path):
    """Without a header or metadata, a dateline dates the article."""
    (article,), _ = read(write(tmp_path / "a.txt", f"Rebels shell Aleppo\n\nAFP  Saturday 20 Sep 2014\n\n{SENTENCE}"))
    assert article.date == date(2014, 9, 20)


@pytest.mark.parametrize(
    ("name", "day"),
    [("post_2016-08-29_aleppo", date(2016, 8, 29)), ("2016-08-29-to-2016-09-01", None), ("2016-19-29", None)],
)
def test_the_name_dates_what_nothing_else_does(tmp_path, name, day):
    """An article without a date in its text has that of its name, where there is one and only one."""
    assert read(write(tmp_path / f"{name}.txt", SENTENCE))[0][0].date == day


def test_a_page_gives_text_title_date_publisher_and_address(tmp_path):
    """Menus and footers are left out; the metadata is kept."""
    (article,), refused = read(write(tmp_path / "a.html", PAGE))
    assert (article.title, article.publisher, article.url) == (
        "Rebels shell Aleppo",
        "The Daily",
        "https://example.org/a/1",
    )
    assert article.date == date(2016, 8, 29)
    assert "“We hold the city,” a spokesman said." in article.text
    assert "Home" not in article.text
    assert not refused


@pytest.mark.parametrize("suffix", [".jsonl", ".jsonl.gz"])
def test_records_are_articles(tmp_path, suffix):
    """A record gives each of its fields; one without id is called by file and line."""
    lines = [
        {"id": "r1", "text": SENTENCE, "title": "T", "date": "2020-10-23", "url": "http://e.org/", "publisher": "P"},
        {"text": "The army said no.", "date": "2020-10-23T23:30:00+02:00"},
        {"id": 7, "text": "The army said yes.", "date": "Fri, 23 Oct 2020 10:00:00 GMT"},
    ]
    data = "\n".join(map(json.dumps, lines)).encode()
    found, refused = read(write(tmp_path / f"news{suffix}", gzip.compress(data) if suffix.endswith("gz") else data))
    assert [article.id for article in found] == ["r1", "news-2", "7"]
    assert {article.date for article in found} == {date(2020, 10, 23)}
    assert (found[0].title, found[0].url, found[0].publisher) == ("T", "http://e.org/", "P")
    assert found[1].origin.endswith(f"news{suffix}:2")
    assert not refused


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"id": "b", "text":', "broken JSON"),
        ('{"id": "b"}', "the record has no text"),
        ('{"id": "b", "text": "  "}', "the record has no text"),
        ('{"id": "a", "text": "The army said no."}', "the id 'a' stands in line 1 already"),
        ('["The army said no."]', "a JSON list, not a record"),
        ('{"id": "b", "text": 5}', "'text' is a JSON int"),
        ('{"id": "b", "text": "The army said no.", "date": "yesterday"}', "'yesterday' is no date"),
        ('{"id": "b", "text": "The army \\ud800 said no."}', "characters that are no text"),
        ("[" * 100_000, "broken JSON"),
    ],
)
def test_a_record_that_cannot_be_used_is_refused_by_its_line(tmp_path, line, problem):
    """The message names file and line, and the records around it are read."""
    data = "\n".join([json.dumps({"id": "a", "text": SENTENCE}), line, json.dumps({"id": "c", "text": SENTENCE})])
    found, (error,) = read(write(tmp_path / "news.jsonl", data))
    assert [article.id for article in found] == ["a", "c"]
    assert isinstance(error, RecordError)
    assert error.where.endswith("news.jsonl:2")
    assert problem in str(error)


def test_a_record_in_another_encoding_is_refused(tmp_path):
    """JSON is UTF-8; a line that is not is refused by itself."""
    data = b'{"text": "Jos\xe9 said no."}\n{"text": "The army said no."}'
    found, (error,) = read(write(tmp_path / "news.jsonl", data))
    assert len(found) == 1
    assert "no UTF-8" in str(error)


@pytest.mark.parametrize(
    ("name", "content", "kind", "problem"),
    [
        ("a.txt", b"", EmptyArticleError, "the file is empty"),
        ("a.txt", b" \n\t\n", EmptyArticleError, "there is no text"),
        ("a.txt", b" date 2020-10-23 \n", EmptyArticleError, "there is no text"),
        ("a.txt", bytes(range(256)) * 20, UnreadableError, "this is no text"),
        ("a.txt", b"\x01\x02\x03 army \x04\x05 said \x06" * 50, UnreadableError, "this is no text"),
        ("a.html", b"", EmptyArticleError, "the file is empty"),
        ("a.html", MENU.encode(), NoArticleError, "no article in this page"),
        ("a.html", bytes(range(256)) * 20, NoArticleError, "no article in this page"),
        ("a.jsonl", b"", EmptyArticleError, "the file is empty"),
        ("a.txt.gz", b"not packed", UnreadableError, "cannot be read"),
        ("a.jsonl.gz", gzip.compress(b'{"text": "no"}' * 99)[:30], UnreadableError, "cannot be read"),
        ("a.pdf", b"%PDF", UnreadableError, "unknown kind of article '.pdf'"),
        ("a", b"", EmptyArticleError, "the file is empty"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_and_the_others_are_read(tmp_path, name, content, kind, problem):
    """The error names the file, says what is wrong and what to do; the file beside it is read."""
    bad = write(tmp_path / name, content)
    good = write(tmp_path / "good.txt", SENTENCE)
    (article,), (error,) = read(bad, good)
    assert article.id == "good"
    assert type(error) is kind
    assert str(bad) in str(error)
    assert problem in str(error)
    assert error.advice


def test_what_is_not_there_is_refused(tmp_path):
    """A missing path, a link that leads nowhere and a directory without articles each get their message."""
    (tmp_path / "link.txt").symlink_to("nowhere")
    (tmp_path / "folder.txt").mkdir()
    _, refused = read(tmp_path / "none.txt", tmp_path / "link.txt", tmp_path / "folder.txt")
    assert [error.problem for error in refused] == [
        "there is no such file or directory",
        "a link that leads nowhere",
        "no article in this directory",
    ]
    assert all(isinstance(error, InputError) for error in refused)


def test_a_file_that_may_not_be_read_is_refused(tmp_path, monkeypatch):
    """A refusal of the system is passed on in its words."""
    path = write(tmp_path / "a.txt", SENTENCE)

    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", refuse)
    _, (error,) = read(path)
    assert str(error) == f"{path}: cannot be read (permission denied); check the file and its permissions"


def test_a_directory_is_read_recursively_in_order_of_names(tmp_path):
    """Files of known suffixes at any depth are read, hidden ones and others are passed over."""
    for name in ("b.txt", "a/z.txt", "c.htm", ".hidden.txt", ".git/x.txt", "README.md", "d.txt.gz"):
        content = PAGE.encode() if name.endswith("htm") else SENTENCE.encode()
        write(tmp_path / name, gzip.compress(content) if name.endswith("gz") else content)
    found, refused = read(tmp_path)
    assert [article.id for article in found] == ["z", "b", "c", "d"]
    assert not refused


def test_files_that_would_share_a_name_are_called_by_their_paths(tmp_path):
    """A name stands for one article only: below one source, below two, and beside another suffix."""
    for name in ("one/x.txt", "two/x.txt", "one/y.txt", "three/z.txt", "three/z.html"):
        write(tmp_path / name, PAGE if name.endswith("html") else SENTENCE)
    assert [article.id for article in read(tmp_path)[0]] == ["one/x", "y", "three/z.html", "three/z.txt", "two/x"]
    assert [article.id for article in read(tmp_path / "one", tmp_path / "two")[0]] == ["one/x", "y", "two/x"]


def test_a_file_named_twice_is_read_once(tmp_path):
    """Sources that overlap give each article once."""
    path = write(tmp_path / "a.txt", SENTENCE)
    assert [article.id for article in read(path, tmp_path, path)[0]] == ["a"]


def test_records_of_two_files_that_share_an_id_are_both_read(tmp_path):
    """The second is called by its file, too."""
    for name in ("a.jsonl", "b.jsonl"):
        write(tmp_path / name, json.dumps({"id": "1", "text": SENTENCE}))
    assert [article.id for article in read(tmp_path)[0]] == ["1", "b/1"]


@pytest.mark.parametrize(
    ("data", "ids"),
    [
        (SENTENCE.encode(), ["stdin"]),
        (PAGE.encode(), ["stdin"]),
        (b'\n{"id": "a", "text": "The army said no."}\n{"text": "The army said yes."}\n', ["a", "stdin-3"]),
    ],
)
def test_standard_input_is_text_a_page_or_records(stdin, data, ids):
    """What stands on standard input is known by how it begins."""
    stdin(data)
    found, refused = read("-")
    assert [article.id for article in found] == ids
    assert not refused


def test_empty_standard_input_is_refused(stdin):
    """Nothing on standard input is an empty file."""
    stdin(b"")
    assert read("-")[1][0].where == "-"


def test_articles_are_read_one_at_a_time(tmp_path):
    """The second article is opened only when it is asked for."""
    first, second = (write(tmp_path / name, SENTENCE) for name in ("a.txt", "b.txt"))
    reading = articles.read([first, second], lambda _: None)
    assert next(reading).id == "a"
    second.write_text("The army said no.")
    assert next(reading).text == "The army said no."


def test_a_name_that_is_no_unicode_is_still_a_name(tmp_path):
    """Bytes of a file name that are no UTF-8 do not reach the graph."""
    path = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")
    with open(path, "w") as file:  # noqa: PTH123  # the name is no text
        file.write(SENTENCE)
    (article,), _ = read(path)
    assert article.id == "caf�"


def test_every_suffix_has_a_reader():
    """Whatever a directory yields can be read."""
    assert {*SUFFIXES, ""} == set(articles.READERS)


def test_only_names_are_looked_at_before_reading(tmp_path):
    """Sources are expanded without a look into the files."""
    path = write(tmp_path / "a.txt", b"")
    (file,) = expand([path], pytest.fail)
    assert (file.id, file.suffix) == ("a", ".txt")
