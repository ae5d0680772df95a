"""A labelling project of a department, with a row of each kind."""

from diagnosis.files import store_bytes
from diagnosis.models import LabelExport, LabelImport
from diagnosis.services.label_loans import take_next
from hospital.accounts.models import Department, User
from tests.diagnosis.labels import make_labelling, say
from tests.rows import make_study


def labelling_rows(department: Department, reader: User) -> dict[str, str]:
    """Return the ids of what a clinician labels, and of its export and import."""
    labelling = make_labelling(department, first=reader)
    project = labelling.project
    for _ in range(2):
        make_study(department)
    label = say(labelling, reader, "COVID")
    loan = take_next(project=project, reader=reader)
    assert loan is not None
    owned = {"project": project, "created_by": labelling.manager}
    exported = LabelExport.objects.create(
        form="table", digest=store_bytes(b"study_instance_uid\r\n"), **owned
    )
    imported = LabelImport.objects.create(file_name="labels.csv", **owned)
    return {
        "project_id": str(project.pk),
        "loan_id": str(loan.pk),
        "label_id": str(label.pk),
        "label_export_id": str(exported.pk),
        "label_import_id": str(imported.pk),
    }
