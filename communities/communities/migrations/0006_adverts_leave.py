"""Whether the adverts of a community may be offered to partner regions."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0005_contact'),
    ]

    operations = [
        migrations.AddField(
            model_name='community',
            name='adverts_leave',
            field=models.BooleanField(db_default=True, default=True, help_text='When the region shares adverts with others, and their author agrees.', verbose_name='adverts may be offered to partner regions'),
        ),
    ]
