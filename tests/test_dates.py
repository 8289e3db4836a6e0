"""Dates: expressions are found where they stand and resolved against the article's own day, never against the clock."""

import time
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.dates import DateMention, find_dates, publication_date, resolve
from kg.model import Span

FRIDAY = date(2020, 10, 23)
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
SHORT = ["Jan.", "Feb.", "Mar.", "Apr.", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
dates = st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31))

STYLES = {
    "iso": lambda d: d.isoformat(),
    "british": lambda d: f"{d.day} {MONTHS[d.month - 1]} {d.year}",
    "american": lambda d: f"{MONTHS[d.month - 1]} {d.day}, {d.year}",
    "wire": lambda d: f"{SHORT[d.month - 1]} {d.day}, {d.year}",
    "caption": lambda d: f"{DAYS[d.weekday()]}, {SHORT[d.month - 1]} {d.day}, {d.year}",
    "agency": lambda d: f"{DAYS[d.weekday()]} {d.day:02} {MONTHS[d.month - 1][:3]} {d.year}",
    "broadcaster": lambda d: f"{DAYS[d.weekday()][:3]} {MONTHS[d.month - 1][:3]} {d.day} {d.year}",
    "capitals": lambda d: f"{MONTHS[d.month - 1].upper()} {d.day}, {d.year}",
    "ordinal": lambda d: f"{d.day}th of {MONTHS[d.month - 1]} {d.year}",
    "dashes": lambda d: f"{d.day:02}-{d.month:02}-{d.year}",
    "points": lambda d: f"{d.day}.{d.month}.{d.year}",
}


def found(text, reference=FRIDAY):
    """The expressions in a text, each with its date as fine as it is known."""
    return [(m.span.of(text), m.iso) for m in find_dates(text, reference)]


@pytest.mark.parametrize("style", STYLES)
@given(day=dates, reference=st.none() | dates)
def test_full_dates_come_back_in_every_style(style, day, reference):
    """A date with its year is itself, whatever the article's own day, in all styles of the wires."""
    text = STYLES[style](day)
    assert find_dates(f"fighting on {text} killed", reference) == (DateMention(Span(12, 12 + len(text)), day, "day"),)
    assert resolve(text, reference) == day


@pytest.mark.parametrize("style", ["{d.day} {m}", "{m} {d.day}", "the {d.day}th of {m}"])
@settings(deadline=None)  # the library loads its words on first use
@given(reference=dates, back=st.integers(0, 364))
def test_dates_without_year_are_the_most_recent(style, reference, back):
    """A day and month without year is the most recent one, and nothing where the article has no day."""
    day = reference - timedelta(days=back)
    text = style.format(d=day, m=MONTHS[day.month - 1])
    assert resolve(text, reference) == day
    assert resolve(text, None) is None


@given(reference=dates, back=st.integers(0, 6))
def test_weekdays_are_the_most_recent(reference, back):
    """A weekday is the most recent one, the article's own day included."""
    day = reference - timedelta(days=back)
    assert resolve(DAYS[day.weekday()], reference) == day
    assert resolve(DAYS[day.weekday()], None) is None


@settings(deadline=None)  # the library loads its words on first use
@given(reference=dates, back=st.integers(1, 90))
def test_days_ago_count_back(reference, back):
    """An expression such as "3 days ago" counts back from the article's day."""
    assert resolve(f"{back} days ago", reference) == reference - timedelta(days=back)


