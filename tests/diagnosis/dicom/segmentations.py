"""Binary segmentations as another creator writes them."""

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import SegmentationStorage, generate_uid

STUDY, IMAGE = "1.2.826.0.1.3680043.8.498.1", "1.2.826.0.1.3680043.8.498.9"


def foreign_segmentation(
    masks: NDArray[np.uint8], *, segments: list[int], images: list[str] | None = None
) -> Dataset:
    """Return a segmentation of masks (N, H, W), each of a segment and on an image."""
    made = Dataset()
    made.SOPClassUID = SegmentationStorage
    made.SOPInstanceUID = generate_uid()
    made.StudyInstanceUID = STUDY
    made.SeriesInstanceUID = generate_uid()
    made.Modality = "SEG"
    made.Manufacturer = "Elsewhere"
    made.ContentCreatorName = "Doe^John"
    made.SamplesPerPixel = 1
    made.PhotometricInterpretation = "MONOCHROME2"
    made.NumberOfFrames, made.Rows, made.Columns = masks.shape
    made.BitsAllocated = made.BitsStored = 1
    made.HighBit = made.PixelRepresentation = 0
    made.SegmentationType = "BINARY"
    made.SegmentSequence = [_segment(n) for n in sorted(set(segments))]
    made.PerFrameFunctionalGroupsSequence = [
        _groups(segment, image)
        for segment, image in zip(
            segments, images or [IMAGE] * len(segments), strict=True
        )
    ]
    made.PixelData = np.packbits(masks.ravel(), bitorder="little").tobytes()
    made["PixelData"].VR = "OB"
    return made


def _segment(number: int) -> Dataset:
    segment = Dataset()
    segment.SegmentNumber = number
    segment.SegmentLabel = ("COVID", "NonCOVID")[number - 1]
    segment.SegmentAlgorithmType = "MANUAL"
    return segment


def _groups(segment: int, image: str) -> Dataset:
    identified, source, derivation, groups = (Dataset() for _ in range(4))
    identified.ReferencedSegmentNumber = segment
    groups.SegmentIdentificationSequence = [identified]
    source.ReferencedSOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
    source.ReferencedSOPInstanceUID = image
    derivation.SourceImageSequence = [source]
    groups.DerivationImageSequence = [derivation]
    return groups
