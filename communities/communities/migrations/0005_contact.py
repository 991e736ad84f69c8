"""Where people write to those who run a community."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0004_closed_before_deletion'),
    ]

    operations = [
        migrations.AddField(
            model_name='community',
            name='contact_email',
            field=models.EmailField(blank=True, db_default='', default='', max_length=254, verbose_name='contact address'),
        ),
    ]
