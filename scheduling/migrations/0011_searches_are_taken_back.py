"""What a search's roster replaced is kept, so that it can be taken back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scheduling", "0010_tables_for_a_roster")]

    operations = [
        migrations.AddField(
            model_name="run",
            name="replaced",
            field=models.JSONField(null=True),
        ),
    ]
