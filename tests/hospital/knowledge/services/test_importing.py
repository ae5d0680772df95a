from collections.abc import Sequence
from dataclasses import replace

import pytest
from django.utils import timezone

from hospital.core.errors import InvalidInput
from hospital.knowledge.models import Entry, EntryState, Library, Passage
from hospital.knowledge.reading.incoming import Flaw, Incoming, IncomingPassage
from hospital.knowledge.services.importing import Tally, import_entries
from hospital.knowledge.services.libraries import library_named
from tests.hospital.knowledge.rows import make_library

pytestmark = pytest.mark.django_db

CAUSES = IncomingPassage("cough/en#causes", "Causes", "causes", "A cold.")
CARE = IncomingPassage("cough/en#care", "Care", "self_care", "Drink.")
COUGH = Incoming(
    id="cough",
    lang="en",
    title="Cough",
    passages=(CAUSES, CARE),
    where="line 1",
    source="CDC",
    synonyms=("tussis",),
)
POINTER = Incoming(
    id="flu",
    lang="en",
    title="What is flu?",
    passages=(IncomingPassage("flu", "What is flu?", "", ""),),
    where="line 2",
    url="https://www.cdc.gov/flu",
    is_pointer=True,
)


def imported(
    library: Library, *entries: Incoming | Flaw, publish: bool = True
) -> Tally:
    tally = Tally(files=1)
    import_entries(library, entries, file="rows.jsonl", tally=tally, publish=publish)
    return tally


def texts(library: Library) -> Sequence[tuple[str, str]]:
    passages = Passage.objects.filter(library=library).order_by("position", "id")
    return list(passages.values_list("citation", "text"))


def test_entries_are_kept_and_a_second_time_changes_nothing() -> None:
    library = make_library()

    first = imported(library, COUGH, POINTER)
    events = Entry.objects.get(external_id="cough").events.count()
    second = imported(library, COUGH, POINTER)

    assert first == Tally(files=1, entries=2, pointers=1, passages=2, created=2)
    assert second == Tally(files=1, entries=2, pointers=1, passages=2, unchanged=2)
    entry = Entry.objects.get(external_id="cough")
    assert (entry.source and entry.source.name, entry.synonyms) == ("CDC", ["tussis"])
    assert (entry.state, entry.version) == ("published", 1)
    assert entry.events.count() == events == 1


def test_a_changed_text_is_a_new_version_and_loses_its_review() -> None:
    library = make_library()
    imported(library, replace(COUGH, reviewed_by="Dr Li"))
    Passage.objects.update(embedding=[0.5] * 384, embedded_by="encoder")
    new = replace(CAUSES, text="A cold, mostly.")

    tally = imported(library, replace(COUGH, passages=(new,), reviewed_by=""))

    assert (tally.updated, tally.created) == (1, 0)
    assert texts(library) == [("cough/en#causes", "A cold, mostly.")]
    passage = Passage.objects.get()
    assert (passage.entry.version, passage.entry.reviewed_by) == (2, "")
    former = passage.events.get()
    assert former.text == "A cold."


def test_a_vector_stays_while_title_and_heading_stay() -> None:
    library = make_library()
    imported(library, COUGH)
    Passage.objects.update(embedding=[0.5] * 384)

    def with_vector() -> set[str]:
        kept = Passage.objects.exclude(embedding=None)
        return set(kept.values_list("heading", flat=True))

    asked = replace(CARE, heading="Self-care")
    imported(library, replace(COUGH, passages=(asked, replace(CAUSES, text="Colds."))))
    assert with_vector() == {"Causes"}

    imported(library, replace(COUGH, title="The cough", passages=(asked, CAUSES)))
    assert with_vector() == set()


def test_an_entry_edited_by_hand_is_left_and_said_once() -> None:
    library = make_library()
    imported(library, COUGH)
    Entry.objects.update(edited=timezone.now(), title="Our cough")
    newer = replace(COUGH, title="The cough")

    first, second = imported(library, newer), imported(library, newer)

    assert (first.left_aside, second.left_aside, second.unchanged) == (1, 0, 1)
    assert Entry.objects.get().title == "Our cough"


def test_drafts_wait_and_retired_entries_stay_retired() -> None:
    library = make_library()
    imported(library, COUGH, publish=False)
    assert Entry.objects.get().state == EntryState.DRAFT
    Entry.objects.update(state=EntryState.RETIRED)

    imported(library, replace(COUGH, title="The cough"))

    assert Entry.objects.get().state == EntryState.RETIRED


def test_ids_that_are_taken_are_left_out_with_their_place() -> None:
    library = make_library()
    imported(library, COUGH)
    stranger = replace(COUGH, id="other", where="line 7")
    twice = replace(POINTER, where="line 3")

    tally = imported(library, stranger, POINTER, twice)

    assert [(flaw.where, flaw.code) for flaw in tally.quarantined] == [
        ("line 3", "id_twice"),
        ("line 7", "id_taken"),
    ]
    assert tally.quarantined[0].message == (
        "its id stands already on line 2; give it another"
    )
    assert set(Entry.objects.values_list("external_id", flat=True)) == {"cough", "flu"}


def test_the_same_ids_may_stand_in_two_libraries() -> None:
    imported(make_library(), COUGH)

    tally = imported(make_library(), COUGH)

    assert (tally.created, tally.quarantined) == (1, [])


def test_a_name_that_is_none_makes_no_library() -> None:
    with pytest.raises(InvalidInput, match="names no library"):
        library_named("../x y")

    assert not Library.objects.exists()
