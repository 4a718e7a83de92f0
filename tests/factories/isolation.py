"""Rows that could leak: for every model of ours and two tenants, filled field by field with words that a stranger must never read.

A new model gets its rows by itself. When its rules can't be guessed from its fields, `RULES` says what to fill in.
"""

import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.apps import apps
from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import GEOSGeometry
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from tenants import files
from tenants.models import PrivateFile, Tenant, TenantOwned, User
from tenants.scope import acting_for
from tests.factories.tenants import UserFactory

SECRET, PUBLIC, SHARED = "geheim7q", "offen7q", "geteilt7q"
START, END = datetime(2026, 3, 2, tzinfo=UTC), datetime(2027, 4, 4, tzinfo=UTC)
SQUARE = "((385000 5668000,385100 5668000,385100 5668100,385000 5668100,385000 5668000))"
GEOMETRIES = {
    "POINT": "POINT(385050 5668050)",
    "POLYGON": f"POLYGON{SQUARE}",
    "MULTIPOLYGON": f"MULTIPOLYGON({SQUARE})",
    "GEOMETRY": f"POLYGON{SQUARE}",
}
INDICATORS = {"draft": "use", "public": "delivery", "shared": "growth"}
MONTHS = {"draft": "2025-01", "public": "2025-02", "shared": "2025-03"}
CAPTURED = {"draft": "bp", "public": "fp", "shared": "statutes"}
NEVER_SHOWN = {"secret_hash", "token_hash"}  # also in public rows


@dataclass
class World:
    """One tenant's things that hang together: a plan, its procedure, their rows; at most one row per model.

    kind: "draft", "public" (what has is_public is published) or "shared" (like draft; the plan is shared with somebody).
    """

    tenant: Tenant
    person: User
    kind: str
    rows: dict[str, TenantOwned] = field(default_factory=dict)

    def row(self, model: type[TenantOwned]) -> TenantOwned:
        """The world's row of this model; made with all it needs when it is not there yet."""
        label = model._meta.label
        if label not in self.rows:
            self.rows[label] = self._make(model)
        return self.rows[label]

    def word(self, model: type[TenantOwned]) -> str:
        """What stands in this model's texts."""
        if self.kind == "public" and has_public(model):
            return PUBLIC
        if self.kind == "shared" and (shared_with_plan(model) or model is PrivateFile):
            return SHARED  # the plan's views hand its files out, whose rows stay hidden
        return SECRET

    def _make(self, model: type[TenantOwned]) -> TenantOwned:
        values = dict(self._values(model))
        try:
            row: TenantOwned = model._base_manager.create(**values)
        except Exception as error:
            raise AssertionError(
                f"No row of {model._meta.label} could be made to test that it does not leak: {error}\n"
                "Tell what its fields need in RULES of tests/factories/isolation.py."
            ) from error
        if after := AFTER.get(model._meta.label):
            after(self, row)
        return row

    def _values(self, model: type[TenantOwned]) -> Iterator[tuple[str, Any]]:
        rules = RULES.get(model._meta.label, lambda world: {})(self)
        yield from rules.items()
        for one in model._meta.concrete_fields:
            if one.name in rules or one.primary_key or isinstance(one, models.GeneratedField):
                continue
            value = self._value(model, one)
            if value is not None:
                yield one.name, value

    def _value(self, model: type[TenantOwned], one: Any) -> Any:  # noqa: C901 - a table of field types
        word = SECRET if one.name in NEVER_SHOWN else self.word(model)
        match one:
            case models.ForeignKey():
                return self._related(one)
            case models.BooleanField():
                return self.kind == "public" if one.name == "is_public" else bool(one.get_default())
            case _ if one.choices:
                return one.get_default() or one.choices[0][0]
            case models.EmailField():
                return f"{word}@example.org"
            case models.CharField() | models.TextField():
                return word if (one.max_length or 99) >= len(word) else "x"
            case models.JSONField():
                return {"word": word}
            case ArrayField():
                return []
            case models.UUIDField():
                return uuid.uuid4()
            case models.IntegerField() | models.FloatField():
                return one.get_default() or 1
            case models.DateTimeField():
                return START
            case models.DateField():
                return date(2026, 3, 10)
            case DateTimeRangeField():
                return DateTimeTZRange(START, END)
            case GeometryField():
                return GEOSGeometry(GEOMETRIES[one.geom_type], srid=one.srid)
        return one.get_default()

    def _related(self, one: Any) -> Any:
        target = one.related_model
        if target is Tenant:
            return self.tenant
        if target is User:
            return self.person
        if one.null or not issubclass(target, TenantOwned):
            return None
        return self.row(target)


