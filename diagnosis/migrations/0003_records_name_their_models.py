"""Reports that were signed before say in the record, too, which models had said something."""

from django.db import migrations


def tell_records(apps, _schema_editor):
    reports = apps.get_model("diagnosis", "Report").objects
    for report in reports.exclude(record=None).exclude(assistance=[]).iterator():
        record = report.record
        record.assistance = [
            {name: said.get(name, "") for name in ("model", "version", "digest")}
            for said in report.assistance
        ]
        record.save(update_fields=["assistance"])


class Migration(migrations.Migration):

    dependencies = [
        ("diagnosis", "0002_signed_reports_stay"),
        ("records", "0002_reports_name_their_models"),
    ]

    operations = [migrations.RunPython(tell_records, migrations.RunPython.noop)]
