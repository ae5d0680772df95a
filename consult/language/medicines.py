"""The names of medicines that the product knows, read once."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_TABLE = Path(__file__).with_name("medicines.toml")


@cache
def medicines() -> dict[str, Any]:  # Any: the file has lists of lists and of texts
    """Return the tables of the file."""
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))


def tablets() -> frozenset[str]:
    """Return the names of what is swallowed by the piece."""
    tables = medicines()
    names = frozenset(name for group in tables["names"] for name in group)
    return names - frozenset(tables["not_tablets"])
