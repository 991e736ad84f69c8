"""What members allow those who run a community."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0006_adverts_leave'),
    ]

    operations = [
        migrations.CreateModel(
            name='MemberConsent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('mails', 'Mails of the community'), ('address', 'E-mail address shown to those who run the community')], max_length=7, verbose_name='kind')),
                ('given_at', models.DateTimeField(verbose_name='given on')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn on')),
                ('membership', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='communities.membership', verbose_name='membership')),
            ],
            options={
                'verbose_name': 'consent of a member',
                'verbose_name_plural': 'consents of members',
                'ordering': ['given_at', 'pk'],
                'indexes': [models.Index(fields=['membership'], name='member_consents')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('membership', 'kind'), name='member_consent_once_while_it_holds'), models.CheckConstraint(condition=models.Q(('kind', 'mails'), ('kind', 'address'), _connector='OR'), name='member_consent_kind_is_known'), models.CheckConstraint(condition=models.Q(('withdrawn_at__isnull', True), ('withdrawn_at__gte', models.F('given_at')), _connector='OR'), name='member_consent_withdrawn_after_given')],
            },
        ),
    ]
