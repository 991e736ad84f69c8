"""Themes: one published, one draft."""

import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Theme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(max_length=60, verbose_name='name shown')),
                ('tagline', models.CharField(blank=True, max_length=90, verbose_name='slogan')),
                ('primary', models.CharField(max_length=7, verbose_name='main colour')),
                ('secondary', models.CharField(blank=True, max_length=7, verbose_name='second colour')),
                ('motif', models.CharField(choices=[('arches', 'Bridges'), ('waves', 'Sea and lighthouse'), ('bricks', 'Brick gables and belfry'), ('fields', 'Fields'), ('hills', 'Mountains'), ('leaves', 'Woods'), ('plain', 'No landscape')], default='arches', max_length=12, verbose_name='landscape')),
                ('radius', models.CharField(choices=[('straight', 'Straight'), ('soft', 'Soft'), ('round', 'Round')], default='soft', max_length=12, verbose_name='corners')),
                ('logo', models.CharField(blank=True, max_length=200, verbose_name='logo')),
                ('footer_text', models.CharField(blank=True, max_length=300, verbose_name='text of the footer')),
                ('links', models.JSONField(blank=True, default=list, verbose_name='links of the footer')),
                ('contact_email', models.EmailField(blank=True, max_length=254, verbose_name='contact address')),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('published', 'Published'), ('archived', 'Archived')], default='draft', max_length=12)),
                ('accent', models.CharField(editable=False, max_length=7)),
                ('ground', models.CharField(editable=False, max_length=7)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('published_at', models.DateTimeField(editable=False, null=True)),
            ],
            options={
                'verbose_name': 'theme',
                'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'published')), fields=('status',), name='themes_one_published'), models.UniqueConstraint(condition=models.Q(('status', 'draft')), fields=('status',), name='themes_one_draft'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'published'), _negated=True), ('published_at__isnull', False), _connector='OR'), name='themes_published_is_dated')],
            },
        ),
    ]
