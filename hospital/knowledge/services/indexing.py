"""The index of what is in force: made once, kept under the data folder, shared by workers."""

import fcntl
import hashlib
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import uuid4

import numpy as np
from django.conf import settings
from django.db import connection
from django.db.models import Count, Max, QuerySet
from django.db.models.expressions import Func
from django.db.models.fields import BinaryField
from django.utils import timezone

from hospital.jobs.models import ENDED_STATES, Job
from hospital.jobs.services import enqueue
from hospital.knowledge import retrieval
from hospital.knowledge.models import Library, Passage
from hospital.knowledge.retrieval.index import Index, index_of
from hospital.knowledge.retrieval.shelf import keep, kept
from hospital.knowledge.retrieval.sparse import Floats
from hospital.knowledge.retrieval.text import Text
from hospital.knowledge.retrieval.vectors import ENCODER, LENGTH, encoder
from hospital.knowledge.selectors import passages_in_force
from hospital.knowledge.services.embedding import embed, title_of, unembedded

AT_ONCE = 2_000  # vectors that a worker makes before it answers; more are a job's
LARGE = 5_000  # texts whose new index is made aside, while the last one answers
FRESH_S = 5.0  # how late a change is noticed; what is withdrawn is never shown at all
KEPT = 2  # versions of one selection: a worker may still read the last
ENGLISH = "en"
EMBEDDING = "knowledge.embed"
Told = Callable[[str, float], None]


@dataclass(slots=True)
class _Loaded:
    """The index that this process holds of one selection, and when it was compared."""

    version: str
    index: Index
    compared: float


_loaded: dict[Path, _Loaded] = {}
_switched_on: dict[Path, tuple[list[str], float]] = {}  # by data folder, and when
_aside: set[Path] = set()


def index_for(
    libraries: Sequence[str] | None, *, lang: str, told: Told | None = None
) -> Index:
    """Return the index of the libraries' passages in a language, made where it is stale.

    Args:
        libraries: Slugs; all that are switched on where there are none.
        lang: `en` or `zh`.
        told: Hears what is being made, and its share.
    """
    slugs = _slugs(libraries)
    shelf = _shelf(slugs, lang)
    held = _loaded.get(shelf)
    now = time.monotonic()
    if held and now - held.compared < FRESH_S:
        return held.index
    version = _version(slugs, lang)
    if held and held.version == version:
        held.compared = now
        return held.index
    if held and told is None and len(held.index.places) > LARGE:
        held.compared = now
        _make_aside(shelf / version, slugs, lang)
        return held.index
    index = _taken(shelf / version, slugs, lang, told)
    _loaded[shelf] = _Loaded(version, index, now)
    return index


def _make_aside(folder: Path, slugs: Sequence[str], lang: str) -> None:
    """Make the new index on a thread, once; whoever asks meanwhile has the last one."""
    if folder in _aside:
        return
    _aside.add(folder)

    def make() -> None:
        try:
            index = _taken(folder, slugs, lang, told=None)
            _loaded[folder.parent] = _Loaded(folder.name, index, time.monotonic())
        finally:
            _aside.discard(folder)
            connection.close()

    threading.Thread(target=make, daemon=True).start()


def _taken(folder: Path, slugs: Sequence[str], lang: str, told: Told | None) -> Index:
    """Return the index that the folder keeps, made first where it is not there."""
    shelf = folder.parent
    index = kept(folder)
    if index is None:
        with _alone(shelf):
            index = kept(folder)
            if index is None:
                keep(_made(slugs, lang, told), folder)
                index = kept(folder)
                _clear(shelf, but=folder)
    if index is None:
        message = f"the index in {folder} cannot be read; remove that folder"
        raise OSError(message)
    return index


def _slugs(libraries: Sequence[str] | None) -> list[str]:
    """Return those of the libraries that are switched on, as they were of late."""
    now = time.monotonic()
    active, asked = _switched_on.get(settings.VAR.root, ([], -FRESH_S))
    if now - asked >= FRESH_S:
        rows = Library.objects.filter(is_active=True)
        active = sorted(rows.values_list("slug", flat=True))
        _switched_on[settings.VAR.root] = (active, now)
    return [slug for slug in active if libraries is None or slug in libraries]


def _shelf(slugs: Sequence[str], lang: str) -> Path:
    name = hashlib.sha256("\n".join(slugs).encode()).hexdigest()[:16]
    folder: Path = settings.VAR.root / "knowledge" / f"{name}-{lang}"
    return folder


