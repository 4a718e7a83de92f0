"""Backup and restore of the whole installation: one tar file with the database, the files and a manifest.

The tar holds ``database.dump`` (pg_dump, custom format), ``private/…`` and ``media/…``, and last ``manifest.json``: format,
time, the migrations applied, and size and SHA-256 of every other member. The database is dumped before the files are
read, so a file that a row names is there; a file of a later row does no harm.
"""

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tenants import bucket
from tenants.database import as_owner
from tenants.errors import BackupRefused
from tenants.rls import LEAKPROOF

FORMAT = "kreiszwilling-backup"
VERSION = 1
DUMP, MANIFEST = "database.dump", "manifest.json"
CHUNK = 1024 * 1024  # bytes
MANIFEST_MAX = 256 * 1024 * 1024  # bytes; room for about a million files
EXTENSIONS = frozenset({"postgis", "btree_gist", "pg_trgm", "unaccent"})

# Everything of ours in the schema goes; what belongs to an extension stays: kz_owner could not make it again.
EMPTY_SCHEMA = """
SET client_min_messages = warning;
DO $$
DECLARE thing record;
BEGIN
  FOR thing IN
    SELECT format('DROP %s IF EXISTS %s CASCADE',
                  CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END,
                  oid::regclass) AS command
      FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S') AND relowner = current_user::regrole
       AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype IN ('a', 'i') AND relkind = 'S')
    UNION ALL
    SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', oid::regprocedure)
      FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proowner = current_user::regrole
    UNION ALL
    SELECT format('DROP TEXT SEARCH CONFIGURATION IF EXISTS %s CASCADE', oid::regconfig)
      FROM pg_ts_config WHERE cfgnamespace = 'public'::regnamespace AND cfgowner = current_user::regrole
  LOOP EXECUTE thing.command; END LOOP;
END $$;
-- Tables made below must start without grants: the dump grants what each had, and can't take back what a default gave.
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM "{app}";
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES FROM "{app}";
"""


def folders() -> dict[str, Path]:
    """Top-level name in the tar -> folder on disk."""
    return {"private": Path(settings.PRIVATE_ROOT), "media": Path(settings.MEDIA_ROOT)}


@dataclass(frozen=True)
class Member:
    size: int  # bytes
    sha256: str


@dataclass
class Manifest:
    format: str = FORMAT
    version: int = VERSION
    made_at: str = ""  # ISO 8601, UTC
    migrations: list[str] = field(default_factory=list)  # "app.name", applied
    members: dict[str, Member] = field(default_factory=dict)


def applied_migrations() -> list[str]:
    return sorted(".".join(key) for key in MigrationLoader(connection).applied_migrations)


def owner_environment() -> dict[str, str]:
    """PostgreSQL's programs read the owner's login from their environment: a command line shows its password to others."""
    login = settings.OWNER_LOGIN
    given = {
        "PGHOST": login["HOST"],
        "PGPORT": login["PORT"],
        "PGUSER": login["USER"],
        "PGPASSWORD": login["PASSWORD"],
    }
    database = str(connection.settings_dict["NAME"])
    return {**os.environ, **{name: str(text) for name, text in given.items() if text}, "PGDATABASE": database}


