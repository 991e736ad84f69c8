"""Slices of figures, how many there are, and what of a region an agreement lets be told."""

from django.db import migrations

OLD = """
DROP FUNCTION observatory_released(text[], text[], text, text, date, date, text[], text[]);
DROP FUNCTION observatory_read(bigint, text[], text[], text, text, date, date, text[], text[]);
DROP FUNCTION observatory_regions();
DROP FUNCTION observatory_regions_of(bigint);
"""
COLUMNS = """
(slug text, name text, accent text, own boolean, regions text[], departments text[],
 first date, last date, told_at timestamptz)
"""
# Agreements name départements of all their regions; one that has none of them tells nothing.
REGIONS = f"""
CREATE FUNCTION observatory_regions_of(asker bigint) RETURNS TABLE {COLUMNS}
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
SELECT t.slug::text, coalesce(c.name, t.name)::text, coalesce(c.accent, '')::text,
       t.id IS NOT DISTINCT FROM asker, p.region_codes::text[], d.departments,
       m.first, m.last, m.told_at
  FROM observatory_reach(asker) r
  JOIN tenants_tenant t ON t.id = r.tenant AND t.state = 'live'
  JOIN onboarding_regionprofile p ON p.tenant_id = t.id
  LEFT JOIN pool_regioncard c ON c.tenant_id = t.id
 CROSS JOIN LATERAL (
    SELECT min(month) AS first, max(month) AS last, max(published_at) AS told_at
      FROM observatory_publishedmonth WHERE tenant_id = t.id) m
 CROSS JOIN LATERAL (
    SELECT CASE WHEN r.departments IS NOT NULL THEN
           ARRAY(SELECT e.code::text FROM territories_departement e
                  WHERE e.region = ANY (p.region_codes) AND e.code = ANY (r.departments)
                  ORDER BY 1) END AS departments) d
 WHERE d.departments IS NULL OR d.departments <> '{{}}'
 ORDER BY 4 DESC, 2
$$;
CREATE FUNCTION observatory_regions() RETURNS TABLE {COLUMNS}
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
SELECT * FROM observatory_regions_of(agreements_caller())
$$;
"""
ASKED = """p_sources text[], p_amounts text[], p_grain text, p_kind text,
    p_first date, p_last date, p_codes text[], p_regions text[]"""
