"""How many slices an answer was read from, and on how many such it was calibrated."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("diagnosis", "0009_open_projects_note_their_disputes")]

    operations = [
        migrations.AddField(
            model_name="finding",
            name="slices_read",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="finding",
            name="calibrated_on",
            field=models.PositiveIntegerField(null=True),
        ),
    ]
