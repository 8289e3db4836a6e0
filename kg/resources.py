"""Where the files that travel with the package stand: in the wheel below ``kg/data``, in a checkout beside ``kg``."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).parent


def folder(name: str) -> Path:
    """The folder `name`: ``ontology``, ``shapes`` or ``seeds``.

    Raises:
        FileNotFoundError: neither the wheel nor a checkout holds it.
    """
    for place in (_PACKAGE / "data" / name, _PACKAGE.parent / name):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"the package lacks its folder '{name}'; install it again")
