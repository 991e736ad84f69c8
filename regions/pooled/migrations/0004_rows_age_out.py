"""Rows of communities age out, as those of adverts do.

Who left, or closed their community, is heard through the projector: when it has not looked at a
region for a day, nothing of that region's communities is told, names least of all.
"""

from django.db import migrations

# The asking region's own line, and those of the partners that agreements let it see.
VIEW = """
CREATE OR REPLACE FUNCTION pooled_view(p_community uuid)
RETURNS TABLE (pool uuid, pool_name text, own boolean, region text, region_slug text,
               accent text, logo text, name text, slug text, host text, members int,
               moderators text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
WITH asker AS MATERIALIZED (SELECT agreements_caller() AS id),
mine AS MATERIALIZED (
    SELECT m.pool_id, m.tenant_id, l.department::text AS department
      FROM pooled_poolmember m
      JOIN asker ON asker.id = m.tenant_id
      LEFT JOIN pooled_listedcommunity l USING (tenant_id, community)
     WHERE m.community = p_community
)
SELECT p.public_id, p.name::text, m.tenant_id = mine.tenant_id, coalesce(c.name, t.name)::text,
       t.slug::text, coalesce(c.accent, '')::text, coalesce(c.logo, '')::text,
       l.name::text, l.slug::text, d.host::text, l.members,
       CASE WHEN s.partner IS NULL OR 'moderators' = ANY (s.fields)
       THEN l.moderators::text[] ELSE '{}' END
  FROM mine
  JOIN pooled_pool p ON p.id = mine.pool_id
  JOIN pooled_poolmember m ON m.pool_id = p.id
  JOIN pooled_listedcommunity l ON l.tenant_id = m.tenant_id AND l.community = m.community
  JOIN tenants_tenant t ON t.id = m.tenant_id
  LEFT JOIN tenants_domain d ON d.tenant_id = t.id AND d.kind = 'site' AND d.is_primary
  LEFT JOIN pool_regioncard c ON c.tenant_id = t.id
  LEFT JOIN agreements_between(mine.tenant_id, 'communities') s ON s.partner = m.tenant_id
 WHERE m.tenant_id = mine.tenant_id
    OR t.state = 'live' AND s.partner IS NOT NULL
   AND (s.departments IS NULL OR mine.department = ANY (s.departments)
        OR l.department = ANY (s.departments))
   AND NOT EXISTS (SELECT FROM projection_backlog b WHERE b.tenant_id = m.tenant_id
                      AND b.seen_at < now() - interval '1 day')
 ORDER BY m.tenant_id <> mine.tenant_id, 4, l.community
$$;
"""
FIND = """
CREATE OR REPLACE FUNCTION pooled_find(p_department text, p_words text[])
RETURNS TABLE (slug text, region text, accent text, logo text, community uuid, name text,
               kind text, municipality_code text, pooled boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
SELECT t.slug::text, coalesce(c.name, t.name)::text, coalesce(c.accent, '')::text,
       coalesce(c.logo, '')::text, l.community, l.name::text, l.kind::text,
       l.municipality_code::text,
       EXISTS (SELECT FROM pooled_poolmember m
                WHERE m.tenant_id = l.tenant_id AND m.community = l.community)
  FROM agreements_between(agreements_caller(), 'communities') s
  JOIN tenants_tenant t ON t.id = s.partner AND t.state = 'live'
  JOIN pooled_listedcommunity l ON l.tenant_id = t.id
  LEFT JOIN pool_regioncard c ON c.tenant_id = t.id
 WHERE (s.departments IS NULL OR p_department = ANY (s.departments)
        OR l.department = ANY (s.departments))
   AND NOT EXISTS (SELECT FROM unnest(p_words) AS w (word) WHERE position(w.word IN l.name_key) = 0)
   AND NOT EXISTS (SELECT FROM projection_backlog b WHERE b.tenant_id = t.id
                      AND b.seen_at < now() - interval '1 day')
 ORDER BY l.name_key, t.slug, l.community LIMIT 30
$$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("pooled", "0003_view_names_regions"),
        ("projection", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(VIEW + FIND, migrations.RunSQL.noop),
    ]
