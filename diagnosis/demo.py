"""The images of the demo: drawn by a seeded program, so that they are nobody's.

And a project in which its clinician may label them.
"""

from pathlib import Path

from diagnosis.dicom.phantom import Phantom, write_phantom
from diagnosis.models import LabelProject, Marks, Priority, Study
from diagnosis.services.incoming import IncomingFile, staging_folder
from diagnosis.services.ingest import ingest_upload
from diagnosis.services.label_projects import ProjectWish, create_label_project
from hospital.accounts.models import Department, User
from hospital.accounts.principal import principal_for
from hospital.core.demo import Demo

PHANTOMS = (
    (
        Phantom(
            seed=11,
            patient_id="D-1002",
            patient_name="Zhang^Mei=张^梅",
            birth_date="19581102",
            sex="F",
            study_date="20261120",
            patches=5,
        ),
        "emergency",
        Priority.STAT,
    ),
    (
        Phantom(
            seed=12,
            patient_id="D-1003",
            patient_name="Li^Qiang=李^强",
            birth_date="19840621",
            sex="M",
            study_date="20261121",
        ),
        "radiology",
        Priority.ROUTINE,
    ),
    (
        Phantom(
            seed=13,
            patient_id="D-1001",
            patient_name="Lindqvist^Petra",
            birth_date="19710309",
            sex="F",
            study_date="20261122",
            patches=2,
        ),
        "radiology",
        Priority.ROUTINE,
    ),
)


PROJECT = "Ground-glass opacity"
GUIDELINE = """\
**COVID**: ground-glass opacity in the periphery of both lungs, with or without
consolidation. Draw a box round each opacity on the slice where it is largest.

**NonCOVID**: anything else, also where you see other disease.
"""


def load(demo: Demo) -> None:
    """Upload the drawn studies that are not there yet, as the gateway would."""
    gateway = User.objects.get(username="integrator")
    for phantom, code, priority in PHANTOMS:
        if Study.objects.filter(study_instance_uid=phantom.study_uid).exists():
            continue
        with staging_folder() as folder:
            paths = write_phantom(phantom, Path(folder))
            ingest_upload(
                [IncomingFile(path.name, path) for path in paths],
                principal=principal_for(gateway),
                department=Department.objects.get(code=code),
                priority=priority,
            )
    _set_up_labelling()


def _set_up_labelling() -> None:
    department = Department.objects.get(code="radiology")
    if LabelProject.objects.filter(department=department, name=PROJECT).exists():
        return
    create_label_project(
        author=User.objects.get(username="manager"),
        wish=ProjectWish(
            department=department,
            name=PROJECT,
            question="Does the CT show a COVID-19 pattern?",
            labels=["COVID", "NonCOVID"],
            marks=Marks.REGION,
            guideline=GUIDELINE,
            readers=[User.objects.get(username="clinician")],
        ),
    )
