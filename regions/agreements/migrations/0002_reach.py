"""Who asks, and what agreements let them read: functions that run with their owner's rights."""

from django.db import migrations

CALLER = """
CREATE FUNCTION agreements_caller() RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    -- SET ROLE changes it, a function that runs with its owner's rights does not.
    asks text := current_setting('role');
    found bigint;
BEGIN
    -- The role that may use the schema, by its own name: no role can pass for another region's.
    SELECT t.id INTO found FROM public.tenants_tenant t
     WHERE asks <> 'none' AND right(asks, length(t.schema_name)) = t.schema_name
     ORDER BY length(t.schema_name) DESC LIMIT 1;
    IF found IS NULL OR NOT has_schema_privilege(
        asks, (SELECT schema_name FROM public.tenants_tenant WHERE id = found), 'USAGE') THEN
        RAISE insufficient_privilege USING MESSAGE = 'no region asks';
    END IF;
    RETURN found;
END $$;
"""
# Between two regions the terms of all agreements in force hold together: what all of them allow.
BETWEEN = """
CREATE FUNCTION agreements_between(asker bigint, what text)
RETURNS TABLE (partner bigint, fields text[], departments text[])
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
WITH held AS (
    SELECT a.id, other.tenant_id AS partner, a.fields, a.departments
      FROM agreements_agreement a
      JOIN agreements_party mine ON mine.agreement_id = a.id AND mine.tenant_id = asker
      JOIN agreements_party other ON other.agreement_id = a.id AND other.tenant_id <> asker
     WHERE a.state = 'in_force' AND what = ANY (a.pools)
       AND a.starts_on <= (now() AT TIME ZONE 'Europe/Paris')::date
       AND (a.ends_on IS NULL OR a.ends_on >= (now() AT TIME ZONE 'Europe/Paris')::date)
), counted AS (
    SELECT partner, count(*) AS n, count(*) FILTER (WHERE departments <> '{}') AS bounded
      FROM held GROUP BY partner
)
SELECT c.partner,
       ARRAY(SELECT f.name::text FROM held h CROSS JOIN unnest(h.fields) AS f (name)
              WHERE h.partner = c.partner GROUP BY f.name HAVING count(*) = c.n ORDER BY 1),
       CASE WHEN c.bounded > 0 THEN
       ARRAY(SELECT d.code::text FROM held h CROSS JOIN unnest(h.departments) AS d (code)
              WHERE h.partner = c.partner GROUP BY d.code HAVING count(*) = c.bounded ORDER BY 1)
       END
  FROM counted c
$$;
"""
REACH = """
CREATE FUNCTION agreements_reach(what text)
RETURNS TABLE (partner bigint, fields text[], departments text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
SELECT partner, fields, departments FROM agreements_between(agreements_caller(), what)
$$;
"""
REVOKE = """
REVOKE ALL ON FUNCTION agreements_caller() FROM PUBLIC;
REVOKE ALL ON FUNCTION agreements_between(bigint, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION agreements_reach(text) FROM PUBLIC;
"""
UNDO = """
DROP FUNCTION agreements_reach(text);
DROP FUNCTION agreements_between(bigint, text);
DROP FUNCTION agreements_caller();
"""


class Migration(migrations.Migration):

    dependencies = [
        ("agreements", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(CALLER + BETWEEN + REACH + REVOKE, UNDO),
    ]
