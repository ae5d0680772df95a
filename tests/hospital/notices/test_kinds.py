"""Every kind of notice is told to programs and to people."""

import re

import pytest

from hospital.core.registry import registry
from hospital.env import BASE_DIR
from tests.hospital.notices.conftest import KIND


def test_the_contracts_name_every_kind() -> None:
    text = (BASE_DIR / "docs" / "contracts.md").read_text()

    listed = text.partition("`created` and `read`. Kinds: ")[2].partition("\n\n")[0]

    assert set(re.findall(r"`([\w.]+)`", listed)) == {*registry.notice_kinds} - {KIND}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_help_has_a_row_for_every_kind(language: str) -> None:
    text = (BASE_DIR / "docs" / "help" / language / "notices.md").read_text()

    _heading, _rule, *rows = [row for row in text.splitlines() if row.startswith("| ")]

    assert len(rows) == len({*registry.notice_kinds} - {KIND})
