"""Chest CT of nobody: a seeded drawing of a body, for the demo and for trying out.

Ellipses for body, lungs, heart and spine, dots for vessels, soft patches where asked.
It looks like a chest to a person and proves nothing to a model.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

Plane = NDArray[np.float64]

AIR_HU, LUNG_HU, FAT_HU, SOFT_HU, BLOOD_HU, BONE_HU = -1000, -860, -95, 45, 50, 420
PATCH_HU, VESSEL_HU, NOISE_HU = 420.0, 620.0, 16.0
WIDTH_MM, THICKNESS_MM = 360.0, 8.0


@dataclass(frozen=True, slots=True)
class Phantom:
    """What is drawn, and for whom.

    Attributes:
        seed: The same seed draws the same chest and gives the same identifiers.
        patient_id: The number of an invented patient.
        patient_name: In DICOM's form, scripts parted by `=`.
        birth_date: As YYYYMMDD.
        sex: `F` or `M`.
        study_date: As YYYYMMDD.
        patches: How many soft opacities the lungs hold.
        slices: How many images.
        size: Rows and columns.
    """

    seed: int
    patient_id: str
    patient_name: str
    birth_date: str
    sex: str
    study_date: str
    patches: int = 0
    slices: int = 24
    size: int = 256

    @property
    def study_uid(self) -> str:
        return uid("study", self.seed)


def uid(*parts: object) -> str:
    return str(generate_uid(entropy_srcs=["anji phantom", *map(str, parts)]))


def write_phantom(phantom: Phantom, folder: Path) -> list[Path]:
    """Write the series as DICOM files and return their paths, top slice first."""
    paths = []
    for number, hu in enumerate(draw(phantom), start=1):
        path = folder / f"{phantom.seed}-{number:03}.dcm"
        dataset(phantom, number, hu).save_as(path, enforce_file_format=True)
        paths.append(path)
    return paths


def draw(phantom: Phantom) -> Iterator[Plane]:
    """Yield each slice in Hounsfield units, shape (size, size)."""
    random = np.random.default_rng(phantom.seed)
    axis = np.linspace(-1, 1, phantom.size)
    x, y = np.meshgrid(axis, axis)
    patches = random.uniform((0.25, -0.1, -0.6), (0.6, 0.35, 0.6), (phantom.patches, 3))
    patches[:, 0] *= random.choice((-1, 1), phantom.patches)
    for z in np.linspace(-0.92, 0.92, phantom.slices):
        lungs, hu = chest(x, y, z)
        hu = np.where(lungs, hu + vessels(x, y, random), hu)
        for patch in patches:
            hu = np.where(lungs, hu + opacity(x, y, z, patch), hu)
        yield np.clip(hu + random.normal(0, NOISE_HU, hu.shape), -1024, 2000)


def chest(x: Plane, y: Plane, z: float) -> tuple[NDArray[np.bool_], Plane]:
    """Return where the lungs are, and the slice without them being more than air."""
    size = float(np.sqrt(1 - 0.75 * z * z))
    hu = np.full(x.shape, float(AIR_HU))
    hu[ellipse(x, y, (0, 0), (0.9, 0.66))] = FAT_HU
    hu[ellipse(x, y, (0, 0), (0.85, 0.6))] = SOFT_HU
    left = ellipse(x, y, (-0.42, -0.03), (0.32 * size, 0.47 * size))
    right = ellipse(x, y, (0.42, -0.03), (0.32 * size, 0.47 * size))
    heart = ellipse(x, y, (0.1, -0.14), (0.27, 0.24)) & (z > -0.3)
    lungs = (left | right) & ~heart
    hu[lungs] = LUNG_HU
    hu[heart] = BLOOD_HU
    hu[ellipse(x, y, (0.13, 0.3), (0.06, 0.06))] = BLOOD_HU  # aorta
    hu[ellipse(x, y, (0, 0.42), (0.11, 0.1))] = BONE_HU  # vertebra
    hu[ellipse(x, y, (0, 0.5), (0.04, 0.035))] = SOFT_HU  # its canal
    for angle in np.linspace(0.25, 2 * np.pi - 0.25, 14) + 0.12 * z:
        center = (0.8 * np.cos(angle), 0.55 * np.sin(angle))
        hu[ellipse(x, y, center, (0.05, 0.028))] = BONE_HU  # rib
    return lungs, hu


def ellipse(
    x: Plane, y: Plane, center: tuple[float, float], radii: tuple[float, float]
) -> NDArray[np.bool_]:
    inside: NDArray[np.bool_] = ((x - center[0]) / radii[0]) ** 2 + (
        (y - center[1]) / radii[1]
    ) ** 2 < 1
    return inside


def vessels(x: Plane, y: Plane, random: np.random.Generator) -> Plane:
    """Return what the vessels of a slice add, in Hounsfield units."""
    dots = random.uniform((-0.7, -0.45, 0.006), (0.7, 0.4, 0.018), (90, 3))
    px, py, radius = dots.T[..., None]
    across = np.exp(-((x[0] - px) ** 2) / (2 * radius**2))  # (90, columns)
    down = np.exp(-((y[:, 0] - py) ** 2) / (2 * radius**2))  # (90, rows)
    added: Plane = VESSEL_HU * (down.T @ across)
    return np.minimum(added, VESSEL_HU)


def opacity(x: Plane, y: Plane, z: float, patch: Plane) -> Plane:
    """Return what a soft opacity adds to a slice, in Hounsfield units."""
    px, py, pz = patch
    distance = ((x - px) / 0.13) ** 2 + ((y - py) / 0.11) ** 2 + ((z - pz) / 0.3) ** 2
    added: Plane = PATCH_HU * np.exp(-distance)
    return added


def dataset(phantom: Phantom, number: int, hu: Plane) -> Dataset:
    """Return one slice as a CT image object, PS3.3 A.3."""
    image = Dataset()
    describe(image, phantom, number)
    place(image, phantom, number)
    image.SamplesPerPixel = 1
    image.PhotometricInterpretation = "MONOCHROME2"
    image.Rows, image.Columns = hu.shape
    image.BitsAllocated, image.BitsStored, image.HighBit = 16, 16, 15
    image.PixelRepresentation = 1
    image.RescaleIntercept, image.RescaleSlope, image.RescaleType = 0, 1, "HU"
    image.WindowCenter, image.WindowWidth = -600, 1500
    image.PixelData = np.round(hu).astype("<i2").tobytes()
    image["PixelData"].VR = "OW"
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    image.file_meta.MediaStorageSOPClassUID = CTImageStorage
    image.file_meta.MediaStorageSOPInstanceUID = image.SOPInstanceUID
    return image


def describe(image: Dataset, phantom: Phantom, number: int) -> None:
    """Say whose image it is and how it was made."""
    image.SpecificCharacterSet = "ISO_IR 192"
    image.ImageType = ["DERIVED", "PRIMARY", "AXIAL"]
    image.SOPClassUID = CTImageStorage
    image.SOPInstanceUID = uid("instance", phantom.seed, number)
    image.StudyInstanceUID = phantom.study_uid
    image.SeriesInstanceUID = uid("series", phantom.seed)
    image.PatientID = phantom.patient_id
    image.PatientName = phantom.patient_name
    image.PatientBirthDate = phantom.birth_date
    image.PatientSex = phantom.sex
    image.StudyDate = image.SeriesDate = phantom.study_date
    image.StudyTime = "093000"
    image.StudyID = str(phantom.seed)
    image.AccessionNumber = f"DEMO{phantom.seed:04}"
    image.ReferringPhysicianName = ""
    image.StudyDescription = "CT chest (drawn, not a patient)"
    image.SeriesDescription = "Axial 8 mm, lung"
    image.Modality = "CT"
    image.Manufacturer = "Anji phantom"
    image.BodyPartExamined = "CHEST"
    image.ConvolutionKernel = "B60f"
    image.KVP = "120"
    image.SeriesNumber = 1
    image.InstanceNumber = number


def place(image: Dataset, phantom: Phantom, number: int) -> None:
    """Say where the slice lies in the body, PS3.3 C.7.6.2."""
    spacing_mm = WIDTH_MM / phantom.size
    place_mm = THICKNESS_MM * (phantom.slices / 2 - number)
    image.FrameOfReferenceUID = uid("frame", phantom.seed)
    image.PatientPosition = "HFS"
    image.SliceThickness = THICKNESS_MM
    image.PixelSpacing = [spacing_mm, spacing_mm]
    image.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    image.ImagePositionPatient = [-WIDTH_MM / 2, -WIDTH_MM / 2, place_mm]
    image.SliceLocation = place_mm
