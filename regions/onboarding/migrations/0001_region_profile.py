"""The profile of a region."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('tenants', '0001_registry'),
    ]

    operations = [
        migrations.CreateModel(
            name='RegionProfile',
            fields=[
                ('tenant', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='profile', serialize=False, to='tenants.tenant', verbose_name='region')),
                ('region_codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=3), help_text='Separated by commas: 53,52 for Bretagne and Pays de la Loire.', size=None, verbose_name='administrative regions (INSEE codes)')),
                ('contact_email', models.EmailField(help_text='For the public: questions about the service.', max_length=254, verbose_name='contact address')),
                ('support_email', models.EmailField(help_text='For people who run communities and for administrators.', max_length=254, verbose_name='support address')),
            ],
            options={
                'verbose_name': 'region profile',
                'verbose_name_plural': 'region profiles',
                'ordering': ['tenant'],
            },
        ),
    ]
