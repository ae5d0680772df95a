"""Why a file cannot be taken: one code and one sentence for each reason."""

# Codes are public (CONTRACTS 1, `rejected`): add, never rename.
SENTENCES = {
    "empty": "The file is empty.",
    "not_dicom": "The file is neither DICOM nor a PNG or JPEG image.",
    "truncated": "The file ends before its contents do.",
    "unreadable": "The file's contents do not follow the DICOM standard.",
    "missing_tag": "A required attribute is missing.",
    "invalid_uid": "A unique identifier is not a valid DICOM UID.",
    "invalid_value": "A required attribute has an impossible value.",
    "value_too_long": "An identifying attribute is longer than DICOM allows.",
    "unsupported_transfer_syntax": "The transfer syntax is unknown or not supported.",
    "dimensions": "The declared image size is impossible or over the limit.",
    "decompression_bomb": "The compressed contents grow beyond the limit.",
    "too_many_elements": "The file holds more attributes than the limit allows.",
    "nesting": "Sequences are nested deeper than the limit allows.",
    "no_pixels": "The file holds no image.",
    "no_such_frame": "The image has no frame of that number.",
    "pixels_unreadable": "The image data cannot be decoded.",
    "too_large": "Reading the file needs more memory than the limit allows.",
    "timeout": "Reading the file took longer than the limit allows.",
    "decoder_died": "The decoder stopped while reading the file.",
    "image_unreadable": "The PNG or JPEG image cannot be decoded.",
    "volume_unreadable": "The NIfTI volume cannot be read.",
    "file_missing": "The stored file cannot be found.",
}


class DicomRefused(ValueError):
    """A file, or what was asked of it, is refused: `code`, `message`, and a detail."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.code = code
        self.detail = detail
        self.message = f"{SENTENCES[code]} {detail}".strip()
        super().__init__(self.message)

    def __reduce__(self) -> tuple[type["DicomRefused"], tuple[str, str]]:
        return (type(self), (self.code, self.detail))
