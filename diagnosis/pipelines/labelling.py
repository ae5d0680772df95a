"""A project's labels written as a file by a worker."""

import tempfile
import zipfile
from pathlib import Path

from django.utils.translation import gettext as _

from diagnosis import files
from diagnosis.dicom.errors import DicomRefused
from diagnosis.dicom.pool import decoder_pool
from diagnosis.models import ExportForm, LabelExport
from diagnosis.selectors.labelling import standings_of
from diagnosis.services.label_files import TEXT_FORMS, dicom_requests, text_file
from hospital.jobs.run import JobFailed, JobRun


def export(run: JobRun) -> dict[str, object]:
    """Write the file into the store, and say in the export's row which it is."""
    row = LabelExport.objects.select_related("project").get(id=run.job.subject_id)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "labels"
        if row.form in TEXT_FORMS:
            path.write_text(text_file(row.project, row.form).text, encoding="utf-8")
            count = 1
        else:
            count = _write_dicom(run, row, path)
        digest = files.digest_of(path)
        files.store(path, digest=digest)
    result: dict[str, object] = {"export": str(row.id), "files": count}
    with run.finish(result):
        row.digest = digest
        row.save(update_fields=["digest", "updated"])
    return result


def _write_dicom(run: JobRun, row: LabelExport, path: Path) -> int:
    """Write a ZIP of one DICOM object a study or series; returns how many."""
    pool = decoder_pool()
    make = (
        pool.label_report if row.form == ExportForm.REPORT else pool.label_segmentation
    )
    total = max(len(standings_of(row.project)), 1)
    count = 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, request in dicom_requests(row.project, row.form):
            try:
                archive.writestr(name, make(request))
            except DicomRefused as error:
                words = _("%(file)s could not be made: %(why)s")
                told = words % {"file": name, "why": error.message}
                raise JobFailed(told, code=error.code) from error
            count += 1
            run.progress(min(count / total, 1.0))
    return count
