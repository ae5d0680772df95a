"""A CT study from arrival to signed report, as rows."""

from diagnosis.models.activation import ModelActivation
from diagnosis.models.finding import Finding, Verdict, VerdictKind
from diagnosis.models.report import CriticalResult, Report, ReportAddendum
from diagnosis.models.study import (
    Instance,
    Priority,
    QuarantinedFile,
    Series,
    Study,
    StudyStatus,
)

__all__ = [
    "CriticalResult",
    "Finding",
    "Instance",
    "ModelActivation",
    "Priority",
    "QuarantinedFile",
    "Report",
    "ReportAddendum",
    "Series",
    "Study",
    "StudyStatus",
    "Verdict",
    "VerdictKind",
]
