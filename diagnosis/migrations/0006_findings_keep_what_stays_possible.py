"""Which labels a finding could not rule out, and how often the true one is among them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("diagnosis", "0005_studies_are_labelled_for_learning")]

    operations = [
        migrations.AddField(
            model_name="finding",
            name="possible_labels",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="finding",
            name="coverage",
            field=models.FloatField(null=True),
        ),
    ]
