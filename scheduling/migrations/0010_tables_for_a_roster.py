import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scheduling', '0009_acceptances_are_taken_back'),
    ]

    operations = [
        migrations.AddField(
            model_name='rosterimport',
            name='target',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='scheduling.roster'),
        ),
        migrations.AddField(
            model_name='rosterimport',
            name='version',
            field=models.PositiveIntegerField(null=True, verbose_name='version'),
        ),
        migrations.AddField(
            model_name='rosterimport',
            name='changes',
            field=models.JSONField(default=dict),
        ),
        migrations.AlterField(
            model_name='rosterimport',
            name='roster',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='scheduling.roster'),
        ),
        migrations.AddConstraint(
            model_name='rosterimport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('target__isnull', True), ('version__isnull', True)), models.Q(('target__isnull', False), ('version__isnull', False)), _connector='OR'), name='import_for_a_roster_knows_its_version'),
        ),
    ]
