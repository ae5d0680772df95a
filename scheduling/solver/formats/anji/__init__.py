"""The house's own form of a rostering problem: JSON, both ways.

Objects and fields are those of `instance.py` and `rules.py`, by their names: a field
that is left out has its default, an unknown one is refused. Days are counted from 0, a
day off is the empty string, a date is `2026-03-01`, a set is a list, and a rule says by
`kind` which it is (`count`, `run`, `pattern`, `weekends`). On-call duty is `on_call`:
`site` or `home`; `true` is read as `site`. What no ward has is refused where a document
comes in (`sense.py`). Version 1:

    {"format": "anji", "version": 1, "name": "Ward 3, March", "start": "2026-03-01",
     "days": 28, "timezone": "Europe/Berlin",
     "shift_types": [{"id": "N", "start_minute": 1290, "end_minute": 1830,
                      "minutes": 480, "is_night": true}],
     "contracts": [{"id": "full", "rules": [{"kind": "run", "name": "nights in a row",
                    "of": "shifts", "shifts": ["N"], "at_most": 3, "weight": 20}]}],
     "people": [{"id": "ann", "contracts": ["full"], "pinned": [[0, "N"]]}],
     "demands": [{"day": 0, "shifts": ["N"], "at_least": 1, "under_weight": 100}]}

`anji_schema()` says the same as a JSON Schema.
"""

from scheduling.solver.formats.anji.document import (
    FORMAT,
    VERSION,
    from_json,
    read_anji,
    read_document,
    to_json,
)
from scheduling.solver.formats.anji.schema import anji_schema

__all__ = [
    "FORMAT",
    "VERSION",
    "anji_schema",
    "from_json",
    "read_anji",
    "read_document",
    "to_json",
]
