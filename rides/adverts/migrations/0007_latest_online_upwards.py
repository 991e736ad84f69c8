from django.db import migrations, models


class Migration(migrations.Migration):
    """Build the index of the latest adverts upwards: downwards, its pages stay half empty."""

    dependencies = [("adverts", "0006_line_stops")]

    operations = [
        migrations.RemoveIndex(model_name="advert", name="advert_latest_online"),
        migrations.AddIndex(
            model_name="advert",
            index=models.Index(
                condition=models.Q(("status", "active")),
                fields=["created_at", "id"],
                name="advert_latest_online",
            ),
        ),
    ]
