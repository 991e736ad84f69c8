"""What each region may read of each other, kept ready: a search joins it and computes nothing.

Putting together the agreements that bind two regions cost as much, at each search, as the search.
The database does it once, in the transaction that changes an agreement: none can be forgotten.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

# Between two regions all agreements in force hold together. Days on which one begins or ends cut
# the time into spans; of each, what all that hold then allow. Most pairs have one agreement.
TOLD = """
CREATE FUNCTION agreements_told()
RETURNS TABLE (asker bigint, partner bigint, what text, since date, until date,
               fields text[], departments text[])
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
WITH held AS MATERIALIZED (
    SELECT mine.tenant_id AS asker, other.tenant_id AS partner, p.what, a.starts_on AS since,
           coalesce(a.ends_on + 1, 'infinity') AS until,
           a.fields::text[] AS fields, a.departments::text[] AS departments
      FROM agreements_agreement a
     CROSS JOIN unnest(a.pools::text[]) AS p (what)
      JOIN agreements_party mine ON mine.agreement_id = a.id
      JOIN agreements_party other ON other.agreement_id = a.id
       AND other.tenant_id <> mine.tenant_id
     WHERE a.state = 'in_force'
), days AS (
    SELECT asker, partner, what, since AS day FROM held
     UNION
    SELECT asker, partner, what, until FROM held
), spans AS (
    SELECT asker, partner, what, day AS since,
           lead(day) OVER (PARTITION BY asker, partner, what ORDER BY day) AS until
      FROM days
), holding AS MATERIALIZED (
    SELECT s.asker, s.partner, s.what, s.since, s.until, h.fields, h.departments
      FROM spans s
      JOIN held h ON (h.asker, h.partner, h.what) = (s.asker, s.partner, s.what)
       AND h.since <= s.since AND h.until >= s.until
), counted AS (
    SELECT h.asker, h.partner, h.what, h.since, h.until, count(*) AS n,
           count(*) FILTER (WHERE h.departments <> '{}') AS bounded,
           min(h.fields) AS fields, max(h.departments) AS departments
      FROM holding h GROUP BY h.asker, h.partner, h.what, h.since, h.until
)
SELECT c.asker, c.partner, c.what, c.since, nullif(c.until, 'infinity'),
       CASE WHEN c.n = 1 THEN c.fields ELSE
       ARRAY(SELECT f.name FROM holding h CROSS JOIN unnest(h.fields) AS f (name)
              WHERE (h.asker, h.partner, h.what, h.since) = (c.asker, c.partner, c.what, c.since)
              GROUP BY f.name HAVING count(*) = c.n ORDER BY 1) END,
       CASE WHEN c.bounded = 1 THEN c.departments WHEN c.bounded > 1 THEN
       ARRAY(SELECT d.code FROM holding h CROSS JOIN unnest(h.departments) AS d (code)
              WHERE (h.asker, h.partner, h.what, h.since) = (c.asker, c.partner, c.what, c.since)
              GROUP BY d.code HAVING count(*) = c.bounded ORDER BY 1) END
  FROM counted c
$$;
"""
# One act at a time: the second sees what the first has committed.
RENEW = """
CREATE FUNCTION agreements_renew() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    LOCK TABLE agreements_term IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM agreements_term;
    INSERT INTO agreements_term (asker_id, partner_id, what, since, until, fields, departments)
    SELECT * FROM agreements_told();
    RETURN NULL;
END $$;
CREATE TRIGGER agreements_renew AFTER INSERT OR DELETE OR UPDATE
    OF state, pools, fields, departments, starts_on, ends_on ON agreements_agreement
    FOR EACH STATEMENT EXECUTE FUNCTION agreements_renew();
CREATE TRIGGER agreements_renew AFTER INSERT OR DELETE OR UPDATE
    OF agreement_id, tenant_id ON agreements_party
    FOR EACH STATEMENT EXECUTE FUNCTION agreements_renew();
INSERT INTO agreements_term (asker_id, partner_id, what, since, until, fields, departments)
SELECT * FROM agreements_told();
"""
BETWEEN = """
CREATE OR REPLACE FUNCTION agreements_between(asker bigint, what text)
RETURNS TABLE (partner bigint, fields text[], departments text[])
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
SELECT t.partner_id, t.fields::text[], t.departments::text[]
  FROM agreements_term t
 WHERE t.asker_id = $1 AND t.what = $2
   AND t.since <= (now() AT TIME ZONE 'Europe/Paris')::date
   AND (t.until IS NULL OR t.until > (now() AT TIME ZONE 'Europe/Paris')::date)
$$;
"""
REVOKE = """
REVOKE ALL ON FUNCTION agreements_told() FROM PUBLIC;
REVOKE ALL ON FUNCTION agreements_renew() FROM PUBLIC;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("agreements", "0004_among"),
        ("tenants", "0001_registry"),
    ]

    operations = [
        migrations.CreateModel(
            name="Term",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(max_length=12)),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("fields", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), size=None)),
                ("departments", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=3), null=True, size=None)),
                ("asker", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenants.tenant")),
                ("partner", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenants.tenant")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("asker", "what", "partner", "since"), name="term_once_a_day")],
            },
        ),
        migrations.RunSQL(TOLD + RENEW + BETWEEN + REVOKE, migrations.RunSQL.noop),
    ]
