"""Plan ``agreements_between`` once for each session: a search pays for it each time."""

from django.db import migrations

HEAD = """
CREATE OR REPLACE FUNCTION agreements_between(asker bigint, what text)
RETURNS TABLE (partner bigint, fields text[], departments text[])
"""
HELD = """
WITH held AS MATERIALIZED (
    SELECT other.tenant_id AS partner, a.fields::text[] AS fields,
           a.departments::text[] AS departments
      FROM agreements_party mine
      JOIN agreements_agreement a ON a.id = mine.agreement_id
      JOIN agreements_party other ON other.agreement_id = a.id AND other.tenant_id <> asker
     WHERE mine.tenant_id = asker AND a.state = 'in_force' AND what = ANY (a.pools)
       AND a.starts_on <= (now() AT TIME ZONE 'Europe/Paris')::date
       AND (a.ends_on IS NULL OR a.ends_on >= (now() AT TIME ZONE 'Europe/Paris')::date)
)
"""
# Most partners have one agreement: nothing is counted for them.
PLANNED = f"""
{HEAD}
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
{HELD}, counted AS (
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
"""
BEFORE = f"""
{HEAD}
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
{HELD}, counted AS (
    SELECT partner, count(*) AS n, count(*) FILTER (WHERE departments <> '{{}}') AS bounded
      FROM held GROUP BY partner
)
SELECT c.partner,
       ARRAY(SELECT f.name FROM held h CROSS JOIN unnest(h.fields) AS f (name)
              WHERE h.partner = c.partner GROUP BY f.name HAVING count(*) = c.n ORDER BY 1),
       CASE WHEN c.bounded > 0 THEN
       ARRAY(SELECT d.code FROM held h CROSS JOIN unnest(h.departments) AS d (code)
              WHERE h.partner = c.partner GROUP BY d.code HAVING count(*) = c.bounded ORDER BY 1)
       END
  FROM counted c
$$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("agreements", "0002_reach"),
    ]

    operations = [
        migrations.RunSQL(PLANNED, BEFORE),
    ]
