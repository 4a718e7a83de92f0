"""Row-level security for gauges and sensors; a child hangs only on a parent of its own tenant.

Observations come in masses: the policy looks for their series, once for each statement.
"""

from typing import ClassVar

from django.db import migrations

from tenants import rls

CHILDREN = (
    ("series", "station", "station_id"),
    ("dayvalue", "series", "series_id"),
    ("alarmstage", "series", "series_id"),
    ("sensortoken", "station", "station_id"),
    ("subscription", "station", "station_id"),
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("sensors", "0001_initial"), ("tenants", "0002_wall")]

    operations: ClassVar = [
        *(
            rls.protect(f"sensors_{table}", public=True)
            for table in ("station", "series", "observation", "dayvalue", "alarmstage")
        ),
        rls.protect("sensors_sensortoken"),
        rls.protect("sensors_subscription"),
        *(
            rls.same_tenant(f"sensors_{child}", f"sensors_{parent}", column)
            for child, parent, column in CHILDREN
        ),
        rls.of_own("sensors_observation", "sensors_series", "series_id"),
    ]
