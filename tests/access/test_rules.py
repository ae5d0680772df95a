"""Each rule of who sees which rows has its own test beside its room."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RULE = re.compile(r"^def (\w+_visible_to)\(", re.MULTILINE)
ROOMS = ("hospital", "consult", "diagnosis", "scheduling")
BEYOND_RULES = {
    "hospital/jobs/views/metrics.py",  # counts for monitoring, no row
    "diagnosis/dicomweb/search.py",  # counts instances of studies that are visible
}


def rules() -> set[str]:
    """Return the name of every rule in the house."""
    return {
        name
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        for name in RULE.findall(path.read_text())
    }


def test_every_rule_is_tested_by_name() -> None:
    tests = "\n".join(
        path.read_text()
        for path in (ROOT / "tests").rglob("test_*.py")
        if path != Path(__file__)
    )

    assert len(rules()) >= 10
    assert {name for name in rules() if name not in tests} == set()


def test_rows_reach_views_through_rules_alone() -> None:
    """No view, page or endpoint asks a clinical model for all of its rows."""
    shortcut = re.compile(
        r"\b(Study|Series|Instance|Finding|Report|Patient|Encounter|Observation|"
        r"DiagnosticReport|Job|CriticalResult|Roster|RosterPerson|Assignment|CellLock|"
        r"Publication|PublishedShift|RosterImport|Run|RequestPeriod|ShiftRequest|Leave|Swap|"
        r"Explanation|PastRosters|HouseLaw|Library|Entry|Passage|Review|"
        r"Conversation|Turn|Phrase|"
        r"Label|LabelProject|LabelLoan|LabelImport|LabelExport|"
        r"Notice|WebhookEndpoint|WebhookDelivery)\.objects\.(?!none\b)"
    )
    doors = [
        path
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        if {"views", "api", "dicomweb"} & {*path.parts, path.stem}
    ]

    found = {
        str(path.relative_to(ROOT))
        for path in doors
        for line in path.read_text().splitlines()
        if shortcut.search(line)
    }

    assert len(doors) > 10
    assert found - BEYOND_RULES == set()
