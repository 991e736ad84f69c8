"""A community that was closed already stays so when its deletion is undone."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0003_deletion'),
    ]

    operations = [
        migrations.AddField(
            model_name='community',
            name='closed_before_deletion',
            field=models.BooleanField(db_default=False, default=False, editable=False, verbose_name='was closed when it was deleted'),
        ),
    ]
