import json
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import connection

from tenants.backup import DUMP, MANIFEST, backup, folders, owner_environment, restore
from tenants.checks import the_wall_stands
from tenants.database import as_owner
from tenants.errors import BackupRefused
from tenants.models import Tenant
from tests.factories.tenants import TenantFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]  # pg_dump sees committed rows only


@pytest.fixture(autouse=True)
def fresh_database(settings: LazySettings) -> Iterator[None]:
    """A database of its own, so that a restore can't harm the other tests; made from the same template as theirs."""
    present = str(connection.settings_dict["NAME"])
    name, template = f"{present}_backup", connection.settings_dict["TEST"]["TEMPLATE"]
    connection.close()
    _sql("postgres", f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    connection.settings_dict["NAME"] = name
    yield
    connection.close()
    connection.settings_dict["NAME"] = present
    _sql("postgres", f'DROP DATABASE "{name}"')


def _sql(database: str, *statements: str) -> None:
    for statement in statements:
        subprocess.run(["psql", "-qX", "-d", database, "-c", statement], check=True, env=owner_environment())


def _state() -> tuple[list[str], dict[str, bytes]]:
    files = {
        f"{top}/{path.relative_to(folder)}": path.read_bytes()
        for top, folder in folders().items()
        for path in folder.rglob("*")
        if path.is_file()
    }
    names = list(Tenant.objects.order_by("name").values_list("name", flat=True))
    connection.close()
    return names, files


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A backup of an installation with one tenant, a private and a public file."""
    TenantFactory(name="Nossen")
    for path, data in (("private/1/a b", b"\x00secret"), ("media/wappen.svg", b"<svg/>")):
        target = folders()[path.split("/")[0]] / path.split("/", 1)[1]
        target.parent.mkdir(parents=True)
        target.write_bytes(data)
    connection.close()
    backup(tmp_path / "saved.tar")
    return tmp_path / "saved.tar"


def _spoil() -> None:
    Tenant.objects.update(name="Overwritten")
    TenantFactory(name="Later")
    (folders()["private"] / "1" / "a b").write_bytes(b"changed")
    (folders()["media"] / "later.png").write_bytes(b"later")
    connection.close()


def test_drill_brings_back_rows_and_files_and_the_wall(saved: Path) -> None:
    before = _state()
    _spoil()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE from_a_later_migration (id int)")
    restore(saved)
    assert before == (["Nossen"], {"private/1/a b": b"\x00secret", "media/wappen.svg": b"<svg/>"})
    assert _state() == before
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user, to_regclass('from_a_later_migration')")
        assert cursor.fetchone() == ("kz_app", None)
    assert the_wall_stands(None, databases=["default"]) == []


def test_restore_into_a_database_that_was_only_provisioned(saved: Path) -> None:
    before = _state()
    name = connection.settings_dict["NAME"]
    _sql("postgres", f'DROP DATABASE "{name}"', f'CREATE DATABASE "{name}" TEMPLATE kz_template')
    restore(saved)
    assert _state() == before
    assert the_wall_stands(None, databases=["default"]) == []


def test_restore_keeps_the_serving_logins_rights(saved: Path) -> None:
    """Append-only tables stay so, and tables of later migrations get the usual grants."""
    restore(saved)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE from_a_later_migration (id int)")
    with connection.cursor() as cursor:
        for table, rights in (
            ("tenants_auditevent", [True, False]),
            ("from_a_later_migration", [True, True]),
        ):
            cursor.execute(
                "SELECT has_table_privilege(%(t)s, 'SELECT'), has_table_privilege(%(t)s, 'DELETE')",
                {"t": table},
            )
            assert [table, *(cursor.fetchone() or ())] == [table, *rights]


def test_backup_is_readable_by_its_owner_only_and_replaces_nothing(saved: Path) -> None:
    assert saved.stat().st_mode & 0o777 == 0o600
    with pytest.raises(CommandError):
        call_command("backup", str(saved))
    assert [path.name for path in saved.parent.iterdir() if path.name.startswith((".dump", "saved.tar"))] == [
        "saved.tar"
    ]


def _flip(saved: Path) -> None:
    """One byte inside a stored file: the tar stays readable."""
    data = saved.read_bytes()
    saved.write_bytes(data.replace(b"\x00secret", b"\x00secreT"))


def _truncate(saved: Path) -> None:
    saved.write_bytes(saved.read_bytes()[: saved.stat().st_size // 2])


def _foreign(saved: Path) -> None:
    saved.write_bytes(b"not a tar at all" * 1000)


def _without_file(saved: Path) -> None:
    _rewrite(saved, drop="media/wappen.svg")


def _climbing(saved: Path) -> None:
    _rewrite(saved, extra=tarfile.TarInfo("private/../../escaped"))


def _link(saved: Path) -> None:
    info = tarfile.TarInfo("private/link")
    info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
    _rewrite(saved, extra=info)


def _surplus(saved: Path) -> None:
    _rewrite(saved, extra=tarfile.TarInfo("private/unannounced"))


def _newer(saved: Path) -> None:
    _rewrite(saved, migrations=["tenants.9999_future"])


def _other_format(saved: Path) -> None:
    _rewrite(saved, version=2)


def _rewrite(saved: Path, *, drop: str = "", extra: tarfile.TarInfo | None = None, **changes: object) -> None:
    with tarfile.open(saved) as tar:
        members = {info.name: (tar.extractfile(info) or BytesIO()).read() for info in tar}
    members[MANIFEST] = json.dumps(json.loads(members[MANIFEST]) | changes).encode()
    with tarfile.open(saved, "w") as tar:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            if name != drop:
                tar.addfile(info, BytesIO(data))
        if extra is not None:
            tar.addfile(extra)


@pytest.mark.parametrize(
    "damage", [_flip, _truncate, _foreign, _without_file, _climbing, _link, _surplus, _newer, _other_format]
)
def test_damaged_or_foreign_file_is_refused_and_nothing_changes(
    saved: Path, damage: Callable[[Path], None]
) -> None:
    _spoil()
    before = _state()
    damage(saved)
    with pytest.raises(BackupRefused):
        restore(saved)
    assert _state() == before


def test_dump_that_postgresql_refuses_leaves_database_and_files(saved: Path) -> None:
    """The manifest fits, the dump is one of another program: caught only after the folders were exchanged."""
    _spoil()
    before = _state()
    with tarfile.open(saved) as tar:
        manifest = json.loads((tar.extractfile(MANIFEST) or BytesIO()).read())
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"  # SHA-256 of nothing
    manifest["members"] = {DUMP: {"size": 0, "sha256": empty}}
    with tarfile.open(saved, "w") as tar:
        tar.addfile(tarfile.TarInfo(DUMP))
        info = tarfile.TarInfo(MANIFEST)
        info.size = len(text := json.dumps(manifest).encode())
        tar.addfile(info, BytesIO(text))
    with pytest.raises(BackupRefused):
        restore(saved)
    assert _state() == before


def test_restore_refuses_while_others_use_the_database(saved: Path) -> None:
    with as_owner():
        other = connection.copy()
        other.connect()
        try:
            with pytest.raises(BackupRefused):
                restore(saved)
        finally:
            other.close()


def test_restore_refuses_a_database_without_the_leakproof_marks(saved: Path) -> None:
    """Such a database comes from CREATE DATABASE without the template."""
    name = connection.settings_dict["NAME"]
    connection.close()
    _sql("postgres", f'DROP DATABASE "{name}"', f'CREATE DATABASE "{name}" TEMPLATE template0')
    with pytest.raises(BackupRefused, match="provision"):
        restore(saved)
