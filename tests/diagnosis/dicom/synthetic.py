"""DICOM objects made by the tests themselves."""

from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import (
    CTImageStorage,
    EnhancedCTImageStorage,
    ExplicitVRLittleEndian,
    generate_uid,
)

STUDY, SERIES = "1.2.826.0.1.3680043.8.498.1", "1.2.826.0.1.3680043.8.498.2"


def ct_slice(number: int = 1, **changes: object) -> Dataset:
    """Return one 8 x 6 CT slice at z = 5 mm x number; None removes an attribute."""
    dataset = Dataset()
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.SOPClassUID = CTImageStorage
    dataset.SOPInstanceUID = generate_uid(entropy_srcs=[SERIES, str(number)])
    dataset.StudyInstanceUID = STUDY
    dataset.SeriesInstanceUID = SERIES
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    dataset.PatientID = "P-1"
    dataset.PatientName = "Doe^Jane"
    dataset.PatientBirthDate = "19700131"
    dataset.PatientSex = "F"
    dataset.AccessionNumber = "A-1"
    dataset.StudyDate = "20260102"
    dataset.StudyTime = "030405"
    dataset.StudyID = "1"
    dataset.StudyDescription = "Chest"
    dataset.Modality = "CT"
    dataset.SeriesNumber = 2
    dataset.InstanceNumber = number
    dataset.BodyPartExamined = "CHEST"
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.Rows, dataset.Columns = 8, 6
    dataset.BitsAllocated = dataset.BitsStored = 16
    dataset.HighBit = 15
    dataset.PixelRepresentation = 1
    dataset.ImagePositionPatient = [0, 0, 5 * number]
    dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    dataset.PixelSpacing = [0.5, 0.75]
    dataset.SliceThickness = 5
    dataset.RescaleSlope = 2
    dataset.RescaleIntercept = -1000
    dataset.WindowCenter, dataset.WindowWidth = 40, 400
    dataset.PixelData = np.arange(48, dtype="<i2").tobytes()
    dataset["PixelData"].VR = "OW"
    for keyword, value in changes.items():
        if value is None:
            del dataset[keyword]
        else:
            setattr(dataset, keyword, value)
    return dataset


def enhanced_ct(*places: tuple[float, str]) -> Dataset:
    """Return one file of many frames, each at its z in millimetres and plane."""
    orientations = {"axial": [1, 0, 0, 0, 1, 0], "coronal": [1, 0, 0, 0, 0, -1]}
    dataset = ct_slice(
        SOPClassUID=EnhancedCTImageStorage,
        NumberOfFrames=len(places),
        ImagePositionPatient=None,
        ImageOrientationPatient=None,
        PixelData=np.concatenate(
            [np.full(48, frame, "<i2") for frame in range(len(places))]
        ).tobytes(),
    )
    frames = []
    for z, plane in places:
        frame, position, orientation = Dataset(), Dataset(), Dataset()
        position.ImagePositionPatient = [0, 0, z]
        orientation.ImageOrientationPatient = orientations[plane]
        frame.PlanePositionSequence = [position]
        frame.PlaneOrientationSequence = [orientation]
        frames.append(frame)
    dataset.PerFrameFunctionalGroupsSequence = frames
    return dataset


def saved(
    dataset: Dataset, path: Path, *, syntax: str = ExplicitVRLittleEndian
) -> Path:
    """Write a data set as a Part 10 file and return its path."""
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.file_meta.MediaStorageSOPClassUID = dataset.get("SOPClassUID", "1.2")
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.get("SOPInstanceUID", "1.2")
    dataset.save_as(path, enforce_file_format=True)
    return path
