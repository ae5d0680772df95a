"""Entries from outside become rows: twice changes nothing, an edit by hand is kept."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice

from django.db import transaction
from django.utils import timezone

from hospital.knowledge.models import Entry, EntryState, Library, Passage, Source
from hospital.knowledge.reading.incoming import Flaw, Incoming, digest_of

BATCH = 1000
CHANGED_AT_ONCE = 200  # entries; each column of each is a branch of one statement
ENTRY_FIELDS = (
    "title",
    "focus",
    "qtype",
    "category",
    "url",
    "licence",
    "is_pointer",
    "written",
    "reviewed_by",
    "reviewed",
    "expires",
)
PASSAGE_FIELDS = ("position", "heading", "qtype", "text")


@dataclass(slots=True)
class Tally:
    """What came of an import.

    Attributes:
        entries: Those that are as the files have them, or left as edited here.
        pointers: How many of them are links without a text.
        passages: Their passages that can be quoted.
        left_aside: Changed in the file, but edited here by hand.
        quarantined: What was left out, and why.
    """

    files: int = 0
    entries: int = 0
    pointers: int = 0
    passages: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    left_aside: int = 0
    quarantined: list[Flaw] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        return asdict(self)


@dataclass(slots=True)
class _Import:
    """One file on its way into one library."""

    library: Library
    state: EntryState
    file: str
    tally: Tally
    places: dict[str, str] = field(default_factory=dict)  # of each citation so far
    sources: dict[str, Source] = field(default_factory=dict)


@transaction.atomic
def import_entries(
    library: Library,
    incoming: Iterable[Incoming | Flaw],
    *,
    file: str,
    tally: Tally,
    publish: bool,
) -> None:
    """Keep the entries of one file, all that are sound or, on an error, none.

    Args:
        library: Where they go; two imports into it wait for each other.
        incoming: What a reader yields.
        file: Its name, for what is left out.
        tally: Counts what came of it.
        publish: Whether patients are answered from them at once; else they are drafts.
    """
    Library.objects.select_for_update().get(pk=library.pk)
    state = EntryState.PUBLISHED if publish else EntryState.DRAFT
    work = _Import(library, state, file, tally)
    sound = _once_each(work, incoming)
    while batch := list(islice(sound, BATCH)):
        _keep(work, batch)


def _once_each(
    work: _Import, incoming: Iterable[Incoming | Flaw]
) -> Iterator[Incoming]:
    """Yield what is sound; an id that came before in the file is left out."""
    for one in incoming:
        if isinstance(one, Flaw):
            work.tally.quarantined.append(one)
            continue
        citations = [passage.citation for passage in one.passages]
        before = next(
            (work.places[id_] for id_ in citations if id_ in work.places), None
        )
        if before is not None:
            message = (
                f"its id stands already {before or 'in this file'}; give it another"
            )
            _leave_out(work, one, "id_twice", message)
            continue
        place = f"on {one.where}" if one.where else ""
        work.places.update(dict.fromkeys(citations, place))
        yield one


def _keep(work: _Import, batch: Sequence[Incoming]) -> None:
    known = {
        (entry.external_id, entry.lang): entry
        for entry in Entry.objects.filter(
            library=work.library, external_id__in=[one.id for one in batch]
        )
    }
    new, changed = list[Incoming](), list[tuple[Entry, Incoming]]()
    for one in _free_citations(work, batch, known):
        entry = known.get((one.id, one.lang))
        _count(work.tally, one)
        if entry is None:
            new.append(one)
        elif entry.digest == (digest := digest_of(one)):
            work.tally.unchanged += 1
        elif entry.edited is None:
            changed.append((entry, one))
        elif entry.offered == digest:
            work.tally.unchanged += 1
        else:
            entry.offered = digest
            entry.save(update_fields=["offered", "updated"])
            work.tally.left_aside += 1
    _create(work, new)
    _change(work, changed)


def _free_citations(
    work: _Import, batch: Sequence[Incoming], known: dict[tuple[str, str], Entry]
) -> Iterator[Incoming]:
    """Yield the entries whose citations no other entry of the library holds."""
    citations = [passage.citation for one in batch for passage in one.passages]
    holders = dict(
        Passage.objects.filter(
            library=work.library, citation__in=citations
        ).values_list("citation", "entry_id")
    )
    for one in batch:
        entry = known.get((one.id, one.lang))
        held = {
            holders[passage.citation]
            for passage in one.passages
            if passage.citation in holders
        }
        if held - {entry.pk if entry else None}:
            message = "another entry of the library has this id; give it another"
            _leave_out(work, one, "id_taken", message)
        else:
            yield one


def _leave_out(work: _Import, one: Incoming, code: str, message: str) -> None:
    where = one.where or f"{one.id} ({one.lang})"
    work.tally.quarantined.append(Flaw(work.file, where, code, message))


def _count(tally: Tally, one: Incoming) -> None:
    tally.entries += 1
    tally.pointers += one.is_pointer
    tally.passages += sum(bool(passage.text) for passage in one.passages)


def _create(work: _Import, new: Sequence[Incoming]) -> None:
    entries = [
        Entry(library=work.library, external_id=one.id, lang=one.lang) for one in new
    ]
    for entry, one in zip(entries, new, strict=True):
        _fill(work, entry, one)
    Entry.objects.bulk_create(entries)
    Passage.objects.bulk_create(
        _passage(entry, position, one)
        for entry, one in zip(entries, new, strict=True)
        for position in range(len(one.passages))
    )
    work.tally.created += len(new)


def _change(work: _Import, changed: Sequence[tuple[Entry, Incoming]]) -> None:
    now = timezone.now()
    renamed = {entry.pk for entry, one in changed if entry.title != one.title}
    for entry, one in changed:
        _fill(work, entry, one)
        entry.version += 1
        entry.updated = now
    fields = [
        *ENTRY_FIELDS,
        *("source", "synonyms", "departments", "references"),
        *("state", "reviewer", "digest", "version", "updated"),
    ]
    entries = [entry for entry, _ in changed]
    Entry.objects.bulk_update(entries, fields, batch_size=CHANGED_AT_ONCE)
    for entry, one in changed:
        _change_passages(entry, one, is_renamed=entry.pk in renamed)
    work.tally.updated += len(changed)


def _fill(work: _Import, entry: Entry, one: Incoming) -> None:
    """Set what the file says; the review of an older text no longer counts."""
    for name in ENTRY_FIELDS:
        setattr(entry, name, getattr(one, name))
    entry.source = _source(work, one.source) if one.source else None
    entry.synonyms = list(one.synonyms)
    entry.departments = list(one.departments)
    entry.references = [asdict(reference) for reference in one.references]
    entry.reviewer = None
    entry.digest = digest_of(one)
    if entry.state != EntryState.RETIRED:
        entry.state = work.state


def _source(work: _Import, name: str) -> Source:
    if name not in work.sources:
        work.sources[name], _ = Source.objects.get_or_create(
            library=work.library, name=name
        )
    return work.sources[name]


def _passage(entry: Entry, position: int, one: Incoming) -> Passage:
    passage = one.passages[position]
    return Passage(
        entry=entry,
        library_id=entry.library_id,
        citation=passage.citation,
        position=position,
        heading=passage.heading,
        qtype=passage.qtype,
        text=passage.text,
    )


def _change_passages(entry: Entry, one: Incoming, *, is_renamed: bool) -> None:
    """Change what differs; a vector stays with the words that it was made of."""
    there = {passage.citation: passage for passage in entry.passages.defer("embedding")}
    wanted = {passage.citation for passage in one.passages}
    entry.passages.filter(citation__in=there.keys() - wanted).delete()
    for position in range(len(one.passages)):
        new = _passage(entry, position, one)
        old = there.get(new.citation)
        if old is None:
            new.save()
            continue
        facts = {name: getattr(new, name) for name in PASSAGE_FIELDS}
        differing = {n: v for n, v in facts.items() if getattr(old, n) != v}
        if is_renamed or "heading" in differing:
            differing.update(embedding=None, embedded_by="")
        if differing:
            Passage.objects.filter(pk=old.pk).update(**differing)
