"""Find out who asks in one look at the registry: each search pays for it."""

from django.db import migrations

# SET ROLE changes the setting; a function that runs with its owner's rights does not. The role may
# use the schema that ends its own name: no role can pass for another region's.
CALLER = """
CREATE OR REPLACE FUNCTION agreements_caller() RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    asks text := current_setting('role');
    found bigint;
BEGIN
    SELECT t.id INTO found FROM tenants_tenant t
     WHERE CASE WHEN right(asks, length(t.schema_name)) = t.schema_name
           THEN asks <> 'none' AND has_schema_privilege(asks, t.schema_name, 'USAGE') END
     ORDER BY length(t.schema_name) DESC LIMIT 1;
    IF found IS NULL THEN
        RAISE insufficient_privilege USING MESSAGE = 'no region asks';
    END IF;
    RETURN found;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("agreements", "0005_terms"),
    ]

    operations = [
        migrations.RunSQL(CALLER, migrations.RunSQL.noop),
    ]
