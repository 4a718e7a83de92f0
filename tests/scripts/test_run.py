"""`./run serve` as a person meets it: in a second checkout, whose path has a space, beside the one under test."""

import os
import pty
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from tenants.database import as_owner

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 180  # seconds; a loaded machine starts slowly
pytestmark = pytest.mark.slow


def copy_of_checkout(target: Path) -> Path:
    """The files of this checkout; what ./run would fetch or build again is borrowed."""
    away = shutil.ignore_patterns(
        ".git", ".local", ".venv", "node_modules", ".*_cache", "__pycache__", "build"
    )
    shutil.copytree(ROOT, target, ignore=away, symlinks=True)
    (target / ".local" / "data").mkdir(parents=True)
    for borrowed in (".venv", "frontend/node_modules", ".local/uv"):
        (target / borrowed).symlink_to(ROOT / borrowed)
    for name in ("npm.stamp", "frontend.stamp", "static.stamp"):
        shutil.copy(ROOT / ".local" / name, target / ".local" / name)
    shutil.copytree(ROOT / ".local" / "data" / "static", target / ".local" / "data" / "static")
    return target


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Not pytest's own folder: root's services run as postgres, who can't enter that."""
    path = Path(tempfile.mkdtemp(prefix="kz-test-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="module")
def checkout(folder: Path, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Path]:
    """With a copy of the test database, which is migrated already."""
    path = copy_of_checkout(folder / "zweiter Ort")
    services(path, "start")
    addresses = dict(line.split(" ", 1)[1].split("=", 1) for line in services(path, "env").splitlines())
    sockets = Path(addresses["REDIS_URL"].removeprefix("unix://")).parent
    with django_db_blocker.unblock(), as_owner():
        source = connection.settings_dict
        dump = ["pg_dump", "-Fc", "-h", source["HOST"], "-U", source["USER"], "-f", str(path / "dump")]
        password = {"PGPASSWORD": source["PASSWORD"] or ""}
        if source["PORT"]:
            dump += ["-p", str(source["PORT"])]
        subprocess.run([*dump, source["NAME"]], env=os.environ | password, check=True)
    restore = ["pg_restore", "-h", str(sockets), "-U", "kz_owner", "-d", "kreiszwilling", "--clean"]
    login = ["setpriv", "--reuid=postgres", "--clear-groups"] if os.getuid() == 0 else []
    with (path / "dump").open("rb") as stream:  # --clean can't drop the superuser's extensions: not checked
        subprocess.run([*login, *restore, "--if-exists"], stdin=stream, capture_output=True, cwd="/")
    services(path, "stop")
    yield path
    run(path, "stop")
    shutil.rmtree(sockets)


def services(path: Path, command: str) -> str:
    call = ["scripts/services.sh", command]
    return subprocess.run(
        call, cwd=path, env=environment(), check=True, stdout=subprocess.PIPE, text=True
    ).stdout


@pytest.fixture(autouse=True)
def nothing_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """A failed test must not make the next one fail."""
    yield
    if "checkout" in request.fixturenames:
        path = request.getfixturevalue("checkout")
        for number in processes(path):
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(**extra: str) -> dict[str, str]:
    ours = ("KZ_", "DATABASE_URL", "OWNER_DATABASE_URL", "REDIS_URL", "PGOPTIONS", "COV_")
    return {name: text for name, text in os.environ.items() if not name.startswith(ours)} | extra


def run(path: Path, *arguments: str, **extra: str) -> subprocess.CompletedProcess[str]:
    command = ["./run", *arguments]
    return subprocess.run(
        command, cwd=path, env=environment(**extra), capture_output=True, text=True, timeout=PATIENCE
    )


def start(path: Path, port: int) -> subprocess.Popen[bytes]:
    """./run serve as the leader of a session."""
    with (path / ".local" / "output").open("wb") as stream:
        return subprocess.Popen(
            ["./run", "serve"],
            cwd=path,
            env=environment(KZ_PORT=str(port)),
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def serve(path: Path, port: int) -> subprocess.Popen[bytes]:
    """The same; returns when it says that it is ready."""
    process = start(path, port)
    output = path / ".local" / "output"
    wait_for(lambda: "ready: http" in output.read_text() or process.poll() is not None)
    assert process.poll() is None, output.read_text()
    return process


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


def processes(path: Path) -> dict[int, str]:
    """Number and command line of everything that runs for the checkout."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            place = str((entry / "cwd").readlink())
            ours = (
                str(path) in command
                or place.startswith(str(path))
                or str(path).encode() in (entry / "environ").read_bytes()
            )
        except OSError:
            continue
        if ours and command:
            found[int(entry.name)] = command
    return found


def children(number: int) -> list[int]:
    return [int(text) for text in Path(f"/proc/{number}/task/{number}/children").read_text().split()]


def supervisor(path: Path) -> int:
    return next(number for number, command in processes(path).items() if "scripts.supervise" in command)


def status(port: int, page: str = "/healthz") -> int:
    """HTTP status; 0 where nobody answers."""
    address = f"http://127.0.0.1:{port}{page}"
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except OSError:
        return 0


@contextmanager
def visitors(port: int, count: int = 2) -> Iterator[None]:
    """That many people ask for the start page without a pause."""
    over = threading.Event()

    def visit() -> None:
        while not over.is_set():
            if not status(port, "/"):
                over.wait(0.05)

    threads = [threading.Thread(target=visit) for _ in range(count)]
    for thread in threads:
        thread.start()
    yield
    over.set()
    for thread in threads:
        thread.join()


def test_killed_programs_come_back_and_an_interrupt_ends_all(checkout: Path, port: int) -> None:
    process = serve(checkout, port)
    second = run(checkout, "serve")
    assert (second.returncode, f"http://localhost:{port}" in second.stderr) == (5, True)
    group = supervisor(checkout)
    old = children(group)
    assert len(old) == 4  # web server, worker, worker for analyses, clock
    server = next(number for number in old if "granian" in processes(checkout)[number])
    behind = {number for number in old if os.getpriority(os.PRIO_PROCESS, number) > 0}
    assert behind == set(old) - {server}  # pages come before work that nobody waits for
    with visitors(port):
        os.kill(children(server)[0], signal.SIGKILL)  # what answers
        wait_for(lambda: server not in children(group))
        for number in set(old) - {server}:
            os.kill(number, signal.SIGKILL)
        wait_for(lambda: len(new := children(group)) == 4 and not set(new) & set(old))
        wait_for(lambda: status(port, "/readyz") == 200)
        again = next(number for number in children(group) if "granian" in processes(checkout)[number])
        os.kill(children(again)[0], signal.SIGKILL)
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0
    assert processes(checkout) == {}


def test_closed_terminal_leaves_no_process(checkout: Path, port: int) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        ["setsid", "--ctty", "./run", "serve"],
        cwd=checkout,
        env=environment(KZ_PORT=str(port)),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    while b"ready: http" not in shown:
        shown += os.read(ours, 4096)
    os.close(ours)
    process.wait(PATIENCE)
    assert processes(checkout) == {}


def test_recovers_after_everything_was_killed_and_stop_ends_it(checkout: Path, port: int, db: None) -> None:
    process = serve(checkout, port)
    for number in processes(checkout):
        with suppress(ProcessLookupError):  # ended with its parent
            os.kill(number, signal.SIGKILL)
    process.wait(PATIENCE)
    wait_for(lambda: processes(checkout) == {})  # the kernel takes a moment
    again = serve(checkout, port)
    assert status(port, "/") == 200
    assert run(checkout, "stop").returncode == 0
    assert again.wait(PATIENCE) == 0
    assert processes(checkout) == {}
    with connection.cursor() as cursor:  # the other checkout's services run on
        cursor.execute("SELECT 1")


def test_supervisor_killed_alone_takes_its_programs_along(checkout: Path, port: int) -> None:
    process = serve(checkout, port)
    os.kill(supervisor(checkout), signal.SIGKILL)
    assert process.wait(PATIENCE) != 0
    wait_for(lambda: processes(checkout) == {})


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_during_setup_leaves_no_process(checkout: Path, port: int, number: signal.Signals) -> None:
    process = start(checkout, port)
    wait_for(lambda: any("redis-server" in command for command in processes(checkout).values()))
    process.send_signal(number)
    assert process.wait(PATIENCE) in (0, 128 + number)
    assert processes(checkout) == {}


def test_busy_port_gives_a_sentence(checkout: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        refused = run(checkout, "serve", KZ_PORT=port)
    assert (refused.returncode, len(refused.stderr.splitlines()), port in refused.stderr) == (4, 1, True)


def test_unknown_setting_is_refused_by_name(checkout: Path) -> None:
    refused = run(checkout, "serve", KZ_PROT="8001")
    assert (refused.returncode, len(refused.stderr.splitlines()), "KZ_PROT" in refused.stderr) == (2, 1, True)


def test_given_addresses_are_used_and_nothing_is_started(folder: Path, port: int) -> None:
    """The database given is one without our tables, which serve refuses."""
    names = ("DATABASE_URL", "OWNER_DATABASE_URL", "REDIS_URL")
    given = {name: os.environ[name].replace("/kreiszwilling", "/postgres") for name in names}
    path = copy_of_checkout(folder / "fremd")
    refused = run(path, "serve", KZ_PORT=str(port), **given)
    assert (refused.returncode, "./run manage migrate" in refused.stderr) == (6, True)
    assert [name for name in ("pg", "redis", "sockets") if (path / ".local" / name).exists()] == []
    assert processes(path) == {}


def test_missing_packages_without_root_and_sudo_prints_the_line_and_exits_3(folder: Path) -> None:
    path = copy_of_checkout(folder / "arm")
    programs = folder / "programs"
    programs.mkdir()
    for program in Path("/usr/bin").iterdir():
        if program.name not in {"redis-server", "sudo"}:
            (programs / program.name).symlink_to(program)
    nobody = ["setpriv", "--reuid=nobody", "--clear-groups"] if os.getuid() == 0 else []
    for entry in [path, path / ".local"]:
        entry.chmod(0o777)
    shown = subprocess.run(
        [*nobody, "./run", "serve"],
        cwd=path,
        env=environment(PATH=str(programs)),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    line = "apt-get -o DPkg::Lock::Timeout=600 install --no-install-recommends redis-server"
    assert (shown.returncode, line in shown.stderr) == (3, True)
