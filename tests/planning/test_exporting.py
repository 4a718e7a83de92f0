"""What leaves is what came: every element with its text and attributes, on own files and on the real ones at hand."""

import io
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from planning import exporting
from planning.errors import NotOneFile
from planning.importing import Order, import_file
from planning.models import Plan, PlanVersion
from planning.xplanung.schema import VERSIONS
from tenants.models import PrivateFile, Tenant
from tenants.scope import acting_for
from tests.factories import xplanung as samples
from tests.factories.tenants import TenantFactory
from tests.planning.xplanung.leaves import leaves

pytestmark = pytest.mark.django_db

REDISTRIBUTABLE = (
    "rub/v4_0/BP2070.gml", "rub/v5_0_1/BP2070.gml", "rub/v5_0_1/BP2135.gml", "rub/v5_0_1/Demo.gml", "rub/v5_0_1/LA22.gml",
    "rub/v5_0_1/LA67.gml", "sagis/bp_plan.gml", "sagis/bp_plan1.gml",
)  # fmt: skip


def stored(path: Path, tenant: Tenant) -> list[PlanVersion]:
    (report,) = import_file(path, name=path.name, order=Order(tenant, None))
    assert report.ok, report.findings
    return [plan.current_version for plan in report.plans if plan.current_version]


def exported(*versions: PlanVersion) -> bytes:
    return b"".join(exporting.gml(*versions))


def test_there_is_an_own_file_for_every_version_of_the_standard() -> None:
    assert samples.VERSIONS == VERSIONS == ("4.0", "4.1", "5.0", "5.1", "5.2", "5.3", "5.4", "6.0", "6.1")


@pytest.mark.parametrize("version", samples.VERSIONS)
def test_own_file_leaves_byte_for_byte(version: str, tmp_path: Path) -> None:
    tenant = TenantFactory.create()
    path = tmp_path / "plan.gml"
    path.write_bytes(samples.simple_plan(version))
    with acting_for([tenant.pk], [tenant.pk]):
        assert exported(*stored(path, tenant)) == path.read_bytes()


@pytest.mark.parametrize("name", REDISTRIBUTABLE)
def test_real_file_leaves_with_every_leaf(name: str, shared_data: Path) -> None:
    tenant = TenantFactory.create()
    path = shared_data / "xplan" / name
    with acting_for([tenant.pk], [tenant.pk]):
        versions = stored(path, tenant)
        original = leaves(path.read_bytes())
        if len(versions) == 1:
            assert leaves(exported(*versions)) == original
        else:  # each member has its own wrapper; the order of wrappers is not part of the content
            assert Counter(leaves(exported(*versions))) == Counter(original)


def test_one_plan_of_a_file_leaves_without_the_other(tmp_path: Path) -> None:
    tenant = TenantFactory.create()
    path = tmp_path / "plans.gml"
    path.write_bytes(
        samples.document(
            "6.0",
            *(samples.plan("6.0", gml_id=name, name=f"Plan {name}") for name in "AB"),
            *(samples.bereich("6.0", gml_id=f"{name}_B", plan_id=name) for name in "AB"),
        )
    )
    with acting_for([tenant.pk], [tenant.pk]):
        first, second = stored(path, tenant)
        assert b"Plan A" in exported(first)
        assert b"Plan B" not in exported(first)
        assert leaves(exported(second))
        path.write_bytes(samples.simple_plan("6.0"))
        (third,) = stored(path, tenant)
        with pytest.raises(NotOneFile):
            exported(first, third)


def test_archive_holds_plan_and_documents(tmp_path: Path) -> None:
    tenant = TenantFactory.create()
    path = tmp_path / "plan.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("plan.gml", samples.simple_plan("6.0"))
        archive.writestr("text.pdf", b"%PDF-1.7")
    with acting_for([tenant.pk], [tenant.pk]):
        (version,) = stored(path, tenant)
        target = io.BytesIO()
        exporting.write_archive(version, target, documents=PrivateFile.objects.filter(name="text.pdf"))
    with zipfile.ZipFile(target) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            "726-am-weinberg.gml": samples.simple_plan("6.0"),
            "text.pdf": b"%PDF-1.7",
        }


@pytest.mark.django_db(transaction=True)
def test_command_writes_the_file_or_none(tmp_path: Path) -> None:
    tenant = TenantFactory.create(slug="meissen")
    path, target = tmp_path / "plan.gml", tmp_path / "out.gml"
    path.write_bytes(samples.simple_plan("5.4"))
    call_command("import_plan", path, tenant="meissen", stdout=io.StringIO())
    with acting_for([tenant.pk]):
        plan = Plan.objects.get()
    call_command("export_plan", str(plan.public_id), output=target)
    assert target.read_bytes() == path.read_bytes()
    with pytest.raises(CommandError):
        call_command("export_plan", "00000000-0000-0000-0000-000000000000", output=tmp_path / "none.gml")
    assert not (tmp_path / "none.gml").exists()
