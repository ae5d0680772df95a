"""The index of what is in force: made once, kept under the data folder, shared by workers."""

import fcntl
import hashlib
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db.models import Count, Max, QuerySet
from django.db.models.expressions import Func
from django.db.models.fields import BinaryField
from django.utils import timezone

from hospital.knowledge import retrieval
from hospital.knowledge.models import Library, Passage
from hospital.knowledge.retrieval.index import Index, index_of
from hospital.knowledge.retrieval.shelf import keep, kept
from hospital.knowledge.retrieval.sparse import Floats
from hospital.knowledge.retrieval.text import Text
from hospital.knowledge.retrieval.vectors import ENCODER, LENGTH, encoder
from hospital.knowledge.selectors import passages_in_force
from hospital.knowledge.services.embedding import embed, title_of

FRESH_S = 5.0  # how late a change is noticed; what is withdrawn is never shown at all
KEPT = 2  # versions of one selection: a worker may still read the last
ENGLISH = "en"
Told = Callable[[str, float], None]


@dataclass(slots=True)
class _Loaded:
    """The index that this process holds of one selection, and when it was compared."""

    version: str
    index: Index
    compared: float


_loaded: dict[Path, _Loaded] = {}


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
    folder = shelf / version
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
    _loaded[shelf] = _Loaded(version, index, now)
    return index


def _slugs(libraries: Sequence[str] | None) -> list[str]:
    active = Library.objects.filter(is_active=True)
    if libraries is not None:
        active = active.filter(slug__in=libraries)
    return sorted(active.values_list("slug", flat=True))


def _shelf(slugs: Sequence[str], lang: str) -> Path:
    name = hashlib.sha256("\n".join(slugs).encode()).hexdigest()[:16]
    folder: Path = settings.VAR.root / "knowledge" / f"{name}-{lang}"
    return folder


def _version(slugs: Sequence[str], lang: str) -> str:
    """Return a name that changes with the texts, the day that they are read and the code."""
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
    said = repr((list(facts), _code()))
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
        embed(slugs, told=(lambda share: told("vectors", share)) if told else None)
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
