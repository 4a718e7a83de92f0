"""A throw-away database and a served product for a benchmark, in this checkout's own services."""

import fcntl
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parent.parent
NAME = "kz_benchmark"
PORT = 18_777


def url_of(login: str) -> str:
    """The checkout's database address with the throw-away database's name. login: DATABASE_URL or OWNER_DATABASE_URL."""
    if login not in os.environ:
        raise SystemExit('Settings are missing: run `eval "$(./run env)"` first.')
    return f"{os.environ[login].rpartition('/')[0]}/{NAME}"


def environment() -> dict[str, str]:
    scratch = ROOT / ".local" / "benchmark"
    return {
        **os.environ,
        "DATABASE_URL": url_of("DATABASE_URL"),
        "OWNER_DATABASE_URL": url_of("OWNER_DATABASE_URL"),
        "KZ_DATA_DIR": str(scratch),
        "KZ_LOG_LEVEL": "ERROR",
    }


def manage(*arguments: str, code: str | None = None) -> str:
    """Output of manage.py in the throw-away database. code: Python for the `shell` command's standard input."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(),
        input=code,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"manage.py {' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout


def analyze() -> None:
    """What autovacuum does within a minute of a change; the serving login may not."""
    _administer("VACUUM ANALYZE", database=NAME)


def _administer(statement: str, *, database: str = "postgres") -> None:
    login, _, rest = url_of("OWNER_DATABASE_URL").partition("://")[2].partition("@")
    folder = rest.strip("/").rpartition("/")[0]
    user, _, password = login.partition(":")
    with psycopg.connect(
        host=f"/{folder}", user=user, password=password or None, dbname=database, autocommit=True
    ) as connection:
        connection.execute(statement)


@contextmanager
def scratch_database(*, tenants: Sequence[str] = ()) -> Iterator[None]:
    """Create, migrate and fill with tenants of these short names; dropped at the end."""
    _drop()
    _administer(f"CREATE DATABASE {NAME} TEMPLATE kz_template")
    try:
        manage("migrate", "-v", "0")
        manage("shell", "-v", "0", code=TENANTS.format(slugs=list(tenants)))
        yield
    finally:
        _drop()


def _drop() -> None:
    """Autovacuum at work in it can't be ended by this login; it soon is of itself."""
    for _ in range(60):
        try:
            _administer(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
            return
        except psycopg.errors.InsufficientPrivilege:
            time.sleep(1)
    raise SystemExit(f"The database {NAME} could not be dropped.")


TENANTS = """
from django.contrib.auth.models import Group
from tenants.models import Tenant
for number, slug in enumerate({slugs}):
    Tenant.objects.create(kind="municipality", name=slug.title(), slug=slug, ags=f"99{{number:06d}}", group=Group.objects.create(name=slug))
"""


@contextmanager
def served(**settings: str) -> Iterator[str]:
    """The product as `./run serve` starts it: web server, task worker, clock, one supervisor. Yields the address."""
    env = {**environment(), "KZ_PORT": str(PORT), "KZ_BASE_URL": f"http://localhost:{PORT}", **settings}
    manage("collectstatic", "--noinput", "-v", "0")
    with (ROOT / ".local" / "run.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit("This checkout is being served: ./run stop ends that.") from None
        process = subprocess.Popen(
            [sys.executable, "-m", "scripts.supervise"], cwd=ROOT, env=env, stdout=subprocess.DEVNULL
        )
        try:
            wait_for(f"http://localhost:{PORT}/readyz")  # the task worker, too, which starts last
            yield f"http://localhost:{PORT}"
        finally:
            process.terminate()
            process.wait(timeout=60)


def wait_for(address: str) -> None:
    """Until a server of ours answers at the address with a 200."""
    for _ in range(300):
        try:
            urllib.request.urlopen(address, timeout=1)  # noqa: S310 - our own address
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"{address} does not answer.")
