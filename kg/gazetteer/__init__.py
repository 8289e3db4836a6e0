"""The gazetteer of actors: who is known by which names, and by which identifiers in other datasets.

The data lies in ``data``; what it was made from, and under which licences, is told in the README of this folder.
"""

from kg.gazetteer.lookup import Gazetteer, Match, Naming, roles
from kg.gazetteer.table import Entry

__all__ = ["Entry", "Gazetteer", "Match", "Naming", "roles"]
