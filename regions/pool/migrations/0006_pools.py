"""An advert may be published in several pooled communities.

The column that held one stays in the table, empty, for the code before this one: the next release
takes it away.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pool', '0005_cards_and_withheld'),
        ('tenants', '0001_registry'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(
                    model_name='pooledadvert',
                    name='community',
                ),
            ],
        ),
        migrations.AddField(
            model_name='pooledadvert',
            name='pools',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), db_default=[], default=list, size=None),
        ),
        migrations.AddIndex(
            model_name='pooledadvert',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['pools'], name='pooled_in_pools'),
        ),
    ]
