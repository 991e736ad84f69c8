"""Acts name the community that joined or left, so that its history outlives its place in a pool."""

from django.db import migrations, models

# Those that are in a pool now, surely; those that have left, where their region lists one alone of
# that name.
KNOWN = """
UPDATE pooled_poolact a SET community = m.community
  FROM pooled_poolmember m
 WHERE m.pool_id = a.pool_id AND m.tenant_id = a.tenant_id AND a.what IN ('joined', 'left');
UPDATE pooled_poolact a SET community = l.community
  FROM (SELECT tenant_id, name, min(community::text)::uuid AS community
          FROM pooled_listedcommunity GROUP BY tenant_id, name HAVING count(*) = 1) l
 WHERE a.community IS NULL AND a.what IN ('joined', 'left')
   AND l.tenant_id = a.tenant_id AND l.name = a.said;
"""


class Migration(migrations.Migration):
    dependencies = [("pooled", "0004_rows_age_out")]

    operations = [
        migrations.AddField(
            model_name="poolact", name="community", field=models.UUIDField(null=True)
        ),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
    ]
