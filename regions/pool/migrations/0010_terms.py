"""Read the terms of agreements that the database keeps ready, by a join."""

from django.db import migrations

COLUMNS = """
    id bigint, advert uuid, region text, accent text, alias text, role text, kind text,
    zone text, line float8[], week int[],
    date int, "time" int, return_date int, return_time int, valid_from int, valid_until int,
    school_holidays boolean, public_holidays boolean, origin_code text, destination_code text,
    cents_per_km int, wheelchair boolean, exceptions int[], seats int, pools uuid[]
"""
# What the asker may know of each row found, looked up row by row: a search finds few, of few regions.
# Who says no is heard through the projector: when it has not looked at a region for a day, nobody
# knows any more who did, so nothing of it is told.
TOLD = """
SELECT a.id, a.advert, s.name, s.accent,
       a.alias::text, a.role::text, a.kind::text, a.zone::text, a.line, a.week,
       a.date - DATE '1970-01-01', extract(epoch FROM a.time)::int,
       a.return_date - DATE '1970-01-01', extract(epoch FROM a.return_time)::int,
       a.valid_from - DATE '1970-01-01', a.valid_until - DATE '1970-01-01',
       a.school_holidays, a.public_holidays, a.origin_code::text, a.destination_code::text,
       CASE WHEN 'contribution' = ANY (s.fields) THEN a.cents_per_km::int END,
       CASE WHEN 'wheelchair' = ANY (s.fields) THEN a.wheelchair END,
       a.exceptions, a.seats::int,
       CASE WHEN 'communities' = ANY (s.fields) THEN a.pools END
  FROM pool_pooledadvert a
  JOIN LATERAL (
        SELECT h.fields::text[] AS fields, h.departments::text[] AS departments,
               coalesce(c.name, t.name)::text AS name, coalesce(c.accent, '')::text AS accent
          FROM agreements_term h
          JOIN tenants_tenant t ON t.id = h.partner_id AND t.state = 'live'
          LEFT JOIN pool_regioncard c ON c.tenant_id = h.partner_id
         WHERE h.asker_id = asker AND h.what = 'adverts' AND h.partner_id = a.tenant_id
           AND h.since <= today AND (h.until IS NULL OR h.until > today)
           AND NOT EXISTS (SELECT FROM projection_backlog b WHERE b.tenant_id = h.partner_id
                              AND b.seen_at < now() - interval '1 day') OFFSET 0) s ON true
 WHERE (s.departments IS NULL OR a.departments::text[] && s.departments)
   AND NOT asker = ANY (a.withheld)"""
SEARCH = f"""
CREATE OR REPLACE FUNCTION pool_search(
    p_here bigint[], p_there bigint[], p_roles text[], p_seats_from smallint,
    p_seats_to smallint, p_days date[], p_first date, p_last date, p_near float8[],
    p_free boolean, p_wheelchair boolean)
RETURNS TABLE ({COLUMNS})
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    asker bigint := agreements_caller();
    today date := now() AT TIME ZONE 'Europe/Paris';
BEGIN
    RETURN QUERY
{TOLD}
   AND a.keys && p_here AND a.keys && p_there
   AND a.role = ANY (p_roles) AND a.seats >= p_seats_from AND a.seats <= p_seats_to
   AND (cardinality(p_near) = 0
        OR abs(a.plane_x * p_near[2] + a.plane_y * p_near[3] + a.plane_z * p_near[4]) <= p_near[1]
       AND abs(a.plane_x * p_near[5] + a.plane_y * p_near[6] + a.plane_z * p_near[7]) <= p_near[1])
   AND CASE WHEN cardinality(p_days) = 0
       THEN a.kind = 'regular' AND a.valid_until >= p_first
       ELSE a.kind = 'one_off' AND (a.date = ANY (p_days) OR a.return_date = ANY (p_days))
         OR a.kind = 'regular' AND a.valid_from <= p_last AND a.valid_until >= p_first END
   AND (NOT p_free OR 'contribution' = ANY (s.fields) AND a.cents_per_km = 0)
   AND (NOT p_wheelchair OR 'wheelchair' = ANY (s.fields) AND a.wheelchair);
END $$;
"""
GET = f"""
CREATE OR REPLACE FUNCTION pool_get(p_advert uuid)
RETURNS TABLE ({COLUMNS})
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    asker bigint := agreements_caller();
    today date := now() AT TIME ZONE 'Europe/Paris';
BEGIN
    RETURN QUERY
{TOLD}
   AND a.advert = p_advert;
END $$;
"""
# Published in one pooled community, the latest first; whoever may read that they are.
COMMON = f"""
CREATE OR REPLACE FUNCTION pool_common(p_pool uuid)
RETURNS TABLE ({COLUMNS})
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    asker bigint := agreements_caller();
    today date := now() AT TIME ZONE 'Europe/Paris';
BEGIN
    RETURN QUERY
{TOLD}
   AND a.pools @> ARRAY[p_pool]
   AND (a.kind = 'regular' AND a.valid_until >= (now() AT TIME ZONE a.zone)::date
        OR a.kind = 'one_off' AND a.date >= (now() AT TIME ZONE a.zone)::date)
   AND 'communities' = ANY (s.fields)
 ORDER BY a.since DESC, a.id DESC LIMIT 100;
END $$;
"""
UNUSED = "DROP FUNCTION agreements_among(bigint, text, bigint[]);"


class Migration(migrations.Migration):

    dependencies = [
        ("pool", "0009_emblems"),
        ("agreements", "0005_terms"),
    ]

    operations = [
        migrations.RunSQL(SEARCH + GET + COMMON + UNUSED, migrations.RunSQL.noop),
    ]
