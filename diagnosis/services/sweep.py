"""Finds what an interrupted upload left: files that no row names, and the reverse."""

import shutil
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from django.conf import settings

from diagnosis import files
from diagnosis.models import Finding, Instance, LabelExport, QuarantinedFile
from diagnosis.services.renewal import images_root, renewals_under_way

# An upload in progress has files that no row names yet; none lasts this long.
GRACE = timedelta(hours=2)
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Sweep:
    """What a sweep removed and what it found missing.

    Attributes:
        removed: Digests of stored objects that no row named.
        left_uploads: Number of abandoned upload files and folders removed.
        left_renewals: Number of folders removed that held images for a new version whose
            making has ended, well or not.
        missing: Digests that rows name and the store does not have.
    """

    removed: list[str]
    left_uploads: int
    left_renewals: int
    missing: list[str]


def sweep_files(*, now: datetime, grace: timedelta = GRACE) -> Sweep:
    """Remove unnamed files older than the grace period; report rows without files."""
    before = now - grace
    old = (digest for digest, put in files.stored_digests() if put < before)
    removed = [
        digest
        for batch in _batches(old)
        for digest in sorted(set(batch) - named_digests(batch))
    ]
    for digest in removed:
        files.remove(digest)
    return Sweep(
        removed=removed,
        left_uploads=_remove_old(Path(settings.FILE_UPLOAD_TEMP_DIR), before),
        left_renewals=_remove_old(images_root(), before, kept=renewals_under_way()),
        missing=[digest for digest in _all_named() if not files.is_stored(digest)],
    )


def named_digests(digests: Iterable[str]) -> set[str]:
    """Return those of the digests that some row names."""
    wanted = list(digests)
    rows = (
        Instance.objects.filter(digest__in=wanted).values_list("digest", flat=True),
        QuarantinedFile.objects.filter(digest__in=wanted).values_list(
            "digest", flat=True
        ),
        Finding.objects.filter(saliency_digest__in=wanted).values_list(
            "saliency_digest", flat=True
        ),
        LabelExport.objects.filter(digest__in=wanted).values_list("digest", flat=True),
    )
    return {digest for found in rows for digest in found}


def _all_named() -> Iterator[str]:
    yield from Instance.objects.values_list("digest", flat=True).iterator()
    yield from QuarantinedFile.objects.values_list("digest", flat=True).iterator()
    saliency = Finding.objects.exclude(saliency_digest="")
    yield from saliency.values_list("saliency_digest", flat=True).iterator()
    exports = LabelExport.objects.exclude(digest="")
    yield from exports.values_list("digest", flat=True).iterator()


def _remove_old(folder: Path, before: datetime, *, kept: Collection[str] = ()) -> int:
    removed = 0
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name in kept or path.stat().st_mtime >= before.timestamp():
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
        removed += 1
    return removed


def _batches(digests: Iterable[str]) -> Iterator[list[str]]:
    iterator = iter(digests)
    while batch := list(islice(iterator, BATCH)):
        yield batch
