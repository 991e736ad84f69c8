"""History of what is done in a region."""

import django.core.serializers.json
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='at')),
                ('by_person', models.BooleanField(default=True, verbose_name='by a person')),
                ('action', models.CharField(max_length=60, verbose_name='action')),
                ('kind', models.CharField(max_length=30, verbose_name='kind of object')),
                ('object_id', models.CharField(max_length=40, verbose_name='object')),
                ('label', models.CharField(blank=True, max_length=200, verbose_name='name of the object')),
                ('changes', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='changes')),
                ('note', models.TextField(blank=True, verbose_name='reason')),
                ('batch', models.UUIDField(blank=True, db_index=True, null=True, verbose_name='bulk action')),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('subject', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person concerned')),
            ],
            options={
                'verbose_name': 'line of history',
                'verbose_name_plural': 'history',
                'ordering': ['-at', '-pk'],
                'indexes': [models.Index(fields=['kind', 'object_id', '-at'], name='audit_of_object')],
            },
        ),
    ]
