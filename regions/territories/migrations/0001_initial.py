import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='AdministrativeRegion',
            fields=[
                ('code', models.CharField(max_length=3, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Departement',
            fields=[
                ('code', models.CharField(max_length=3, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60)),
                ('region', models.CharField(max_length=3)),
            ],
            options={
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='Intercommunality',
            fields=[
                ('code', models.CharField(max_length=9, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=5)),
                ('name', models.CharField(max_length=160)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='LoadedRelease',
            fields=[
                ('version', models.CharField(max_length=12, primary_key=True, serialize=False)),
                ('loaded_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='Municipality',
            fields=[
                ('code', models.CharField(max_length=5, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60)),
                ('slug_name', models.CharField(max_length=60)),
                ('departement', models.CharField(max_length=3)),
                ('region', models.CharField(max_length=3)),
                ('intercommunality_code', models.CharField(blank=True, max_length=9)),
                ('intercommunality_name', models.CharField(blank=True, max_length=160)),
                ('postal_codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=5), size=None)),
                ('population', models.PositiveIntegerField(null=True)),
                ('lat', models.FloatField(null=True)),
                ('lon', models.FloatField(null=True)),
            ],
            options={
                'ordering': ['slug_name', 'departement'],
                'indexes': [models.Index(fields=['slug_name'], name='municipality_slug_name', opclasses=['text_pattern_ops']), models.Index(fields=['departement'], name='municipality_departement'), models.Index(fields=['region'], name='municipality_region'), models.Index(fields=['intercommunality_code'], name='municipality_intercommunality')],
            },
        ),
        migrations.CreateModel(
            name='SearchKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=60)),
                ('kind', models.PositiveSmallIntegerField(choices=[(0, 'Name'), (1, 'Inner'), (2, 'Postal Code')])),
                ('departement', models.CharField(max_length=3)),
                ('region', models.CharField(max_length=3)),
                ('population', models.PositiveIntegerField()),
                ('municipality', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='search_keys', to='territories.municipality')),
            ],
            options={
                'indexes': [models.Index(fields=['text'], name='municipality_search_text', opclasses=['text_pattern_ops']), models.Index(fields=['municipality'], name='municipality_search_of')],
            },
        ),
    ]
