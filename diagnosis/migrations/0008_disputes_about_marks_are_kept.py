"""Readers' marks that lie apart are noted when they are kept, not judged at each look."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("diagnosis", "0007_findings_tell_of_metal")]

    operations = [
        migrations.CreateModel(
            name="MarkDispute",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField(auto_now_add=True, db_index=True)),
                ("updated", models.DateTimeField(auto_now=True)),
                ("earlier", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="diagnosis.label")),
                ("later", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="diagnosis.label")),
            ],
            options={
                "verbose_name": "dispute about marks",
                "verbose_name_plural": "disputes about marks",
                "ordering": ["created"],
                "constraints": [
                    models.UniqueConstraint(fields=("earlier", "later"), name="mark_dispute_once")
                ],
            },
        ),
    ]
