"""Labels in DICOM structured reports: one report, or a ZIP of them."""

from pathlib import Path

from diagnosis.dicom.errors import DicomRefused
from diagnosis.dicom.pool import DecoderPool, decoder_pool
from diagnosis.labelling.records import Place, RawLabel, RawMark, Reading
from diagnosis.services.incoming import (
    IncomingFile,
    Rejection,
    Staging,
    opened,
    staging_folder,
)

MOST_REPORTS = 500  # more take too long for a page that waits
LARGEST_REPORT = 1024**2


def read(content: bytes) -> Reading:
    """Return the labels of a file's reports, and which of them are none."""
    reading, rejections = Reading(), list[Rejection]()
    pool = decoder_pool()
    with staging_folder() as folder:
        staging = Staging(Path(folder))
        sent = staging.next_path()
        sent.write_bytes(content)
        found = opened([IncomingFile("", sent)], staging, rejections)
        for number, file in enumerate(found, start=1):
            if number > MOST_REPORTS:
                reading.add(Place("file"), "too_many", value=MOST_REPORTS)
                break
            _read(file.path, Place("report", number), pool, reading)
    if rejections:
        reading.add(Place("file"), "not_zip")
    return reading


def _read(path: Path, place: Place, pool: DecoderPool, reading: Reading) -> None:
    try:
        is_small = path.stat().st_size <= LARGEST_REPORT
        label = pool.read_label_report(path) if is_small else {}
    except DicomRefused:
        label = {}
    if not label:
        reading.add(place, "no_report")
        return
    marks = tuple(
        RawMark(
            place,
            mark["kind"],
            mark["answer"],
            mark["sop_instance_uid"],
            mark["frame"],
            tuple((x, y) for x, y in mark["points"]),
        )
        for mark in label["marks"]
    )
    said = (label["reader"], label["answer"], label["comment"])
    reading.take(RawLabel(place, label["study"], *said, marks))
