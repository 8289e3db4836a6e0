"""Where the files that travel with the package stand: in the wheel below ``kg/data``, in a checkout beside ``kg``."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

PACKAGE: Final = Path(__file__).parent


def folder(name: str) -> Path:
    """The folder `name`: ``ontology``, ``shapes`` or ``seeds``.

    Raises:
        FileNotFoundError: neither the wheel nor a checkout holds it.
    """
    for place in (PACKAGE / "data" / name, PACKAGE.parent / name):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"the package lacks its folder '{name}'; install it again")


def contents(places: Iterable[Path]) -> str:
    """A digest of the contents of files, and of all files in folders, wherever they stand."""
    digest = sha256()
    for place in places:
        inside = sorted(p for p in place.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
        for path in inside if place.is_dir() else [place]:
            name = path.relative_to(place).as_posix() if place.is_dir() else ""
            digest.update(f"{name} {path.stat().st_size}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
