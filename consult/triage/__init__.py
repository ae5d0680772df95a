"""How soon, and where to: the level with its reasons, and the departments."""

from consult.triage.acuity import acuity_name, acuity_of
from consult.triage.assess import Assessment, Reason, assess
from consult.triage.departments import DEPARTMENTS, departments, name_zh

__all__ = [
    "DEPARTMENTS",
    "Assessment",
    "Reason",
    "acuity_name",
    "acuity_of",
    "assess",
    "departments",
    "name_zh",
]
