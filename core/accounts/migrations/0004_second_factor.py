"""Administrators sign in with a second factor, unless their region says otherwise."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_registered_when_it_is_said'),
        ('mfa', '0003_authenticator_type_uniq'),
    ]

    operations = [
        # The library's condition is an IN, which PostgreSQL writes otherwise when a dump is
        # replayed: the same index, with a condition that stays as it is written.
        migrations.RunSQL(
            'DROP INDEX unique_authenticator_type;'
            ' CREATE UNIQUE INDEX unique_authenticator_type ON mfa_authenticator (user_id, type)'
            " WHERE type = 'totp' OR type = 'recovery_codes'",
            migrations.RunSQL.noop,
        ),
        migrations.AddField(
            model_name='accountsettings',
            name='second_factor_required',
            field=models.BooleanField(db_default=True, default=True, verbose_name='administrators sign in with a second factor'),
        ),
    ]