def postgres(*command: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    """Run a program of PostgreSQL's client package as the owner. Raises CalledProcessError with its stderr."""
    return subprocess.run(command, env=owner_environment(), check=True, stderr=subprocess.PIPE, **options)  # noqa: S603


class Digest:
    """Passes reads through and remembers their SHA-256."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source, self.sha256 = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.source.read(size)
        self.sha256.update(data)
        return data


# --- backup


def backup(target: Path) -> Manifest:
    """Write the installation's state to the new file ``target``. Raises BackupRefused; then no file is left."""
    if target.exists():
        raise BackupRefused(f"{target} exists already.")
    if not target.parent.is_dir():
        raise BackupRefused(f"There is no folder {target.parent}.")
    manifest = Manifest(
        made_at=datetime.now(UTC).isoformat(timespec="seconds"), migrations=applied_migrations()
    )
    partial = target.with_name(f"{target.name}.part")
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as tar:
                _fill(tar, manifest=manifest, beside=target.parent)
            stream.flush()
            os.fsync(stream.fileno())
        partial.rename(target)
    except subprocess.CalledProcessError as error:
        raise BackupRefused(error.stderr.decode(errors="replace").strip()) from error
    finally:
        partial.unlink(missing_ok=True)
    return manifest


def _fill(tar: tarfile.TarFile, *, manifest: Manifest, beside: Path) -> None:
    with tempfile.NamedTemporaryFile(dir=beside, prefix=".dump-") as dump:
        selection = ("--schema=public", "--exclude-table=public.spatial_ref_sys")  # PostGIS's own table
        postgres("pg_dump", "--format=custom", "--no-owner", *selection, "--file", dump.name)
        _add(tar, Path(dump.name), name=DUMP, manifest=manifest)
    for top, folder in folders().items():
        for path in sorted(folder.rglob("*")) if top != bucket.ALIAS or bucket.bucket() is None else ():
            if path.is_file() and not path.is_symlink():
                _add(tar, path, name=f"{top}/{path.relative_to(folder).as_posix()}", manifest=manifest)
    text = json.dumps(asdict(manifest), indent=1).encode()
    info = tarfile.TarInfo(MANIFEST)
    info.size = len(text)
    tar.addfile(info, BytesIO(text))


def _add(tar: tarfile.TarFile, path: Path, *, name: str, manifest: Manifest) -> None:
    try:
        stream = path.open("rb")
    except FileNotFoundError:
        return  # removed since the folder was listed; the dump's row for it goes in the next nightly tidy-up
    with stream:
        info = tarfile.TarInfo(name)
        info.size = os.fstat(stream.fileno()).st_size
        info.mode = 0o600
        digest = Digest(stream)
        tar.addfile(info, digest)
    manifest.members[name] = Member(info.size, digest.sha256.hexdigest())


# --- restore


def restore(source: Path) -> Manifest:
    """Bring database and files to the state in ``source``, whatever was there before.

    Raises BackupRefused and changes nothing when the file is damaged, foreign or too new, when the database is not
    provisioned or in use, or when PostgreSQL refuses the dump (one transaction; the folders are put back).
    """
    beside = Path(settings.PRIVATE_ROOT).parent  # the same file system, so that the exchange is a rename
    beside.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=beside, prefix=".restore-") as name:
        staging = Path(name)
        manifest = unpack(source, staging=staging)
        refuse_newer(manifest)
        with as_owner():
            refuse_database()
        with _exchanged_folders(staging):
            _restore_database(staging / DUMP, staging=staging)
    return manifest


def unpack(source: Path, *, staging: Path) -> Manifest:
    """Write all members of a backup below ``staging``, checked against its manifest. Raises BackupRefused."""
    found: dict[str, Member] = {}
    text = b""
    try:
        with tarfile.open(source, mode="r:") as tar:
            for info, stream in _plain_members(tar):
                if info.name == MANIFEST:
                    text = stream.read(MANIFEST_MAX)
                elif info.name in found:
                    raise BackupRefused(f"{source} holds {info.name} twice.")
                else:
                    found[info.name] = _write(stream, staging / info.name)
    except (tarfile.TarError, OSError, EOFError) as error:
        raise BackupRefused(f"{source} can't be read as a backup: {error}") from error
    manifest = read_manifest(text)
    if wrong := sorted(
        name
        for name in found.keys() | manifest.members.keys()
        if found.get(name) != manifest.members.get(name)
    ):
        raise BackupRefused(f"{source} is damaged or incomplete: {', '.join(wrong[:3])}")
    return manifest


