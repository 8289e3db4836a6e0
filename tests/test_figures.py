"""Figures: quantities are found with their qualifiers and bounded as the contract has it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.figures import Number, find_numbers, parse_number
from kg.model import Qualifier

UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
counts = st.integers(0, 999_999_999)


def spelled(number, joint=" "):
    """A number in English words, "and" before the last two digits where `joint` has it."""
    if number < 20:
        return UNITS.split()[number]
    if number < 100:
        unit = f"-{UNITS.split()[number % 10]}" if number % 10 else ""
        return f"{TENS.split()[number // 10 - 2]}{unit}"
    size, word = next((s, w) for s, w in ((10**6, "million"), (1000, "thousand"), (100, "hundred")) if number >= s)
    rest = number % size
    tail = f"{joint if rest < 100 else ' '}{spelled(rest, joint)}" if rest else ""
    return f"{spelled(number // size, joint)} {word}{tail}"


def bounds(text):
    """Bounds and qualifier of the one quantity that a text holds."""
    [(_, number)] = find_numbers(text)
    return number.min, number.max, number.qualifier.value


@given(number=counts)
def test_digits_come_back_with_and_without_separators(number):
    """Any number is read from digits, with commas or without, and is exact."""
    for text in (str(number), f"{number:,}"):
        assert parse_number(text) == Number(number, number, Qualifier.EXACT)
        [(span, _)] = find_numbers(f"killed {text} civilians")
        assert (span.begin, span.end) == (7, 7 + len(text))


@given(number=counts, joint=st.sampled_from([" ", " and "]), capital=st.booleans())
def test_numerals_in_words_come_back(number, joint, capital):
    """Any number is read from words, with "and" or without, also at the beginning of a sentence."""
    text = spelled(number, joint)
    [(span, found)] = find_numbers(f"{text.capitalize() if capital else text} people died")
    assert (span.end, found) == (len(text), Number(number, number, Qualifier.EXACT))


@given(
    low=st.integers(0, 10**6),
    more=st.integers(1, 10**6),
    form=st.sampled_from(["{} to {}", "{}-{}", "between {} and {}"]),
)
def test_ranges_have_both_bounds(low, more, form):
    """Two increasing numbers that are joined are a range."""
    found = parse_number(form.format(low, low + more))
    assert found == Number(low, low + more, Qualifier.RANGE)


WORDS = (
    "more than|at least|up to|nearly|some|between|and|or|to|a|dozen|hundreds|of|one|two|hundred|million|the|no|fewer|"
    "30|1,200|10-20|3.5|$5|%|,|people"
)
words = st.sampled_from(WORDS.split("|"))


@given(text=st.lists(words, max_size=12).map(" ".join) | st.text(max_size=40))
def test_spans_are_ordered_and_bounds_too(text):
    """Whatever the text, spans are ordered and lie in it, and no lower bound exceeds its upper one or is negative."""
    end = 0
    for span, number in find_numbers(text):
        assert end <= span.begin
        assert span.end <= len(text)
        end = span.end
        low, high = number.min, number.max
        assert low is None or low >= 0
        assert low is None or high is None or low <= high
        assert (low, high) != (None, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("more than 30 civilians also have died", (31, None, "at_least")),
        ("More than 330000 people", (330001, None, "at_least")),
        ("At least 18 jihadists", (18, None, "at_least")),
        ("the death toll at least at 85", (85, None, "at_least")),
        ("over 300,000", (300001, None, "at_least")),
        ("upwards of 300", (300, None, "at_least")),
        ("no fewer than twelve", (12, None, "at_least")),
        ("at least a dozen", (12, None, "at_least")),
        ("more than two dozen", (25, None, "at_least")),
        ("300+ dead", (300, None, "at_least")),
        ("30 or more", (30, None, "at_least")),
        ("up to 20", (None, 20, "at_most")),
        ("as many as 40", (None, 40, "at_most")),
        ("fewer than 10", (None, 9, "at_most")),
        ("no more than five", (None, 5, "at_most")),
        ("some 40", (40, 40, "about")),
        ("about 1.5 million", (1_500_000, 1_500_000, "about")),
        ("30 or so", (30, 30, "about")),
        ("was approaching 5,000, a number", (None, 5000, "about")),
        ("nearly 600", (None, 600, "about")),
        ("almost half a million", (None, 500_000, "about")),
        ("wounded dozens", (24, None, "about")),
        ("scores of villagers", (40, None, "about")),
        ("hundreds fled", (200, None, "about")),
        ("thousands", (2000, None, "about")),
        ("tens of thousands", (20_000, None, "about")),
        ("hundreds of thousands", (200_000, None, "about")),
        ("millions have been displaced", (2_000_000, None, "about")),
        ("several soldiers", (3, None, "about")),
        ("a few dozen", (36, None, "about")),
        ("927 of their troops", (927, 927, "exact")),
        ("Fifteen of the wounded", (15, 15, "exact")),
        ("injuring a dozen people", (12, 12, "exact")),
        ("another 40", (40, 40, "exact")),
        ("a further 12", (12, 12, "exact")),
        ("the other two", (2, 2, "exact")),
        ("another dozen", (12, 12, "exact")),
        ("a couple of guards", (2, 2, "exact")),
        ("one of them", (1, 1, "exact")),
        ("no civilians were hurt", (0, 0, "exact")),
        ("No one was hurt", (0, 0, "exact")),
        ("none of them", (0, 0, "exact")),
        ("between 10 and 20", (10, 20, "range")),
        ("two or three", (2, 3, "range")),
        ("two to three million", (2_000_000, 3_000_000, "range")),
        ("10–12", (10, 12, "range")),
    ],
)
def test_qualifiers_bound_the_number(text, expected):
    """Each qualifier bounds its number as the contract has it."""
    assert bounds(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("At least 56 civilians, among them 11 children", ["At least 56", "11"]),
        ("killed another 40, and more than a hundred fled", ["another 40", "more than a hundred"]),
        ("fell from 10 to 5", ["10", "5"]),
        ("two three", ["two", "three"]),
        ("eight children and six women", ["eight", "six"]),
    ],
)
def test_spans_hold_the_qualifier(text, expected):
    """A span holds the number and its qualifier's words; what is no range is two numbers."""
    assert [span.of(text) for span, _ in find_numbers(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "20 percent",
        "20%",
        "$5 million",
        "€ 3.2 billion",
        "at 10:30",
        "a one-year-old",
        "F-16",
        "S-300s",
        "2016-07-19",
        "3.5",
        "no longer",
        "a.m. someone phoned",
        "",
    ],
)
def test_what_counts_nothing_is_left_out(text):
    """Shares, sums, hours, ages, types of weapon and ISO dates are no quantities."""
    assert find_numbers(text) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a woman", 1),
        ("an", 1),
        ("the 18 militants", 18),
        (" 12 dead", 12),
        ("a hundred", 100),
        ("the militants", None),
        ("militants killed 12", None),
        ("", None),
    ],
)
def test_parse_reads_what_the_text_opens_with(text, expected):
    """An article counts one, "the" is passed over, and a number later in the text does not count."""
    found = parse_number(text)
    assert (found and found.max) == expected


@pytest.mark.parametrize("unit", ["a", "1", "1,", "one ", "one-", "more than ", "hundred and ", "10-", "$1", "no "])
def test_search_is_linear(unit):
    """Ten times the text takes about ten times as long, also where each word begins like a quantity."""
    seconds = []
    for size in (5_000, 50_000):
        text = unit * (size // len(unit))
        start = time.perf_counter()
        find_numbers(text)
        seconds.append(time.perf_counter() - start)
    assert seconds[1] < 40 * seconds[0] + 0.2
