"""Vectors of the questions that passages answer, kept beside them."""

from collections.abc import Callable, Sequence

from django.db import connection
from django.db.models import QuerySet
from psycopg2.extras import execute_values

from hospital.knowledge.models import Passage
from hospital.knowledge.retrieval.vectors import ENCODER, encoder
from hospital.knowledge.selectors import passages_in_force

AT_ONCE = 2048  # passages computed and kept together: a stop loses no more
Told = Callable[[float], None]
_KEEP = """
    UPDATE knowledge_passage AS passage
    SET embedding = made.vector::vector, embedded_by = made.encoder
    FROM (VALUES %s) AS made (id, heading, vector, encoder)
    WHERE passage.id = made.id AND passage.heading = made.heading
"""


def title_of(*, entry: str, heading: str) -> str:
    """Return the question that a passage answers, as one line."""
    return heading if not entry or entry == heading else f"{entry}: {heading}"


def unembedded(libraries: Sequence[str] | None = None) -> QuerySet[Passage]:
    """Return the English passages in force without a vector of today's encoder."""
    english = passages_in_force(libraries).filter(entry__lang="en")
    return english.exclude(embedding__isnull=False, embedded_by=ENCODER)


def embed(libraries: Sequence[str] | None = None, *, told: Told | None = None) -> int:
    """Make the vectors that are missing and return how many passages got one.

    Workers and commands only. It may be stopped and run again; a passage whose heading
    changes meanwhile keeps none.
    """
    rows = list(
        unembedded(libraries)
        .values_list("id", "heading", "entry__title")
        .order_by("id")
    )
    if not rows:
        return 0
    titles = [title_of(entry=entry, heading=heading) for _, heading, entry in rows]
    order = sorted(range(len(rows)), key=lambda at: (len(titles[at]), titles[at]))
    for start in range(0, len(order), AT_ONCE):
        some = order[start : start + AT_ONCE]
        _embed_some([rows[at] for at in some], [titles[at] for at in some])
        if told:
            told((start + len(some)) / len(order))
    return len(rows)


def _embed_some(rows: Sequence[tuple[int, str, str]], titles: Sequence[str]) -> None:
    vectors = encoder().encode(titles)
    made = [
        (pk, heading, f"[{','.join(f'{number:.6f}' for number in vector)}]", ENCODER)
        for (pk, heading, _), vector in zip(rows, vectors.tolist(), strict=True)
    ]
    with connection.cursor() as cursor:
        execute_values(cursor, _KEEP, made, page_size=256)
