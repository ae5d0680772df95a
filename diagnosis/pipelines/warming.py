"""What a reading needs, ready before the first one asks: the model and a decoder."""

import structlog
from django.db import DatabaseError, connections

from diagnosis.dicom.pool import decoder_pool
from diagnosis.pipelines.reading import engine_of, model_in_service
from hospital.jobs.run import JobFailed, JobRun

logger = structlog.get_logger(__name__)


def warm_up() -> None:
    """Make a starting worker ready; what is amiss is told by the first reading."""
    decoder_pool().warm()
    try:
        engine_of(model_in_service())
    except (JobFailed, DatabaseError) as error:
        logger.warning("model_not_warm", reason=str(error))
    finally:
        connections.close_all()  # the jobs' threads have their own


def warm_model(run: JobRun) -> dict[str, object]:
    """Make a worker ready for the model that has just been put into service."""
    entry = model_in_service()
    engine = engine_of(entry)
    return {"model": entry.reference, "engine": engine.name}
