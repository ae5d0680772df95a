"""Searches of the library as jobs: vectors and index made ahead, and one search shown."""

from django.utils.translation import gettext as _

from hospital.jobs.run import JobRun
from hospital.knowledge.services.embedding import embed
from hospital.knowledge.services.finding import find
from hospital.knowledge.services.indexing import index_for

LANGUAGES = ("en", "zh")
MOST = 0.9  # of the work is making vectors


def make_vectors(run: JobRun) -> dict[str, object]:
    """Make the vectors that are missing, and the index of all that patients are told."""
    run.step(_("Making the vectors of the library's questions"))
    made = embed(told=lambda share: run.progress(share * MOST))
    run.step(_("Making the index of the library"))
    for lang in LANGUAGES:
        index_for(None, lang=lang)
        run.check()
    return {"vectors": made}


def find_for_editor(run: JobRun) -> dict[str, object]:
    """Search as a patient's question would, and say why each passage ranks where it does."""
    asked = run.job.payload
    found = find(
        asked["question"],
        lang=asked["lang"],
        libraries=asked.get("libraries"),
        told=lambda title, share: run.progress(share, title),
    )
    return {
        "query": found.query,
        "lang": found.lang,
        "qtypes": sorted(found.qtypes),
        "confidence": found.confidence,
        "abstained": found.abstained,
        "hits": [
            {"id": hit.id, "score": hit.score, "why": hit.why} for hit in found.hits
        ],
    }
