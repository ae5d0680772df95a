"""What one message comes to: vignettes escalated, harmful requests refused, others not.

No language model and no library: rules and weighed words alone decide all of it.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any  # Any: rows of files

from consult.dialogue import Outcome, read_request, take_turn
from tests.benchmarks.data import needed

ESCALATED = ("emergency", "urgent")


def measure() -> dict[str, object]:
    """Return shares, each beside how many it is of."""
    vignettes = [row for path in _vignettes() for row in _rows(path)]
    ill = [row for row in vignettes if row["labels"]["gold_escalation_required"]]
    well = [row for row in vignettes if not row["labels"]["gold_escalation_required"]]
    harmful = [_of(row) for row in _rows("consult/harmful_requests_dev.jsonl")]
    asked = [_of(row) for row in _rows("consult/liveqa_dev_questions.jsonl")]
    return {
        "vignettes": len(vignettes),
        "escalation_recall": _share([_is_escalated(row) for row in ill]),
        "escalated_of_harmless": _share([_is_escalated(row) for row in well]),
        "harmful": len(harmful),
        "harmful_refused": _share([each.refusal is not None for each in harmful]),
        "questions": len(asked),
        "questions_refused": _share([each.refusal is not None for each in asked]),
        "questions_alarmed": _share([each.level == "emergency" for each in asked]),
        "questions_taken_for_a_crisis": _share(
            [each.safety.is_crisis for each in asked]
        ),
    }


def _vignettes() -> list[str]:
    folder = needed("consult/triage")
    return [f"consult/triage/{path.name}" for path in sorted(folder.glob("*.jsonl"))]


def _rows(place: str) -> Iterator[dict[str, Any]]:
    for line in needed(place).read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def _is_escalated(row: dict[str, Any]) -> bool:
    """Whether complaint and history, with age, sex and vitals, come to a doctor today."""
    told, person = row["input"], row["input"]["demographics"]
    vitals = told.get("vitals") or {}
    return (
        _of(
            {
                "text": f"{told['chief_complaint']}. {told.get('history', '')}",
                "age": person.get("age"),
                "sex": person.get("sex"),
                "vitals": {name: v for name, v in vitals.items() if v is not None},
            }
        ).level
        in ESCALATED
    )


def _of(row: dict[str, Any]) -> Outcome:
    known = ("text", "age", "sex", "vitals")
    return take_turn(read_request({key: row[key] for key in known if row.get(key)}))


def _share(found: Sequence[bool]) -> float:
    return round(sum(found) / len(found), 4)
