"""The last month of a region is the last that it has published all of."""

from django.db import migrations

# Sources of a month are told one after the other: for a moment there are some of them alone.
REGIONS = """
CREATE OR REPLACE FUNCTION observatory_regions_of(asker bigint) RETURNS TABLE
(slug text, name text, accent text, own boolean, regions text[], departments text[],
 first date, last date, told_at timestamptz)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
SELECT t.slug::text, coalesce(c.name, t.name)::text, coalesce(c.accent, '')::text,
       t.id IS NOT DISTINCT FROM asker, p.region_codes::text[], d.departments,
       m.first, m.last, m.told_at
  FROM observatory_reach(asker) r
  JOIN tenants_tenant t ON t.id = r.tenant AND t.state = 'live'
  JOIN onboarding_regionprofile p ON p.tenant_id = t.id
  LEFT JOIN pool_regioncard c ON c.tenant_id = t.id
 CROSS JOIN LATERAL (
    SELECT min(month) AS first, max(month) FILTER (WHERE sources = most) AS last,
           max(told_at) AS told_at
      FROM (SELECT month, count(*) AS sources, max(count(*)) OVER () AS most,
                   max(published_at) AS told_at
              FROM observatory_publishedmonth WHERE tenant_id = t.id GROUP BY month) w) m
 CROSS JOIN LATERAL (
    SELECT CASE WHEN r.departments IS NOT NULL THEN
           ARRAY(SELECT e.code::text FROM territories_departement e
                  WHERE e.region = ANY (p.region_codes) AND e.code = ANY (r.departments)
                  ORDER BY 1) END AS departments) d
 WHERE d.departments IS NULL OR d.departments <> '{}'
 ORDER BY 4 DESC, 2
$$;
"""


class Migration(migrations.Migration):

    dependencies = [("observatory", "0003_slices")]

    operations = [
        migrations.RunSQL(REGIONS, migrations.RunSQL.noop),
    ]
