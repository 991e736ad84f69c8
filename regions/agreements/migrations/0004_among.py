"""Terms with a few partners alone: a search finds rows of some, and there may be a hundred."""

from django.db import migrations

RETURNS = "RETURNS TABLE (partner bigint, fields text[], departments text[])"
# Most partners have one agreement: nothing is counted for them.
AMONG = f"""
CREATE OR REPLACE FUNCTION agreements_among(asker bigint, what text, partners bigint[])
{RETURNS}
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
WITH held AS MATERIALIZED (
    SELECT other.tenant_id AS partner, a.fields::text[] AS fields,
           a.departments::text[] AS departments
      FROM agreements_party mine
      JOIN agreements_agreement a ON a.id = mine.agreement_id
      JOIN agreements_party other ON other.agreement_id = a.id AND other.tenant_id <> asker
     WHERE mine.tenant_id = asker AND a.state = 'in_force' AND what = ANY (a.pools)
       AND (partners IS NULL OR other.tenant_id = ANY (partners))
       AND a.starts_on <= (now() AT TIME ZONE 'Europe/Paris')::date
       AND (a.ends_on IS NULL OR a.ends_on >= (now() AT TIME ZONE 'Europe/Paris')::date)
), counted AS (
    SELECT h.partner, count(*) AS n, count(*) FILTER (WHERE h.departments <> '{{}}') AS bounded,
           min(h.fields) AS fields, max(h.departments) AS departments
      FROM held h GROUP BY h.partner
)
SELECT c.partner,
       CASE WHEN c.n = 1 THEN c.fields ELSE
       ARRAY(SELECT f.name FROM held h CROSS JOIN unnest(h.fields) AS f (name)
              WHERE h.partner = c.partner GROUP BY f.name HAVING count(*) = c.n ORDER BY 1) END,
       CASE WHEN c.bounded = 1 THEN c.departments WHEN c.bounded > 1 THEN
       ARRAY(SELECT d.code FROM held h CROSS JOIN unnest(h.departments) AS d (code)
              WHERE h.partner = c.partner GROUP BY d.code HAVING count(*) = c.bounded ORDER BY 1)
       END
  FROM counted c;
END $$;
REVOKE ALL ON FUNCTION agreements_among(bigint, text, bigint[]) FROM PUBLIC;
"""
BETWEEN = f"""
CREATE OR REPLACE FUNCTION agreements_between(asker bigint, what text)
{RETURNS}
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT * FROM agreements_among(asker, what, NULL);
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("agreements", "0003_between_planned_once"),
    ]

    operations = [
        migrations.RunSQL(AMONG + BETWEEN, migrations.RunSQL.noop),
    ]
