"""A partner's logo, for whatever is shared with it: adverts, communities or statistics."""

from django.db import migrations

EMBLEM = """
CREATE FUNCTION pool_emblem(p_slug text) RETURNS TABLE (region bigint, logo text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
SELECT t.id, c.logo::text
  FROM tenants_tenant t JOIN pool_regioncard c ON c.tenant_id = t.id
 WHERE t.slug = p_slug AND t.state = 'live' AND c.logo <> ''
   AND EXISTS (SELECT FROM unnest(ARRAY['adverts', 'communities', 'statistics']) AS w (what)
                 CROSS JOIN LATERAL agreements_between(agreements_caller(), w.what) s
                WHERE s.partner = t.id)
$$;
REVOKE ALL ON FUNCTION pool_emblem(text) FROM PUBLIC;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("pool", "0008_rows_age_out"),
    ]

    operations = [
        migrations.RunSQL(EMBLEM, "DROP FUNCTION pool_emblem(text);"),
    ]
