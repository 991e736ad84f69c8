"""To which bookings a guest's name was told: it is read by the other of that booking alone."""

from django.db import migrations, models

ALREADY = """
UPDATE relay_relayedbooking r SET named = true FROM bookings_booking b
 WHERE b.id = r.booking_id
   AND (b.status = 'confirmed' OR b.status = 'completed_pending_validation'
        OR b.status = 'validated')
"""


class Migration(migrations.Migration):

    dependencies = [
        ("relay", "0002_names_kept_while_suspended"),
        ("bookings", "0003_people_of_partner_regions"),
    ]

    operations = [
        migrations.AddField(
            model_name="relayedbooking",
            name="named",
            field=models.BooleanField(db_default=False, default=False, verbose_name="guest named"),
        ),
        migrations.RunSQL(ALREADY, migrations.RunSQL.noop),
    ]
