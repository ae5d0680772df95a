"""What metal in the images a finding tells of."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("diagnosis", "0006_findings_keep_what_stays_possible")]

    operations = [
        migrations.AddField(
            model_name="finding", name="metal", field=models.JSONField(null=True)
        ),
    ]
