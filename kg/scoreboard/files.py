"""Reading annotations: text and JSON, with errors that name file and line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from kg.errors import RecordError, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def text(path: Path) -> str:
    """The text of a file.

    Raises:
        UnreadableError: it is missing or no UTF-8 text.
    """
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableError(str(path), f"cannot be read: {error}", "see --help for what must stand where") from error


def json_object(source: str, where: Path, line: int = 1) -> dict[str, Any]:
    """A JSON object; `source` begins at `line` of the file.

    Raises:
        RecordError: it is broken, or no object.
    """
    try:
        value = json.loads(source)
    except json.JSONDecodeError as error:
        at = line + error.lineno - 1
        raise RecordError(f"{where}:{at}", f"is no JSON: {error.msg} at column {error.colno}", "") from error
    if not isinstance(value, dict):
        raise RecordError(f"{where}:{line}", "holds no JSON object", "")
    return value


def json_lines(path: Path, *required: str) -> Iterator[dict[str, Any]]:
    """The objects of a file that has one a line; empty lines are skipped.

    Raises:
        UnreadableError: the file cannot be read.
        RecordError: a line is broken, or lacks a required key.
    """
    for number, line in enumerate(text(path).split("\n"), 1):
        if line.strip():
            record = json_object(line, path, number)
            for key in required:
                if key not in record:
                    raise RecordError(f"{path}:{number}", f"lacks '{key}'", "")
            yield record
