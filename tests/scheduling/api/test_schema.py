"""The schema shows, for every door of the rosters that takes a body, how to knock."""

from collections.abc import Iterator

import pytest

from tests.scheduling.api.conftest import Json, rosters_schema

WRITES = ("post", "put", "patch")


@pytest.fixture
def schema() -> Json:
    return rosters_schema()


def bodies(schema: Json) -> Iterator[tuple[str, Json]]:
    """Yield each write that takes a body, and one of its media types."""
    for address, doors in schema["paths"].items():
        for method in WRITES:
            for media in doors.get(method, {}).get("requestBody", {}).values():
                if isinstance(media, dict):
                    yield f"{method} {address}", next(iter(media.values()))


def test_every_write_has_an_example(schema: Json) -> None:
    shown = {door: bool(media.get("examples")) for door, media in bodies(schema)}

    assert shown["post /api/v1/swaps/"]
    assert [door for door, is_shown in shown.items() if not is_shown] == []


def test_examples_send_what_is_required_and_nothing_unknown(schema: Json) -> None:
    wrong = []
    for door, media in bodies(schema):
        name = media["schema"]["$ref"].rpartition("/")[2]
        asked = schema["components"]["schemas"][name]
        for example in media.get("examples", {}).values():
            sent = set(example["value"])
            lacking = set(asked.get("required", ())) - sent
            unknown = sent - set(asked["properties"])
            wrong += [(door, lacking, unknown)] if lacking or unknown else []

    assert wrong == []
