"""What records are sorted into, as one column: counted and filtered by one index that works behind the wall."""

from typing import ClassVar

import django.contrib.postgres.indexes
from django.db import migrations, models
from django.db.models.functions import Collate

RECORD_FACETS = migrations.RunSQL(
    sql="""CREATE FUNCTION public.kz_record_facets(text, text, text, text[], jsonb, jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
        AS $$ SELECT coalesce(jsonb_agg(DISTINCT token), '[]') FROM (
            SELECT 'kind:' || $1
            UNION ALL SELECT 'licence:' || $2 WHERE $2 <> ''
            UNION ALL SELECT 'publisher:' || $3 WHERE $3 <> ''
            UNION ALL SELECT 'theme:' || theme FROM unnest($4) theme
            UNION ALL SELECT 'format:' || format FROM (
                SELECT upper(regexp_replace(one ->> 'format', '^.*[/#]', '')) format
                FROM jsonb_array_elements(CASE jsonb_typeof($5) WHEN 'array' THEN $5 ELSE '[]' END) one
                UNION ALL SELECT upper($6 ->> 'type')) formats
            WHERE format <> '') all_of_them(token) $$""",
    reverse_sql="DROP FUNCTION public.kz_record_facets(text, text, text, text[], jsonb, jsonb)",
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("catalogue", "0002_wall")]

    operations: ClassVar = [
        RECORD_FACETS,
        migrations.AddField(
            model_name="record",
            name="facets",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(
                    models.F("kind"),
                    models.F("licence"),
                    models.F("publisher"),
                    models.F("themes"),
                    models.F("distributions"),
                    models.F("service"),
                    function="kz_record_facets",
                    output_field=models.JSONField(),
                ),
                output_field=models.JSONField(),
            ),
        ),
        migrations.AddIndex(
            model_name="record",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=("facets",), name="record_facets", opclasses=("jsonb_path_ops",)
            ),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(Collate("title", "de-x-icu"), "id", name="record_title"),
        ),
    ]