def has_public(model: type[TenantOwned]) -> bool:
    return any(one.name == "is_public" for one in model._meta.fields)


def shared_with_plan(model: type[TenantOwned]) -> bool:
    """Whether a single share of the plan opens the model's rows."""
    return getattr(model._default_manager.all(), "share_kind", "") == "plan"


def owned_models() -> list[type[TenantOwned]]:
    return [model for model in apps.get_models() if issubclass(model, TenantOwned) and not model._meta.proxy]


def people_the_world(tenant: Tenant, person: User, kind: str) -> World:
    """Rows of all models."""
    world = World(tenant, person, kind)
    with acting_for([tenant.pk], [tenant.pk]):
        for model in owned_models():
            world.row(model)
        _publish_plan(world, world.row(_models("planning.Plan")))
        _publish_dataset(world, world.row(_models("catalogue.Dataset")))
    return world


# --- what can't be guessed

Rule = Callable[[World], dict[str, Any]]


def _models(label: str) -> type[TenantOwned]:
    found: type[TenantOwned] = apps.get_model(label)
    return found


def _statement(world: World) -> dict[str, Any]:
    if world.kind != "public":
        return {}
    return {"publication_consent": True, "publication": "published"}


def _frame(world: World) -> dict[str, Any]:
    return {"head": f"<!-- {world.word(_models('planning.PlanVersion'))} -->", "tail": "", "extras": ""}


def _losses(world: World) -> PrivateFile:
    """The report of an upgrade, as its worker writes it."""
    word = world.word(_models("planning.PlanUpgrade"))
    loss = {"gml_id": "G", "line": 1, "feature_type": "BP_Wegerecht", "property": "text", "value": word, "fate": "dropped", "became": "", "reason": ""}  # fmt: skip
    report = json.dumps({"losses": [loss]}).encode()
    return files.store([report], tenant=world.tenant, name=f"{word}.json", content_type="application/json")


