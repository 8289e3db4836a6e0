"""A graph as often as it takes: its articles repeated under new identifiers, streamed from file to file."""

import re
from itertools import count

from kg.store.segments import segments

IDENTIFIER = re.compile(rb'( <http://purl\.org/dc/terms/identifier> "(?:[^"\\]|\\.)*)(")')


def repeated(source, target, articles):
    """Write `source` as N-Quads with that many articles' graphs; returns the number of quads."""
    quads = done = 0
    with target.open("wb") as file:
        for copy in count():
            for segment in segments(source):
                if done == articles:
                    return quads
                file.write(_renamed(segment, b"-%d" % copy))
                quads += segment.quads.count(b"\n")
                done += 1
    raise AssertionError


def _renamed(segment, suffix):
    graph = segment.graph.encode()
    text = re.sub(b"<" + re.escape(graph) + b"([#>])", lambda m: b"<" + graph + suffix + m[1], segment.quads)
    return IDENTIFIER.sub(lambda m: m[1] + suffix + m[2], text)
