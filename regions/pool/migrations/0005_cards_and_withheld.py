"""An author keeps an advert from a region: it reads nothing of it. Partners' cards, with their logos.

The three functions that tell of adverts are written again with one condition more.
"""

from django.db import migrations

COLUMNS = """
    id bigint, advert uuid, region text, accent text, alias text, role text, kind text,
    zone text, line float8[], week int[],
    date int, "time" int, return_date int, return_time int, valid_from int, valid_until int,
    school_holidays boolean, public_holidays boolean, origin_code text, destination_code text,
    cents_per_km int, wheelchair boolean, exceptions int[], seats int, community uuid
"""
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
       CASE WHEN 'communities' = ANY (s.fields) THEN a.community END
  FROM near a
  JOIN agreements_among(asker, 'adverts', ARRAY(SELECT n.tenant_id FROM near n)) s
    ON s.partner = a.tenant_id
  JOIN tenants_tenant t ON t.id = a.tenant_id AND t.state = 'live'
  LEFT JOIN pool_regioncard c ON c.tenant_id = a.tenant_id
 WHERE (s.departments IS NULL OR a.departments::text[] && s.departments)
"""
KEPT = "   AND NOT asker = ANY (a.withheld)\n"
SEARCH = """
CREATE OR REPLACE FUNCTION pool_search(
    p_here bigint[], p_there bigint[], p_roles text[], p_seats_from smallint,
    p_seats_to smallint, p_days date[], p_first date, p_last date, p_near float8[],
    p_free boolean, p_wheelchair boolean)
RETURNS TABLE ({columns})
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
{told}
   AND (NOT p_free OR 'contribution' = ANY (s.fields) AND a.cents_per_km = 0)
   AND (NOT p_wheelchair OR 'wheelchair' = ANY (s.fields) AND a.wheelchair);
END $$;
"""
GET = """
CREATE OR REPLACE FUNCTION pool_get(p_advert uuid)
RETURNS TABLE ({columns})
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    asker bigint := agreements_caller();
BEGIN
    RETURN QUERY
WITH near AS MATERIALIZED (SELECT p.* FROM pool_pooledadvert p WHERE p.advert = p_advert)
{told};
END $$;
"""
OWN = """
CREATE OR REPLACE FUNCTION pool_own()
RETURNS TABLE (advert uuid, since timestamptz, updated_at timestamptz, regions text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
SELECT a.advert, a.since, a.updated_at,
       ARRAY(SELECT coalesce(c.name, t.name)::text
               FROM agreements_between(agreements_caller(), 'adverts') s
               JOIN tenants_tenant t ON t.id = s.partner
               LEFT JOIN pool_regioncard c ON c.tenant_id = s.partner
              WHERE (s.departments IS NULL OR a.departments::text[] && s.departments)
              {kept} ORDER BY 1)
  FROM pool_pooledadvert a WHERE a.tenant_id = agreements_caller() ORDER BY a.id
$$;
"""
# Which region an advert comes from, and how partners look: for pages, and for what goes to them.
CARDS = """
CREATE FUNCTION pool_cards()
RETURNS TABLE (region bigint, slug text, name text, accent text, logo text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
SELECT t.id, t.slug::text, coalesce(c.name, t.name)::text, coalesce(c.accent, '')::text,
       coalesce(c.logo, '')::text
  FROM agreements_between(agreements_caller(), 'adverts') s
  JOIN tenants_tenant t ON t.id = s.partner AND t.state = 'live'
  LEFT JOIN pool_regioncard c ON c.tenant_id = s.partner ORDER BY 3
$$;
CREATE FUNCTION pool_home(p_advert uuid) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
SELECT a.tenant_id FROM pool_pooledadvert a
  JOIN agreements_between(agreements_caller(), 'adverts') s ON s.partner = a.tenant_id
 WHERE a.advert = p_advert AND (s.departments IS NULL OR a.departments::text[] && s.departments)
   AND NOT agreements_caller() = ANY (a.withheld)
$$;
REVOKE ALL ON FUNCTION pool_cards() FROM PUBLIC;
REVOKE ALL ON FUNCTION pool_home(uuid) FROM PUBLIC;
"""


def functions(kept: str, kept_own: str) -> str:
    return (
        SEARCH.format(columns=COLUMNS, told=TOLD + kept)
        + GET.format(columns=COLUMNS, told=TOLD + kept)
        + OWN.format(kept=kept_own)
    )


DO = functions(KEPT, "AND NOT s.partner = ANY (a.withheld)") + CARDS
UNDO = functions("", "") + "DROP FUNCTION pool_home(uuid); DROP FUNCTION pool_cards();"


class Migration(migrations.Migration):

    dependencies = [
        ("pool", "0004_withheld"),
        ("agreements", "0004_among"),
    ]

    operations = [
        migrations.RunSQL(DO, UNDO),
    ]
