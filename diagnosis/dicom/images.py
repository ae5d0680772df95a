"""PNG and JPEG images, made into DICOM so that every door treats them alike.

Loads Pillow, numpy and pydicom: decoder children and workers only.
"""

import io
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.filewriter import dcmwrite
from pydicom.uid import UID, ExplicitVRLittleEndian, SecondaryCaptureImageStorage

from diagnosis.dicom.errors import DicomRefused
from diagnosis.dicom.limits import MAX_FRAME_SAMPLES

FORMATS = ("PNG", "JPEG")
SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
SIXTEEN_BIT_MODES = ("I;16", "I;16B", "I;16L", "I")
IMPLEMENTATION_UID = UID("2.25.205868337829126431062174265398146163912")


@dataclass(frozen=True, slots=True)
class ImageIdentity:
    """What the DICOM object made from an image says of itself."""

    study_instance_uid: str
    series_instance_uid: str
    sop_instance_uid: str
    patient_id: str = ""
    patient_name: str = ""
    study_description: str = ""
    study_date: str = ""  # YYYYMMDD


def is_image(head: bytes) -> bool:
    """Whether the first bytes are those of a PNG or JPEG file."""
    return head.startswith(SIGNATURES)


def read_image(path: Path) -> NDArray[np.uint8] | NDArray[np.uint16]:
    """Return (rows, columns) grey, 8 or 16 bit, or (rows, columns, 3) RGB values.

    Raises:
        DicomRefused: The image is damaged, too large, or of another format.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path, formats=FORMATS) as image:
                if image.width * image.height * 3 > MAX_FRAME_SAMPLES:
                    raise DicomRefused(
                        "dimensions", f"({image.width} x {image.height})"
                    )
                return _values(image)
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise DicomRefused("image_unreadable") from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        if isinstance(error, DicomRefused):
            raise
        raise DicomRefused("image_unreadable") from error


def as_dicom(path: Path, identity: ImageIdentity) -> bytes:
    """Return the image as a Secondary Capture object, the same bytes every time.

    References:
        DICOM PS3.3 A.8.1.
    """
    values = read_image(path)
    samples = 3 if values.ndim == 3 else 1
    bits = values.dtype.itemsize * 8
    dataset = _identified(identity)
    dataset.SamplesPerPixel = samples
    dataset.PhotometricInterpretation = "RGB" if samples == 3 else "MONOCHROME2"
    if samples == 3:
        dataset.PlanarConfiguration = 0
    dataset.Rows, dataset.Columns = values.shape[:2]
    dataset.BitsAllocated = dataset.BitsStored = bits
    dataset.HighBit = bits - 1
    dataset.PixelRepresentation = 0
    data = values.astype(values.dtype.newbyteorder("<"), copy=False).tobytes()
    dataset.PixelData = data + b"\0" * (len(data) % 2)
    dataset["PixelData"].VR = "OB" if bits == 8 else "OW"
    return _written(dataset)


def _values(image: Image.Image) -> NDArray[np.uint8] | NDArray[np.uint16]:
    upright = ImageOps.exif_transpose(image)
    if upright.mode in SIXTEEN_BIT_MODES:
        return np.asarray(upright).astype(np.uint16)
    if upright.mode in ("1", "L", "LA", "La"):
        return np.asarray(upright.convert("L"))
    return _grey_where_equal(np.asarray(upright.convert("RGB")))


def _grey_where_equal(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return one channel when all three are the same: a grey image saved as colour."""
    red, green, blue = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    if np.array_equal(red, green) and np.array_equal(green, blue):
        return np.ascontiguousarray(red)
    return rgb


def _identified(identity: ImageIdentity) -> Dataset:
    dataset = Dataset()
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.ImageType = ["DERIVED", "SECONDARY"]
    dataset.SOPClassUID = SecondaryCaptureImageStorage
    dataset.SOPInstanceUID = identity.sop_instance_uid
    dataset.StudyInstanceUID = identity.study_instance_uid
    dataset.SeriesInstanceUID = identity.series_instance_uid
    dataset.StudyDate = identity.study_date
    dataset.StudyTime = ""
    dataset.AccessionNumber = ""
    dataset.ReferringPhysicianName = ""
    dataset.StudyID = ""
    dataset.StudyDescription = identity.study_description
    dataset.PatientName = identity.patient_name
    dataset.PatientID = identity.patient_id
    dataset.PatientBirthDate = ""
    dataset.PatientSex = ""
    dataset.Modality = "OT"
    dataset.ConversionType = "WSD"
    dataset.SeriesNumber = 1
    dataset.InstanceNumber = 1
    return dataset


def _written(dataset: Dataset) -> bytes:
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.file_meta.ImplementationClassUID = IMPLEMENTATION_UID
    dataset.file_meta.ImplementationVersionName = "ANJI"
    buffer = io.BytesIO()
    dcmwrite(buffer, dataset, enforce_file_format=True)
    return buffer.getvalue()
