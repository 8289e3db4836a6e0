"""The words and codes of other datasets, out of ``words.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def section(name: str) -> dict[str, Any]:
    """One table of the file, such as ``ucdp``; not to be changed."""
    with Path(__file__).with_name("words.toml").open("rb") as file:
        table: dict[str, Any] = tomllib.load(file)[name]
    return table
