"""What may be read of published figures: functions that apply agreements at that moment."""

from django.db import migrations

# Which regions somebody may read, and where. No asker: the platform's own page, which shows those
# that some agreement lets others read; where several bind a region, what all of them allow.
REACH = """
CREATE FUNCTION observatory_reach(asker bigint) RETURNS TABLE (tenant bigint, departments text[])
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    IF asker IS NOT NULL THEN
        RETURN QUERY
        SELECT asker, NULL::text[]
        UNION ALL
        SELECT s.partner, s.departments FROM agreements_between(asker, 'statistics') s;
        RETURN;
    END IF;
    RETURN QUERY
    WITH held AS (
        SELECT p.tenant_id::bigint AS tenant, a.departments::text[] AS departments
          FROM agreements_agreement a JOIN agreements_party p ON p.agreement_id = a.id
         WHERE a.state = 'in_force' AND 'statistics' = ANY (a.pools)
           AND a.starts_on <= (now() AT TIME ZONE 'Europe/Paris')::date
           AND (a.ends_on IS NULL OR a.ends_on >= (now() AT TIME ZONE 'Europe/Paris')::date)
    ), counted AS (
        SELECT tenant, count(*) FILTER (WHERE departments <> '{}') AS bounded
          FROM held GROUP BY tenant
    )
    SELECT c.tenant, CASE WHEN c.bounded > 0 THEN
           ARRAY(SELECT d.code FROM held h CROSS JOIN unnest(h.departments) AS d (code)
                  WHERE h.tenant = c.tenant GROUP BY d.code HAVING count(*) = c.bounded ORDER BY 1)
           END
      FROM counted c;
END $$;
"""
REGIONS = """
CREATE FUNCTION observatory_regions_of(asker bigint)
RETURNS TABLE (slug text, name text, accent text, own boolean, regions text[], first date, last date)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
SELECT t.slug::text, coalesce(c.name, t.name)::text, coalesce(c.accent, '')::text,
       t.id IS NOT DISTINCT FROM asker, p.region_codes::text[],
       (SELECT min(month) FROM observatory_publishedmonth m WHERE m.tenant_id = t.id),
       (SELECT max(month) FROM observatory_publishedmonth m WHERE m.tenant_id = t.id)
  FROM observatory_reach(asker) r
  JOIN tenants_tenant t ON t.id = r.tenant AND t.state = 'live'
  JOIN onboarding_regionprofile p ON p.tenant_id = t.id
  LEFT JOIN pool_regioncard c ON c.tenant_id = t.id
 ORDER BY 4 DESC, 2
$$;
CREATE FUNCTION observatory_regions()
RETURNS TABLE (slug text, name text, accent text, own boolean, regions text[], first date, last date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
SELECT * FROM observatory_regions_of(agreements_caller())
$$;
"""
# All areas of a region for all published periods, and their figures where there are some. An area
# is told of where all of it lies in what an agreement allows; the whole region, where it binds none.
READ = """
CREATE FUNCTION observatory_read(
    asker bigint, p_sources text[], p_amounts text[], p_grain text, p_kind text,
    p_first date, p_last date, p_codes text[], p_regions text[])
RETURNS TABLE (region text, amount text, start date, code text, label text, value bigint)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
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
    ), periods AS (
        SELECT m.tenant_id, a.amount, s.start::date AS start
          FROM observatory_publishedmonth m JOIN asked a ON a.source = m.source
         CROSS JOIN LATERAL generate_series(
               m.month::timestamp, m.month + interval '1 month' - interval '1 day',
               CASE p_grain WHEN 'day' THEN interval '1 day' ELSE interval '1 month' END) AS s (start)
         WHERE s.start BETWEEN p_first AND p_last
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
               AND c.start BETWEEN p_first AND p_last
             GROUP BY c.code
          ) u
         WHERE (p_codes IS NULL OR u.code = ANY (p_codes))
           AND (r.departments IS NULL OR u.departments <@ r.departments)
    )
    SELECT a.slug, p.amount, p.start, a.code::text, a.label::text, c.value
      FROM areas a JOIN periods p ON p.tenant_id = a.tenant
      LEFT JOIN observatory_publishedcell c
             ON c.tenant_id = a.tenant AND c.amount = p.amount AND c.grain = p_grain
            AND c.kind = p_kind AND c.start = p.start AND c.code = a.code;
END $$;
CREATE FUNCTION observatory_released(
    p_sources text[], p_amounts text[], p_grain text, p_kind text,
    p_first date, p_last date, p_codes text[], p_regions text[])
RETURNS TABLE (region text, amount text, start date, code text, label text, value bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
SELECT * FROM observatory_read(agreements_caller(), p_sources, p_amounts, p_grain, p_kind, p_first,
                               p_last, p_codes, p_regions)
$$;
"""
RELEASED = "(text[], text[], text, text, date, date, text[], text[])"
NAMES = (
    f"observatory_released{RELEASED}",
    f"observatory_read{RELEASED.replace('(', '(bigint, ')}",
    "observatory_regions()",
    "observatory_regions_of(bigint)",
    "observatory_reach(bigint)",
)
# The other functions run with their caller's rights: a region's role reads none of these tables.
REVOKE = f"""
REVOKE ALL ON FUNCTION {NAMES[0]} FROM PUBLIC;
REVOKE ALL ON FUNCTION {NAMES[2]} FROM PUBLIC;
"""
UNDO = "".join(f"DROP FUNCTION {name};\n" for name in NAMES)


class Migration(migrations.Migration):

    dependencies = [
        ("observatory", "0001_initial"),
        ("agreements", "0003_between_planned_once"),
        ("onboarding", "0001_region_profile"),
        ("pool", "0001_pooled_adverts"),
        ("territories", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(REACH + REGIONS + READ + REVOKE, UNDO),
    ]
