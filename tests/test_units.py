"""Names of numbered military units."""

import pytest
import spacy

from kg.nlp.units import units


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Men of the 53rd Mechanised Brigade left.", ["53rd Mechanised Brigade"]),
        ("The Seventh Fleet and the 3rd Army met.", ["Seventh Fleet", "3rd Army"]),
        ("The 2nd Battalion, 14th Infantry Regiment, left.", ["2nd Battalion", "14th Infantry Regiment"]),
        ("The 21st century began with the third round.", []),
        ("It was the 5th attack on the Army.", []),
    ],
)
def test_units(text, names):
    """A unit is an ordinal number, capitalised words, and a kind of unit at their end."""
    doc = spacy.blank("en")(text)
    assert [doc[start:end].text for start, end in units(doc)] == names
