"""Communities and memberships."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Community',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='public id')),
                ('slug', models.SlugField(max_length=70, unique=True, verbose_name='address')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('name_key', models.TextField(editable=False, verbose_name='name, folded')),
                ('search_key', models.TextField(editable=False, verbose_name='searched text, folded')),
                ('kind', models.CharField(choices=[('organisation', 'Company, business park, campus or organisation'), ('territory', 'Territory'), ('line', 'Carpool or hitch-hiking line')], max_length=12, verbose_name='type')),
                ('short_description', models.CharField(max_length=200, verbose_name='short description')),
                ('description', models.TextField(blank=True, max_length=5000, verbose_name='description')),
                ('logo', models.CharField(blank=True, editable=False, max_length=200, verbose_name='logo')),
                ('place_label', models.CharField(max_length=250, verbose_name='place')),
                ('municipality_code', models.CharField(db_index=True, max_length=5, verbose_name='municipality (INSEE code)')),
                ('lat', models.FloatField(verbose_name='latitude')),
                ('lon', models.FloatField(verbose_name='longitude')),
                ('validation', models.CharField(choices=[('automatic', 'Automatic validation')], default='automatic', max_length=12, verbose_name='validation')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created on')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated on')),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='created_communities', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
            ],
            options={
                'verbose_name': 'community',
                'verbose_name_plural': 'communities',
                'ordering': ['name_key', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('pending', 'Pending'), ('accepted', 'Member'), ('refused', 'Refused'), ('left', 'Left')], max_length=8, verbose_name='status')),
                ('role', models.CharField(choices=[('member', 'Member'), ('moderator', 'Moderator')], default='member', max_length=9, verbose_name='role')),
                ('joined_at', models.DateTimeField(verbose_name='joined on')),
                ('accepted_at', models.DateTimeField(blank=True, null=True, verbose_name='accepted on')),
                ('left_at', models.DateTimeField(blank=True, null=True, verbose_name='left on')),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL, verbose_name='account')),
                ('community', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='communities.community', verbose_name='community')),
            ],
            options={
                'verbose_name': 'membership',
                'verbose_name_plural': 'memberships',
                'ordering': ['pk'],
            },
        ),
        migrations.AddIndex(
            model_name='community',
            index=models.Index(fields=['name_key'], name='community_by_name'),
        ),
        migrations.AddConstraint(
            model_name='community',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'organisation'), ('kind', 'territory'), ('kind', 'line'), _connector='OR'), name='community_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='community',
            constraint=models.CheckConstraint(condition=models.Q(('lat__gte', -90), ('lat__lte', 90), ('lon__gte', -180), ('lon__lte', 180)), name='community_is_on_earth'),
        ),
        migrations.AddIndex(
            model_name='membership',
            index=models.Index(fields=['community', 'status', '-accepted_at'], name='membership_of_community'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(fields=('account', 'community'), name='membership_once_per_community'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('status', 'pending'), ('status', 'accepted'), ('status', 'refused'), ('status', 'left'), _connector='OR'), name='membership_status_is_known'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'accepted'), _negated=True), ('accepted_at__isnull', False), _connector='OR'), name='membership_accepted_is_dated'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'left'), _negated=True), ('left_at__isnull', False), _connector='OR'), name='membership_left_is_dated'),
        ),
    ]
