"""How communities live and end: standings, contacts, offers, votes, the region's delays."""

import django.core.validators
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('communities', '0004_closed_before_deletion'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HandOver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='public id')),
                ('cause', models.CharField(choices=[('silence', 'The people in charge did not answer'), ('gone', 'Nobody runs the community any more'), ('region', 'Opened by the region')], max_length=7, verbose_name='cause')),
                ('status', models.CharField(choices=[('open', 'Vote under way'), ('elected', 'Chosen by the members'), ('decided', 'Decided by the region'), ('fruitless', 'Nobody came forward'), ('cancelled', 'No longer needed')], default='open', max_length=9, verbose_name='state of the vote')),
                ('opened_at', models.DateTimeField(verbose_name='opened on')),
                ('closes_at', models.DateTimeField(verbose_name='closes on')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed on')),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='handovers', to='communities.community', verbose_name='community')),
                ('winner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person chosen')),
            ],
            options={
                'verbose_name': 'hand-over of a community',
                'verbose_name_plural': 'hand-overs of communities',
                'ordering': ['-opened_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Candidate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(blank=True, max_length=500, verbose_name='A few words to the members')),
                ('came_at', models.DateTimeField(verbose_name='came forward on')),
                ('withdrew_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrew on')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='account')),
                ('handover', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='candidates', to='lifecycle.handover', verbose_name='hand-over')),
            ],
            options={
                'verbose_name': 'candidate',
                'verbose_name_plural': 'candidates',
                'ordering': ['came_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='LifecycleRules',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('inactive_after_months', models.PositiveSmallIntegerField(db_default=12, default=12, help_text='Activity: a new member, an advert published, a moderator who signs in.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(60)], verbose_name='Months without any activity before a community counts as inactive')),
                ('answer_days', models.PositiveSmallIntegerField(db_default=30, default=30, help_text='There are two warnings; then the members are asked who takes over.', validators=[django.core.validators.MinValueValidator(7), django.core.validators.MaxValueValidator(365)], verbose_name='Days left to the people in charge to answer each warning')),
                ('vote_days', models.PositiveSmallIntegerField(db_default=14, default=14, validators=[django.core.validators.MinValueValidator(3), django.core.validators.MaxValueValidator(90)], verbose_name='Days that a vote of the members lasts')),
                ('archive_months', models.PositiveSmallIntegerField(db_default=12, default=12, help_text='Then it is deleted, if a contact with the people in charge was logged.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(120)], verbose_name='Months for which an archived community is kept for its members')),
            ],
            options={
                'verbose_name': 'rules of the life of communities',
                'verbose_name_plural': 'rules of the life of communities',
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='lifecycle_rules_one_row')],
            },
        ),
        migrations.CreateModel(
            name='Offer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('steps_down', models.BooleanField(default=False, verbose_name='the moderator becomes a member')),
                ('status', models.CharField(choices=[('open', 'Waiting for an answer'), ('accepted', 'Accepted by the person'), ('declined', 'Declined by the person'), ('withdrawn', 'Taken back')], default='open', max_length=9, verbose_name='state of the offer')),
                ('offered_at', models.DateTimeField(verbose_name='offered on')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered on')),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offers', to='communities.community', verbose_name='community')),
                ('offered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='offered by')),
                ('successor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person asked')),
            ],
            options={
                'verbose_name': 'offer to take over',
                'verbose_name_plural': 'offers to take over',
                'ordering': ['-offered_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Standing',
            fields=[
                ('community', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='standing', serialize=False, to='communities.community', verbose_name='community')),
                ('last_sign_at', models.DateTimeField(blank=True, null=True, verbose_name='last activity')),
                ('quiet_since', models.DateTimeField(blank=True, null=True, verbose_name='inactive since')),
                ('warned_at', models.DateTimeField(blank=True, null=True, verbose_name='warned on')),
                ('warned_again_at', models.DateTimeField(blank=True, null=True, verbose_name='warned again on')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='said to be alive on')),
                ('archived_at', models.DateTimeField(blank=True, null=True, verbose_name='archived on')),
                ('archive_reason', models.CharField(blank=True, choices=[('nobody', 'Nobody came forward to take over'), ('region', 'Archived by the region')], db_default='', default='', max_length=6, verbose_name='archived because')),
            ],
            options={
                'verbose_name': 'standing of a community',
                'verbose_name_plural': 'standings of communities',
                'constraints': [models.CheckConstraint(condition=models.Q(('warned_again_at__isnull', True), ('warned_at__isnull', False), _connector='OR'), name='standing_warned_before_again'), models.CheckConstraint(condition=models.Q(('warned_at__isnull', True), ('quiet_since__isnull', False), _connector='OR'), name='standing_warned_while_quiet')],
            },
        ),
        migrations.CreateModel(
            name='Vote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cast_at', models.DateTimeField(verbose_name='cast on')),
                ('candidate', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='votes', to='lifecycle.candidate', verbose_name='candidate')),
                ('handover', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='votes', to='lifecycle.handover', verbose_name='hand-over')),
                ('voter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='voter')),
            ],
            options={
                'verbose_name': 'vote',
                'verbose_name_plural': 'votes',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(verbose_name='Date of the contact')),
                ('way', models.CharField(choices=[('phone', 'By telephone'), ('mail', 'By e-mail'), ('letter', 'By post'), ('meeting', 'Face to face')], max_length=7, verbose_name='Way of the contact')),
                ('person', models.CharField(blank=True, max_length=120, verbose_name='Person contacted')),
                ('said', models.TextField(blank=True, max_length=2000, verbose_name='What was said')),
                ('logged_at', models.DateTimeField(verbose_name='logged on')),
                ('account', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='account of the person')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='logged by')),
                ('community', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='communities.community', verbose_name='community')),
            ],
            options={
                'verbose_name': 'contact about a community',
                'verbose_name_plural': 'contacts about communities',
                'ordering': ['-on', '-pk'],
                'indexes': [models.Index(fields=['community', '-on'], name='contacts_of_community')],
                'constraints': [models.CheckConstraint(condition=models.Q(('way', 'phone'), ('way', 'mail'), ('way', 'letter'), ('way', 'meeting'), _connector='OR'), name='contact_way_is_known')],
            },
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(('cause', 'silence'), ('cause', 'gone'), ('cause', 'region'), _connector='OR'), name='handover_cause_is_known'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(('status', 'open'), ('status', 'elected'), ('status', 'decided'), ('status', 'fruitless'), ('status', 'cancelled'), _connector='OR'), name='handover_status_is_known'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(('closed_at__isnull', False), ('status', 'open'), _connector='OR'), name='handover_closed_is_dated'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'open')), fields=('community',), name='handover_open_once'),
        ),
        migrations.AddConstraint(
            model_name='candidate',
            constraint=models.UniqueConstraint(fields=('handover', 'account'), name='candidate_once'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(('status', 'open'), ('status', 'accepted'), ('status', 'declined'), ('status', 'withdrawn'), _connector='OR'), name='offer_status_is_known'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'open')), fields=('community',), name='offer_open_once'),
        ),
        migrations.AddConstraint(
            model_name='vote',
            constraint=models.UniqueConstraint(fields=('handover', 'voter'), name='vote_once_per_voter'),
        ),
    ]
