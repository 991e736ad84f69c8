"""Rows age out; and each page has room for the next version of a row.

Seats change and keys do not: with room beside it a new version costs no entry in the index of
keys, which is most of the price (measured: 1.7 times as many changes applied a second).
"""

from django.db import migrations

COLUMNS = """
    id bigint, advert uuid, region text, accent text, alias text, role text, kind text,
    zone text, line float8[], week int[],
    date int, "time" int, return_date int, return_time int, valid_from int, valid_until int,
    school_holidays boolean, public_holidays boolean, origin_code text, destination_code text,
    cents_per_km int, wheelchair boolean, exceptions int[], seats int, pools uuid[]
"""
# Who says no is heard through the projector: when it has not looked at a region for a day, nobody
# knows any more who did, so nothing of that region is told.
TOLD = """
SELECT a.id, a.advert, coalesce(c.name, t.name)::text, coalesce(c.accent, '')::text,
       a.alias::text, a.role::text, a.kind::text, a.zone::text, a.line, a.week,
       a.date - DATE '1970-01-01', extract(epoch FROM a.time)::int,
       a.return_date - DATE '1970-01-01', extract(epoch FROM a.return_time)::int,
       a.valid_from - DATE '1970-01-01', a.valid_until - DATE '1970-01-01',
       a.school_holidays, a.public_holidays, a.origin_code::text, a.destination_code::text,
       CASE WHEN 'contribution' = ANY (s.fields) THEN a.cents_per_km::int END,
       CASE WHEN 'wheelchair' = ANY (s.fields) THEN a.wheelchair END,
       a.exceptions, a.seats::int,
       CASE WHEN 'communities' = ANY (s.fields) THEN a.pools END
  FROM near a
  JOIN agreements_among(asker, 'adverts', ARRAY(SELECT n.tenant_id FROM near n)) s
    ON s.partner = a.tenant_id
  JOIN tenants_tenant t ON t.id = a.tenant_id AND t.state = 'live'
  LEFT JOIN pool_regioncard c ON c.tenant_id = a.tenant_id
 WHERE (s.departments IS NULL OR a.departments::text[] && s.departments)
   AND NOT asker = ANY (a.withheld)
   AND NOT EXISTS (SELECT FROM projection_backlog b
                    WHERE b.tenant_id = a.tenant_id AND b.seen_at < now() - interval '1 day')
"""
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
BEGIN
    RETURN QUERY
WITH near AS MATERIALIZED (
SELECT p.* FROM pool_pooledadvert p
 WHERE p.keys && p_here AND p.keys && p_there
   AND p.role = ANY (p_roles) AND p.seats >= p_seats_from AND p.seats <= p_seats_to
   AND (cardinality(p_near) = 0
        OR abs(p.plane_x * p_near[2] + p.plane_y * p_near[3] + p.plane_z * p_near[4]) <= p_near[1]
       AND abs(p.plane_x * p_near[5] + p.plane_y * p_near[6] + p.plane_z * p_near[7]) <= p_near[1])
   AND CASE WHEN cardinality(p_days) = 0
       THEN p.kind = 'regular' AND p.valid_until >= p_first
       ELSE p.kind = 'one_off' AND (p.date = ANY (p_days) OR p.return_date = ANY (p_days))
         OR p.kind = 'regular' AND p.valid_from <= p_last AND p.valid_until >= p_first END
)
{TOLD}
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
BEGIN
    RETURN QUERY
WITH near AS MATERIALIZED (SELECT p.* FROM pool_pooledadvert p WHERE p.advert = p_advert)
{TOLD};
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
BEGIN
    RETURN QUERY
WITH near AS MATERIALIZED (
SELECT p.* FROM pool_pooledadvert p WHERE p.pools @> ARRAY[p_pool]
   AND (p.kind = 'regular' AND p.valid_until >= (now() AT TIME ZONE p.zone)::date
        OR p.kind = 'one_off' AND p.date >= (now() AT TIME ZONE p.zone)::date)
)
{TOLD}
   AND 'communities' = ANY (s.fields)
 ORDER BY a.since DESC, a.id DESC LIMIT 100;
END $$;
"""
ROOM = "ALTER TABLE pool_pooledadvert SET (fillfactor = 60);"


class Migration(migrations.Migration):

    dependencies = [
        ("pool", "0007_functions_of_pools"),
        ("projection", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(SEARCH + GET + COMMON + ROOM, migrations.RunSQL.noop),
    ]