SAID = "p_sources, p_amounts, p_grain, p_kind, p_first, p_last, p_codes, p_regions"
# All areas of a region for all published periods. An area is told of where all of it lies in what
# an agreement allows; the whole region, where it binds none.
PLACES = """
    WITH reach AS MATERIALIZED (
        SELECT t.id AS tenant, t.slug::text AS slug, coalesce(c.name, t.name)::text AS name,
               p.region_codes::text[] AS region_codes, r.departments
          FROM observatory_reach(asker) r
          JOIN tenants_tenant t ON t.id = r.tenant AND t.state = 'live'
          JOIN onboarding_regionprofile p ON p.tenant_id = t.id
          LEFT JOIN pool_regioncard c ON c.tenant_id = t.id
         WHERE p_regions IS NULL OR t.slug = ANY (p_regions)
    ), asked AS (
        SELECT * FROM unnest(p_sources, p_amounts) AS a (source, amount)
    ), periods AS MATERIALIZED (
        SELECT m.tenant_id, s.start::date AS start, array_agg(a.amount) AS amounts
          FROM observatory_publishedmonth m JOIN asked a ON a.source = m.source
         CROSS JOIN LATERAL generate_series(
               m.month::timestamp, m.month + interval '1 month' - interval '1 day',
               CASE p_grain WHEN 'day' THEN interval '1 day' ELSE interval '1 month' END) AS s (start)
         WHERE s.start BETWEEN p_first AND p_last
         GROUP BY m.tenant_id, s.start
    ), areas AS MATERIALIZED (
        SELECT r.tenant, r.slug, u.code, u.label
          FROM reach r CROSS JOIN LATERAL (
            SELECT ''::text AS code, r.name AS label, NULL::text[] AS departments
             WHERE p_kind = 'whole'
            UNION ALL
            SELECT d.code, d.name, ARRAY(SELECT e.code::text FROM territories_departement e
                                          WHERE e.region = d.code)
              FROM territories_administrativeregion d
             WHERE p_kind = 'administrative' AND d.code = ANY (r.region_codes)
            UNION ALL
            SELECT d.code, d.name, ARRAY[d.code::text] FROM territories_departement d
             WHERE p_kind = 'departement' AND d.region = ANY (r.region_codes)
            UNION ALL
            SELECT m.intercommunality_code, min(m.intercommunality_name),
                   array_agg(DISTINCT m.departement::text)
              FROM territories_municipality m
             WHERE p_kind = 'intercommunality' AND m.intercommunality_code <> ''
               AND m.region = ANY (r.region_codes)
             GROUP BY m.intercommunality_code
            UNION ALL
            SELECT m.code, m.name, ARRAY[m.departement::text] FROM territories_municipality m
             WHERE p_kind = 'municipality' AND m.region = ANY (r.region_codes)
            UNION ALL
            SELECT k.code, k.code, NULL FROM unnest('{0-10,10-20,20-30,30-40,40-50,50+}'::text[])
                   AS k (code) WHERE p_kind = 'distance'
            UNION ALL
            SELECT to_char(h, 'FM00'), to_char(h, 'FM00'), NULL FROM generate_series(0, 23) AS g (h)
             WHERE p_kind = 'hour'
            UNION ALL
            SELECT c.code, max(c.label), NULL FROM observatory_publishedcell c
             WHERE p_kind = 'community' AND c.kind = 'community' AND c.tenant_id = r.tenant
               AND c.amount = ANY (p_amounts) AND c.grain = p_grain
               AND c.start BETWEEN p_first AND p_last
             GROUP BY c.code
          ) u
         WHERE (p_codes IS NULL OR u.code = ANY (p_codes))
           AND (r.departments IS NULL OR u.departments <@ r.departments)
    ), places AS (
        SELECT a.tenant, a.slug, p.start, p.amounts, a.code::text AS code, a.label::text AS label
          FROM areas a JOIN periods p ON p.tenant_id = a.tenant
    )
"""
# A slice is cut before figures are looked for: a page of a hundred takes a hundred of them.
READ = f"""
CREATE FUNCTION observatory_read(asker bigint, {ASKED}, p_offset int, p_limit int)
RETURNS TABLE (region text, amount text, start date, code text, label text, value bigint)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
{PLACES}, slice AS MATERIALIZED (
        SELECT * FROM places ORDER BY slug COLLATE "C", start, code COLLATE "C"
        OFFSET p_offset LIMIT p_limit
    )
    SELECT l.slug, p.amount, l.start, l.code, l.label, c.value
      FROM slice l CROSS JOIN LATERAL unnest(l.amounts) AS p (amount)
      LEFT JOIN observatory_publishedcell c
             ON c.tenant_id = l.tenant AND c.amount = p.amount AND c.grain = p_grain
            AND c.kind = p_kind AND c.start = l.start AND c.code = l.code;
END $$;
CREATE FUNCTION observatory_count(asker bigint, {ASKED}) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN (
{PLACES}
    SELECT count(*) FROM places);
END $$;
CREATE FUNCTION observatory_released({ASKED}, p_offset int, p_limit int)
RETURNS TABLE (region text, amount text, start date, code text, label text, value bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
SELECT * FROM observatory_read(agreements_caller(), {SAID}, p_offset, p_limit)
$$;
CREATE FUNCTION observatory_counted({ASKED}) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
SELECT observatory_count(agreements_caller(), {SAID})
$$;
"""
TYPES = "text[], text[], text, text, date, date, text[], text[]"
REVOKE = f"""
REVOKE ALL ON FUNCTION observatory_regions() FROM PUBLIC;
REVOKE ALL ON FUNCTION observatory_released({TYPES}, int, int) FROM PUBLIC;
REVOKE ALL ON FUNCTION observatory_counted({TYPES}) FROM PUBLIC;
"""


class Migration(migrations.Migration):

    dependencies = [("observatory", "0002_functions")]

    operations = [
        # Plans that took it were ten times slower than with the unique one, which has the code.
        migrations.RemoveIndex("PublishedCell", "published_cell_asked"),
        migrations.RunSQL(OLD + REGIONS + READ + REVOKE, migrations.RunSQL.noop),
    ]