@given(
    text=st.text(alphabet=st.sampled_from("0123456789-/., JuneMay12thofSunday\n"), max_size=60),
    reference=st.none() | dates,
)
def test_mentions_lie_in_order_within_the_text(text, reference):
    """Whatever the text, mentions are ordered, do not overlap, and lie in it."""
    mentions = find_dates(text, reference)
    ends = [0, *(m.span.end for m in mentions)]
    assert all(end <= m.span.begin and m.span.end <= len(text) for end, m in zip(ends, mentions, strict=False))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Putin said Thursday that", [("Thursday", "2020-10-22")]),
        ("prior to talks, Friday, Oct. 23, 2020 at", [("Friday, Oct. 23, 2020", "2020-10-23")]),
        ("The fighting that started Sept. 27 marks", [("Sept. 27", "2020-09-27")]),
        ("an October 2 bomb attack", [("October 2", "2020-10-02")]),
        ("since a war there ended in 1994.", [("1994", "1994")]),
        ("began in March 2011 with", [("March 2011", "2011-03")]),
        ("since mid-March 2011, and", [("mid-March 2011", "2011-03")]),
        ("in late May and in August.", [("late May", "2020-05"), ("August", "2020-08")]),
        ("in December", [("December", "2019-12")]),
        ("assault since Sept. 11, 2001.", [("Sept. 11, 2001", "2001-09-11")]),
        (
            "yesterday, today and tomorrow",
            [("yesterday", "2020-10-22"), ("today", "2020-10-23"), ("tomorrow", "2020-10-24")],
        ),
        ("killed in overnight clashes", [("overnight", "2020-10-23")]),
        ("three days ago", [("three days ago", "2020-10-20")]),
        ("two weeks ago and last week", [("two weeks ago", ""), ("last week", "")]),
        ("last month and next year", [("last month", "2020-09"), ("next year", "2021")]),
        ("last Tuesday", [("last Tuesday", "")]),
        ("in late 2013", [("late 2013", "2013")]),
        ("on 2016-07-19T10:00Z", [("2016-07-19", "2016-07-19")]),
        ("on 05/06/2014", [("05/06/2014", "")]),
        ("on 12/25/2014", [("12/25/2014", "2014-12-25")]),
        ("on 31 February 2014 or Feb. 30", [("31 February 2014", ""), ("Feb. 30", "")]),
        ("on Feb. 29", [("Feb. 29", "2020-02-29")]),
    ],
)
def test_expressions_are_found_as_fine_as_they_are(text, expected):
    """Days, months, years and vaguer periods are found with their words and given no finer than they are."""
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "They may march on May 5,000 strong",
        "In march 12 people died",
        "resolution 2254 of 1999 people",
        "a toll of 2011 dead",
        "chapter 1.2.3",
        "sunny monday",
        "1-800-555-2011",
        "$2011",
        "",
    ],
)
def test_other_words_and_numbers_are_no_dates(text):
    """Modal verbs, counts, versions and telephone numbers are no dates."""
    assert found(text) == []


def test_days_of_the_week_before_the_report_stay_in_the_past():
    """An article dated Thursday that says "on Friday" gets the Friday before: nothing is dated after its article."""
    assert resolve("Friday", date(2017, 11, 2)) == date(2017, 10, 27)


def test_only_an_expression_resolves():
    """Text that is mostly something else, or holds two dates, has no date of its own."""
    assert resolve("the talks that were held on Oct. 4", FRIDAY) is None
    assert resolve("Oct. 4 and Oct. 5", FRIDAY) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rebels retreat\n\nAFP  Saturday 20 Sep 2014\n\nAt least 18", date(2014, 9, 20)),
        ("Shelling kills four\n\nAFP  Sunday 15 Oct 2017  Shelling on", date(2017, 10, 15)),
        ("Published July 5 2016 - 16 civilians killed", date(2016, 7, 5)),
        ("Thu Dec 14 2017 Airstrikes kill 23", date(2017, 12, 14)),
        ("17-08-2013 17 Killed in town", date(2013, 8, 17)),
        (" date 2020-10-23 The region lies", date(2020, 10, 23)),
        ("BEIRUT, Oct. 4, 2016 (Reuters) - Rebels", date(2016, 10, 4)),
        ("BEIRUT, OCT. 4, 2016 (Reuters) - Rebels", date(2016, 10, 4)),
        ("Updated on: Tuesday, 5 July 2016 10:35", date(2016, 7, 5)),
        ("BEIRUT, Oct. 4 (Reuters) - Rebels", None),
        ("On July 5, 2016 rebels attacked", None),
        ("Rebels said on July 5, 2016 that", None),
        ("In 1994 a war ended", None),
        ("x\n" * 600 + "5 July 2016", None),
        ("", None),
    ],
)
def test_publication_dates_come_from_the_opening_lines(text, expected):
    """An article's own date opens a line at its beginning and has its year; a date in a sentence is not it."""
    assert publication_date(text) == expected


@pytest.mark.parametrize("unit", ["a", "1", "1-", "in ", "A ", "Mon ", "Oct. ", "(", "May 5 "])
def test_search_is_linear(unit):
    """Ten times the text takes about ten times as long, also where each word begins like a date."""
    seconds = []
    for size in (20_000, 200_000):
        text = unit * (size // len(unit))
        start = time.perf_counter()
        find_dates(text, FRIDAY)
        publication_date(text)
        seconds.append(time.perf_counter() - start)
    assert seconds[1] < 40 * seconds[0] + 0.2
