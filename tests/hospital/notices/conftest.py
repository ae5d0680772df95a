from collections.abc import Iterator

import pytest

from hospital.core.registry import NoticeKind, add_notice_kind, registry

KIND = "tests.bed"


@pytest.fixture(autouse=True)
def kind() -> Iterator[str]:
    """A kind of notice of the tests' own."""
    add_notice_kind(NoticeKind(KIND, lambda values: f"Bed {values['bed']} is free."))
    yield KIND
    del registry.notice_kinds[KIND]
