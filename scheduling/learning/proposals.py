"""Past rosters to proposals, as JSON keeps them: whose shifts they were is left out."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Protocol

from scheduling.solver.errors import FormatError
from scheduling.solver.history import (
    PastCell,
    absence_rates,
    swapped_away,
    usual_cover,
)
from scheduling.solver.message import Message, phrase

Json = dict[str, Any]  # Any: a proposal's fields


class Proposal(Protocol):
    """Anything that history suggests."""

    def message(self) -> Message: ...


def learned(cells: Sequence[PastCell]) -> Json:
    """Return what the cells suggest, and what they rest on.

    Raises:
        FormatError: There is no cell.
    """
    if not cells:
        raise FormatError(phrase("There is no past shift in it."))
    days = [cell.on for cell in cells]
    return {
        "first": min(days).isoformat(),
        "last": max(days).isoformat(),
        "cells": len(cells),
        "cover": [
            _row(
                one,
                {
                    **asdict(one),
                    "first": one.first.isoformat(),
                    "last": one.last.isoformat(),
                },
            )
            for one in usual_cover(cells)
        ],
        "absences": [_row(one, asdict(one)) for one in absence_rates(cells)],
        "swaps": [_row(one, asdict(one)) for one in swapped_away(cells)],
    }


def _row(one: Proposal, fields: Json) -> Json:
    told = one.message()
    return {
        **fields,
        "message": {"template": told.template, "values": dict(told.values)},
    }
