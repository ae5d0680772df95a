"""Why a file was not taken, in the reader's language."""

from django.utils.translation import gettext_lazy as _

from diagnosis.dicom.errors import DicomRefused

# The sentences of `diagnosis.dicom.errors`, which knows no translation.
SENTENCES = {
    "empty": _("The file is empty."),
    "not_dicom": _("The file is neither DICOM nor a PNG or JPEG image."),
    "truncated": _("The file ends before its contents do."),
    "unreadable": _("The file's contents do not follow the DICOM standard."),
    "missing_tag": _("A required attribute is missing."),
    "invalid_uid": _("A unique identifier is not a valid DICOM UID."),
    "invalid_value": _("A required attribute has an impossible value."),
    "value_too_long": _("An identifying attribute is longer than DICOM allows."),
    "unsupported_transfer_syntax": _(
        "The transfer syntax is unknown or not supported."
    ),
    "dimensions": _("The declared image size is impossible or over the limit."),
    "decompression_bomb": _("The compressed contents grow beyond the limit."),
    "too_many_elements": _("The file holds more attributes than the limit allows."),
    "nesting": _("Sequences are nested deeper than the limit allows."),
    "no_pixels": _("The file holds no image."),
    "no_such_frame": _("The image has no frame of that number."),
    "pixels_unreadable": _("The image data cannot be decoded."),
    "too_large": _("Reading the file needs more memory than the limit allows."),
    "timeout": _("Reading the file took longer than the limit allows."),
    "decoder_died": _("The decoder stopped while reading the file."),
    "image_unreadable": _("The PNG or JPEG image cannot be decoded."),
    "volume_unreadable": _("The NIfTI volume cannot be read."),
    "file_missing": _("The stored file cannot be found."),
    # What only the hospital's own rows can tell.
    "uid_conflict": _(
        "Another file with the same SOP Instance UID but other bytes is stored. "
        "This one was put into quarantine."
    ),
    "study_mismatch": _("The file is not of the study that it was sent to."),
    "study_elsewhere": _("The study belongs to another department."),
    "patient_mismatch": _(
        "The file names another patient than the record does: "
        "the number, the birth date or the sex does not match."
    ),
    "series_mismatch": _("The series is stored under another study."),
    "several_patients": _(
        "The upload names one patient but its files name several. "
        "Upload them without naming one."
    ),
}


def sentence(refusal: DicomRefused) -> str:
    """Return a refusal's sentence with its detail."""
    return f"{SENTENCES[refusal.code]} {refusal.detail}".strip()