def _plain_members(tar: tarfile.TarFile) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    for info in tar:
        parts = PurePosixPath(info.name).parts
        known = info.name in {DUMP, MANIFEST} or (len(parts) > 1 and parts[0] in folders())
        stream = tar.extractfile(info) if info.isreg() else None
        if stream is None or not known or ".." in parts:
            raise BackupRefused(f"Not a backup of this product: it holds {info.name!r}.")
        yield info, stream


def _write(stream: IO[bytes], target: Path) -> Member:
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = Digest(stream)
    with target.open("xb") as output:
        shutil.copyfileobj(digest, output, CHUNK)
    return Member(target.stat().st_size, digest.sha256.hexdigest())


def read_manifest(text: bytes) -> Manifest:
    try:
        raw = json.loads(text)
        members = {str(name): Member(**values) for name, values in raw.pop("members").items()}
        manifest = Manifest(**raw, members=members)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BackupRefused("Not a backup of this product: no readable manifest.") from error
    if (manifest.format, manifest.version) != (FORMAT, VERSION) or DUMP not in manifest.members:
        raise BackupRefused("Not a backup of this product, or one of a later format.")
    return manifest


def refuse_newer(manifest: Manifest) -> None:
    """Raise BackupRefused when the backup has migrations that this version of the code does not know."""
    loader = MigrationLoader(connection)
    replaced = {key for migration in loader.disk_migrations.values() for key in migration.replaces}
    known = {".".join(key) for key in {*loader.disk_migrations, *replaced}}
    if unknown := sorted(set(manifest.migrations) - known):
        raise BackupRefused(f"The backup is from a newer version: it knows {', '.join(unknown[:3])}.")


def refuse_database() -> None:
    """Raise BackupRefused when the database lacks what only a superuser can give, or when others are connected."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT extname FROM pg_extension")
        missing = EXTENSIONS - {name for (name,) in cursor.fetchall()}
        cursor.execute(
            "SELECT proname FROM pg_proc WHERE proname = ANY(%s) AND NOT proleakproof", [list(LEAKPROOF)]
        )
        leaky = {name for (name,) in cursor.fetchall()}
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        (others,) = cursor.fetchone() or (0,)
    if missing or leaky:
        raise BackupRefused(
            f"Run scripts/provision.sql first; missing: {', '.join(sorted(missing | leaky))}."
        )
    if others:
        raise BackupRefused(f"{others} connections use the database. Stop the site first.")


def _restore_database(dump: Path, *, staging: Path) -> None:
    contents, before, script = staging / "contents", staging / "before.sql", staging / "restore.sql"
    before.write_text(EMPTY_SCHEMA.replace("{app}", settings.APP_LOGIN))
    try:
        listing = postgres("pg_restore", "--list", str(dump), stdout=subprocess.PIPE).stdout.decode()
        ours = [line for line in listing.splitlines() if " SCHEMA - public " not in line or " ACL " in line]
        contents.write_text("\n".join(ours))
        postgres("pg_restore", "--no-owner", "--use-list", str(contents), "--file", str(script), str(dump))
        psql = ("psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1")
        postgres(*psql, "--file", str(before), "--file", str(script), stdout=subprocess.DEVNULL)
    except subprocess.CalledProcessError as error:
        raise BackupRefused(f"PostgreSQL refused: {error.stderr.decode(errors='replace').strip()}") from error


@contextmanager
def _exchanged_folders(staging: Path) -> Iterator[None]:
    """Put the restored folders in place of the present ones; back again when the block raises."""
    try:
        for top, folder in folders().items():
            (staging / top).mkdir(exist_ok=True)
            if folder.exists():
                folder.rename(staging / f"{top}.old")
            (staging / top).rename(folder)
        yield
    except BaseException:
        for top, folder in folders().items():
            if not (staging / top).exists():
                folder.rename(staging / top)
            if (staging / f"{top}.old").exists():
                (staging / f"{top}.old").rename(folder)
        raise
