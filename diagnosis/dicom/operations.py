"""What a decoder child can be asked: each operation takes and gives JSON and bytes.

Loads pydicom, numpy, Pillow and the codecs: decoder children only.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any  # Any: requests are JSON of the parent's making

import numpy as np
from numpy.typing import NDArray

from diagnosis.dicom import (
    images,
    lookup,
    markreading,
    markreport,
    marksegmentation,
    maskreading,
    nifti,
    pixels,
    rendering,
    syntaxes,
)
from diagnosis.dicom.header import Header
from diagnosis.dicom.limits import MAX_REPORT_BYTES
from diagnosis.dicom.metadata import as_json, metadata_of
from diagnosis.dicom.reading import open_dicom
from diagnosis.dicom.validation import TAGS, header_of, lift_functional_groups

Answer = tuple[dict[str, Any], bytes]


def read_header(request: dict[str, Any]) -> Answer:
    """Answer with the header and the attributes of a file, DICOM or image."""
    path = Path(request["path"])
    with path.open("rb") as file:
        head = file.read(16)
    if images.is_image(head):
        return {"header": _image_header(path).as_json()}, b"{}"
    wanted = request["attributes"]
    with open_dicom(path, tags=None if wanted else TAGS) as opened:
        attributes = metadata_of(opened) if wanted else {}
        header = header_of(opened).as_json()
    return {"header": header}, as_json(attributes)


def image_as_dicom(request: dict[str, Any]) -> Answer:
    """Answer with a PNG or JPEG image as a DICOM object."""
    identity = images.ImageIdentity(**request["identity"])
    return {}, images.as_dicom(Path(request["path"]), identity)


def frame(request: dict[str, Any]) -> Answer:
    """Answer with one frame, decoded or as stored."""
    number = request["number"]
    with pixels.open_pixels(Path(request["path"])) as opened:
        if request["transcode"] or opened.transfer_syntax_uid in syntaxes.NATIVE:
            data, photometric = pixels.native_frame(opened, number)
            syntax = syntaxes.EXPLICIT_VR_LITTLE_ENDIAN
        else:
            data = pixels.stored_frame(opened, number)
            syntax = opened.transfer_syntax_uid
            photometric = pixels.shape_of(opened).photometric_interpretation
    return {"transfer_syntax_uid": syntax, "photometric": photometric}, data


def render(request: dict[str, Any]) -> Answer:
    """Answer with one frame as PNG or JPEG."""
    options = rendering.RenderOptions(**request["options"])
    with pixels.open_pixels(Path(request["path"])) as opened:
        return {}, rendering.render(opened, options)


def read_pixels(request: dict[str, Any]) -> Answer:
    """Answer with all frames' stored values and how they become modality values."""
    path = Path(request["path"])
    with path.open("rb") as file:
        if images.is_image(file.read(16)):
            return _image_pixels(path)
    with pixels.open_pixels(path) as opened:
        stored, photometric = pixels.decode_all(opened)
        lift_functional_groups(opened.dataset)
        if photometric == "PALETTE COLOR":
            stored, photometric = lookup.palette_rgb(stored, opened.dataset), "RGB"
        elif stored.ndim == 3:
            stored = lookup.modality_values(stored, opened.dataset)
        slope, intercept = pixels.rescale_of(opened.dataset)
    return _pixels_answer(stored, photometric, slope=slope, intercept=intercept)


def volume_header(request: dict[str, Any]) -> Answer:
    """Answer with the header of a NIfTI volume."""
    volume = nifti.open_volume(Path(request["path"]))
    return {"header": nifti.header_of(volume).as_json()}, b""


def volume_slices(request: dict[str, Any]) -> Answer:
    """Answer with some slices of a NIfTI volume, as `read_pixels` does with frames."""
    volume = nifti.open_volume(Path(request["path"]))
    stored = nifti.slices_of(volume, first=request["first"], count=request["count"])
    return _pixels_answer(
        stored, "MONOCHROME2", slope=volume.slope, intercept=volume.intercept
    )


def label_report(request: dict[str, Any]) -> Answer:
    """Answer with a reader's label as a structured report."""
    return {}, markreport.report(request["label"])


def read_label(request: dict[str, Any]) -> Answer:
    """Answer with the label of a report or segmentation; empty where it holds none."""
    path = Path(request["path"])
    with open_dicom(path) as opened:
        if maskreading.is_segmentation(opened.dataset):
            return {"label": maskreading.label_of(opened)}, b""
        if path.stat().st_size > MAX_REPORT_BYTES:
            return {"label": {}}, b""
        return {"label": markreading.label_of(opened.dataset)}, b""


def label_segmentation(request: dict[str, Any]) -> Answer:
    """Answer with a label's marks of one series as a segmentation."""
    return {}, marksegmentation.segmentation(request["label"])


def _image_pixels(path: Path) -> Answer:
    values = images.read_image(path)
    photometric = "RGB" if values.ndim == 3 else "MONOCHROME2"
    return _pixels_answer(values[np.newaxis], photometric, slope=1.0, intercept=0.0)


def _pixels_answer(
    stored: NDArray[np.generic], photometric: str, *, slope: float, intercept: float
) -> Answer:
    little = stored.astype(stored.dtype.newbyteorder("<"), copy=False)
    facts = {
        "dtype": little.dtype.str,
        "shape": list(little.shape),
        "slope": slope,
        "intercept": intercept,
        "photometric": photometric,
    }
    return facts, little.tobytes()


def _image_header(path: Path) -> Header:
    values = images.read_image(path)
    bits = values.dtype.itemsize * 8
    return Header(
        kind="image",
        modality="OT",
        has_pixels=True,
        rows=values.shape[0],
        columns=values.shape[1],
        frames=1,
        samples_per_pixel=3 if values.ndim == 3 else 1,
        bits_allocated=bits,
        bits_stored=bits,
    )


OPERATIONS: dict[str, Callable[[dict[str, Any]], Answer]] = {
    "header": read_header,
    "image_as_dicom": image_as_dicom,
    "frame": frame,
    "render": render,
    "pixels": read_pixels,
    "volume_header": volume_header,
    "volume_slices": volume_slices,
    "label_report": label_report,
    "label_segmentation": label_segmentation,
    "read_label": read_label,
}