def _version(slugs: Sequence[str], lang: str) -> str:
    """Return a name that changes with the texts, their vectors, the day and the code."""
    facts = (
        _in_force(slugs, lang)
        .order_by()
        .values("entry__library__slug")
        .annotate(Count("id"), Max("entry__updated"), Max("id"))
        .order_by("entry__library__slug")
        .values_list(
            "entry__library__slug", "id__count", "entry__updated__max", "id__max"
        )
    )
    lacks_vectors = lang == ENGLISH and unembedded(slugs).exists()
    said = repr((list(facts), lacks_vectors, _code()))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


@cache
def _code() -> str:
    """Return the digest of what makes an index out of texts."""
    digest = hashlib.sha256(ENCODER.encode())
    folder = Path(str(retrieval.__file__)).parent
    for path in sorted(folder.glob("*.py")):
        digest.update(path.read_bytes())
    digest.update((folder / "words.toml").read_bytes())
    return digest.hexdigest()


def _in_force(slugs: Sequence[str], lang: str) -> QuerySet[Passage]:
    on = timezone.localdate()
    return passages_in_force(slugs, on=on).filter(entry__lang=lang)


@contextmanager
def _alone(shelf: Path) -> Iterator[None]:
    """Hold the shelf: who comes second waits, and finds the index there."""
    shelf.mkdir(parents=True, exist_ok=True)
    with (shelf / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _clear(shelf: Path, *, but: Path) -> None:
    folders = [path for path in shelf.iterdir() if path.is_dir() and path != but]
    newest_first = sorted(folders, key=lambda path: path.stat().st_mtime, reverse=True)
    for folder in newest_first[KEPT - 1 :]:
        shutil.rmtree(folder, ignore_errors=True)


def _made(slugs: Sequence[str], lang: str, told: Told | None) -> Index:
    if lang == ENGLISH:
        _embed(slugs, told)
    if told:
        told("index", 0.0)
    passages = list(
        _in_force(slugs, lang)
        .select_related("entry__library")
        .defer("embedding")
        .order_by("id")
    )
    texts = [text_of(passage) for passage in passages]
    is_english = lang == ENGLISH and bool(texts)
    index = index_of(
        texts,
        lang=lang,
        vectors=_vectors([passage.pk for passage in passages]) if is_english else None,
        known=encoder().words() if is_english else frozenset(),
    )
    if told:
        told("index", 1.0)
    return index


def _embed(slugs: Sequence[str], told: Told | None) -> None:
    """Make the vectors that are missing; many of them in a job, where nobody is told.

    Until then their passages are found by words and names alone.
    """
    if told is not None:
        embed(slugs, told=lambda share: told("vectors", share))
        return
    if unembedded(slugs).count() <= AT_ONCE:
        embed(slugs)
        return
    if not Job.objects.filter(kind=EMBEDDING).exclude(state__in=ENDED_STATES).exists():
        enqueue(kind=EMBEDDING, key=str(uuid4()), owner=None)


def text_of(passage: Passage) -> Text:
    """Return a passage as retrieval reads it."""
    entry = passage.entry
    return Text(
        id=passage.citation,
        entry=str(entry.pk),
        title=title_of(entry=entry.title, heading=passage.heading),
        focus=entry.focus or entry.title,
        qtype=passage.qtype,
        lang=entry.lang,
        body=passage.text,
        url=entry.url,
        library=entry.library.slug,
        synonyms=tuple(entry.synonyms),
    )


class _Sent(Func):
    """A vector as the database sends it: two counts, then its numbers, big end first."""

    function = "vector_send"
    output_field = BinaryField()


HEAD_BYTES = 4


def _vectors(ids: Sequence[int]) -> Floats:
    """Return the vectors of passages in their order, zeros where there is none."""
    place = {pk: at for at, pk in enumerate(ids)}
    vectors = np.zeros((len(ids), LENGTH), np.float32)
    sent = (
        Passage.objects.filter(pk__gte=min(ids), pk__lte=max(ids))
        .exclude(embedding=None)
        .annotate(sent=_Sent("embedding"))
        .values_list("pk", "sent")
    )
    for pk, value in sent.iterator(chunk_size=2000):
        if pk in place:
            vectors[place[pk]] = np.frombuffer(value, ">f4", offset=HEAD_BYTES)
    return vectors