RULES: dict[str, Rule] = {
    "planning.Plan": lambda world: {"is_public": False, "xplan_version": "6.0", "ags": [world.tenant.ags]},
    "planning.PlanVersion": lambda world: {"xplan_version": "6.0", "frame": _frame(world)},
    "planning.PlanDocument": lambda world: {"file": world.row(_models("tenants.PrivateFile"))},
    "planning.PlanRaster": lambda world: {
        "state": "ready",
        "file": world.row(_models("tenants.PrivateFile")),
        "grid": {"origin": [385_000, 5_668_100], "resolution": 1, "width": 9, "height": 9, "factors": [1]},
        "findings": [
            {"rule": world.word(_models("planning.PlanRaster")), "severity": "warning", "params": {}}
        ],
    },
    "planning.LegacyPlan": lambda world: {
        "problem": {},
        "points": [[1, 2, 385_000, 5_668_000]],
        "areas": [[SECRET, '{"type":"Point","coordinates":[1,2]}']],
        "scan": world.row(_models("tenants.PrivateFile")),
        "sheet": world.row(_models("tenants.PrivateFile")),
        "plan_type": "BP",
    },
    "planning.Address": lambda world: {"house_key": world.kind},  # once in a town
    "planning.PlanReview": lambda world: {"verdict": "returned"},
    "planning.PlanUpgrade": lambda world: {
        "file": world.row(_models("tenants.PrivateFile")),
        "losses": _losses(world),
        "counts": {},
        "groups": [
            {
                "fate": "dropped",
                "property": world.word(_models("planning.PlanUpgrade")),
                "reason": "",
                "count": 1,
                "types": {"BP_Wegerecht": 1},
                "examples": [["1", ""]],
                "objects": [[f"GML_{world.kind}", 1]],
            }
        ],
        "findings": [],
    },
    "planning.ProcedureStep": lambda world: {"until": None, "kind": "initiation"},
    "planning.StepDocument": lambda world: {"is_internal": world.kind != "public"},
    "planning.BatchItem": lambda world: {"findings": [], "job": world.row(_models("tenants.Job"))},
    "planning.CaptureStatement": lambda world: {"kind": CAPTURED[world.kind]},  # one of each kind
    "planning.CalendarKey": lambda world: {"user": UserFactory.create()},  # one for each person
    "planning.PlanObject": lambda world: {"feature_type": "BP_Wegerecht", "gml_id": f"GML_{world.kind}"},
    "planning.EditDraft": lambda world: {"state": "open", "base": world.row(_models("planning.PlanVersion"))},
    "planning.EditedObject": lambda world: {
        "feature_type": "BP_Wegerecht",
        "gml_id": f"GML_{world.kind}_edited",
    },
    "participation.Procedure": lambda world: {
        "plan": world.row(_models("planning.Plan")),
        "plan_version": world.row(_models("planning.PlanVersion")),
        "decided_at": None,
        "published_at": START if world.kind == "public" else None,
    },
    "participation.Phase": lambda world: {"kind": "consultation", "audience": "public"},
    "participation.Statement": _statement,
    "participation.Anchor": lambda world: {"paragraph": ""},
    "catalogue.Dataset": lambda world: {"is_public": False, "slug": world.kind, "style": {}},
    "catalogue.DatasetVersion": lambda world: {
        "number": 1,
        "state": "ready",
        "fields": [],
        "grid": {},
        "report": {},
    },
    "catalogue.DataFormat": lambda world: {"slug": world.kind, "fields": []},
    "catalogue.Record": lambda world: {
        "dataset": world.row(_models("catalogue.Dataset")),
        "distributions": [],
        "service": {},
    },
    "catalogue.Source": lambda world: {
        "url": f"https://example.org/{world.kind}/{world.word(_models('catalogue.Source'))}"
    },
    "catalogue.Harvest": lambda world: {"changes": {}},
    "sensors.Station": lambda world: {
        "feed": "lfulg",
        "number": f"{world.word(_models('sensors.Station'))}-{world.kind}",
    },
    "sensors.Series": lambda world: {"quantity": "W", "forecast": []},
    "sensors.SensorToken": lambda world: {"token_hash": f"{SECRET}-{world.kind}"},
    "analysis.Run": lambda world: {
        "use_case": "heavy-rain",
        "parameters": {},
        "inputs": [],
        "estimate": {},
        "log": [],
        "report": {},
        "job": world.row(_models("tenants.Job")),
        "outputs": [
            {
                "name": world.tenant.slug,
                "file": world.row(_models("tenants.PrivateFile")).pk,
                "file_name": world.word(_models("analysis.Run")),
                "content_type": "text/plain",
                "size": 1,
                "unit": "",
            }
        ],
    },
    "analysis.Workflow": lambda world: {"use_case": "heavy-rain"},
    "analysis.WorkflowStep": lambda world: {"kind": "question"},
    "indicators.WorkflowState": lambda world: {
        "use_case": "heavy-rain",
        "step": "data",
        "municipality": world.tenant,
    },
    "indicators.CountySnapshot": lambda world: {"month": MONTHS[world.kind]},
    "indicators.MunicipalitySnapshot": lambda world: {"month": MONTHS[world.kind]},
    "indicators.Target": lambda world: {"indicator": INDICATORS[world.kind], "start": MONTHS[world.kind]},
    "tenants.OutboxMessage": lambda world: {
        "key": f"{SECRET}-{world.kind}",
        "sent_at": START,
        "recipient": f"{SECRET}@example.org",
    },
    "tenants.Job": lambda world: {"state": "done", "actor": world.person},
}


def _publish_plan(world: World, plan: Any) -> None:
    """A plan points to its version, which needs the plan first."""
    version: Any = world.row(_models("planning.PlanVersion"))
    plan.current_version = version
    if world.kind == "public":
        plan.published_version, plan.is_public, plan.state = version, True, "published"
    plan.save()


def _publish_dataset(world: World, dataset: Any) -> None:
    dataset.current_version = world.row(_models("catalogue.DatasetVersion"))
    dataset.is_public = world.kind == "public"
    dataset.save()


def _write_bytes(world: World, file: Any) -> None:
    path = files.path_of(file)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"content {world.word(type(file))}")


AFTER: dict[str, Callable[[World, Any], None]] = {"tenants.PrivateFile": _write_bytes}
