"""More roles than the administrator, each perhaps limited to territories."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='roleassignment',
            name='territories',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=9), blank=True, db_default=[], default=list, size=None, verbose_name='territories'),
        ),
        migrations.AlterField(
            model_name='roleassignment',
            name='role',
            field=models.CharField(choices=[('administrator', 'Administrator'), ('community_manager', 'Community manager'), ('communication', 'Communication manager'), ('analyst', 'Analyst')], max_length=20, verbose_name='role'),
        ),
    ]
