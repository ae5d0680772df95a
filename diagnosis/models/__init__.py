"""A CT study from arrival to signed report, as rows."""

from diagnosis.models.activation import (
    ModelActivation,
    ModelEvaluation,
    ShadowAnswer,
    ShadowRun,
)
from diagnosis.models.finding import Finding, Verdict, VerdictKind
from diagnosis.models.labelling import (
    ExportForm,
    Label,
    LabelExport,
    LabelImport,
    LabelLoan,
    LabelMark,
    LabelMember,
    LabelProject,
    LoanOutcome,
    MarkDispute,
    MarkKind,
    Marks,
    Part,
)
from diagnosis.models.renewal import ModelRenewal
from diagnosis.models.report import CriticalResult, Report, ReportAddendum
from diagnosis.models.study import (
    Instance,
    Priority,
    QuarantinedFile,
    Series,
    Study,
    StudyStatus,
)
from diagnosis.models.watching import Alert, AlertRule

__all__ = [
    "Alert",
    "AlertRule",
    "CriticalResult",
    "ExportForm",
    "Finding",
    "Instance",
    "Label",
    "LabelExport",
    "LabelImport",
    "LabelLoan",
    "LabelMark",
    "LabelMember",
    "LabelProject",
    "LoanOutcome",
    "MarkDispute",
    "MarkKind",
    "Marks",
    "ModelActivation",
    "ModelEvaluation",
    "ModelRenewal",
    "Part",
    "Priority",
    "QuarantinedFile",
    "Report",
    "ReportAddendum",
    "Series",
    "ShadowAnswer",
    "ShadowRun",
    "Study",
    "StudyStatus",
    "Verdict",
    "VerdictKind",
]
