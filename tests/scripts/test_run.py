"""`./run serve` as a person meets it: in a second checkout, whose path has a space, beside the one under test."""

import os
import pty
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90  # seconds; a loaded machine starts slowly
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        "TEST_RUN" not in os.environ,
        reason="starts whole installations for minutes and was not yet seen green whole: TEST_RUN=1 runs it",
    ),
]


def copy_of_checkout(target: Path) -> Path:
    """The files of this checkout; what ./run would fetch or build again is borrowed."""
    away = shutil.ignore_patterns(
        ".git", ".local", ".venv", "node_modules", ".*_cache", "__pycache__", "build"
    )
    shutil.copytree(ROOT, target, ignore=away, symlinks=True)
    (target / ".local" / "data").mkdir(parents=True)
    (target / ".venv").symlink_to(ROOT / ".venv")
    if (ROOT / ".local" / "npm.stamp").exists():
        (target / "frontend" / "node_modules").symlink_to(ROOT / "frontend" / "node_modules")
    (target / ".local" / "uv").symlink_to(ROOT / ".local" / "uv")
    for name in ("npm.stamp", "frontend.stamp", "static.stamp"):
        if (ROOT / ".local" / name).exists():
            shutil.copy(ROOT / ".local" / name, target / ".local" / name)
    if (ROOT / ".local" / "data" / "static").is_dir():
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
def checkout(folder: Path) -> Iterator[Path]:
    path = copy_of_checkout(folder / "zweiter Ort")
    run(path, "manage", "migrate", "-v", "0", check=True)
    yield path
    run(path, "stop", check=True)


@pytest.fixture(autouse=True)
def nothing_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """A failed test must not make the next one fail."""
    yield
    if "checkout" in request.fixturenames:
        run(request.getfixturevalue("checkout"), "stop")


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(**extra: str) -> dict[str, str]:
    ours = ("KZ_", "DATABASE_URL", "OWNER_DATABASE_URL", "REDIS_URL", "PGOPTIONS", "COV_")
    return {name: text for name, text in os.environ.items() if not name.startswith(ours)} | extra


def run(path: Path, *arguments: str, check: bool = False, **extra: str) -> subprocess.CompletedProcess[str]:
    command = ["./run", *arguments]
    return subprocess.run(
        command,
        cwd=path,
        env=environment(**extra),
        check=check,
        capture_output=True,
        text=True,
        timeout=PATIENCE * 2,
    )


def serve(path: Path, port: int) -> subprocess.Popen[bytes]:
    """Start ./run serve as the leader of a session; returns when it says that it is ready."""
    output = path / ".local" / "output"
    with output.open("wb") as stream:
        process = subprocess.Popen(
            ["./run", "serve"],
            cwd=path,
            env=environment(KZ_PORT=str(port)),
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
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


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_leaves_no_process(checkout: Path, port: int, number: signal.Signals) -> None:
    process = serve(checkout, port)
    assert (
        len(processes(checkout)) >= 8
    )  # shell, supervisor, web, worker, clock, their children, PostgreSQL, Redis
    process.send_signal(number)
    assert process.wait(PATIENCE) == 0
    assert processes(checkout) == {}


def test_closed_terminal_leaves_no_process(checkout: Path, port: int) -> None:
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(checkout)
        os.execve("./run", ["./run", "serve"], environment(KZ_PORT=str(port)))  # noqa: S606
    shown = b""
    while b"ready: http" not in shown:
        shown += os.read(terminal, 4096)
    os.close(terminal)
    os.waitpid(child, 0)
    assert processes(checkout) == {}


def test_second_run_says_that_one_is_running_and_stop_ends_it(checkout: Path, port: int) -> None:
    process = serve(checkout, port)
    second = run(checkout, "serve")
    assert (second.returncode, f"http://localhost:{port}" in second.stderr) == (5, True)
    assert run(checkout, "stop").returncode == 0
    assert process.wait(PATIENCE) == 0
    assert processes(checkout) == {}


def test_killed_program_is_started_again(checkout: Path, port: int) -> None:
    process = serve(checkout, port)
    web = min(number for number, command in processes(checkout).items() if "granian" in command)  # the parent
    os.kill(web, signal.SIGKILL)
    wait_for(lambda: "web ended" in (checkout / ".local" / "output").read_text())
    wait_for(lambda: answers(port))
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 0
    assert processes(checkout) == {}


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_recovers_after_everything_was_killed(checkout: Path, port: int) -> None:
    process = serve(checkout, port)
    for number in processes(checkout):
        os.kill(number, signal.SIGKILL)
    process.wait(PATIENCE)
    again = serve(checkout, port)
    assert run(checkout, "manage", "migrate", "--check").returncode == 0
    again.send_signal(signal.SIGTERM)
    assert again.wait(PATIENCE) == 0
    assert processes(checkout) == {}


def test_supervisor_killed_alone_takes_its_programs_along(checkout: Path, port: int) -> None:
    process = serve(checkout, port)
    supervisor = next(
        number for number, command in processes(checkout).items() if "scripts.supervise" in command
    )
    os.kill(supervisor, signal.SIGKILL)
    assert process.wait(PATIENCE) != 0
    wait_for(lambda: processes(checkout) == {})


def test_busy_port_gives_a_sentence(checkout: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        refused = run(checkout, "serve", KZ_PORT=port)
    assert (refused.returncode, len(refused.stderr.splitlines()), port in refused.stderr) == (4, 1, True)


def test_unknown_setting_is_refused_by_name(checkout: Path) -> None:
    refused = run(checkout, "serve", KZ_PROT="8001")
    assert (refused.returncode, len(refused.stderr.splitlines()), "KZ_PROT" in refused.stderr) == (2, 1, True)


def test_serve_refuses_a_database_that_is_not_migrated(folder: Path, port: int) -> None:
    path = copy_of_checkout(folder / "leer")
    refused = run(path, "serve", KZ_PORT=str(port))
    assert (refused.returncode, "./run manage migrate" in refused.stderr) == (6, True)
    assert processes(path) == {}


def test_given_addresses_are_used_and_nothing_is_started(folder: Path) -> None:
    given: Any = {name: os.environ[name] for name in ("DATABASE_URL", "OWNER_DATABASE_URL", "REDIS_URL")}
    path = copy_of_checkout(folder / "fremd")
    shown = run(
        path,
        "manage",
        "shell",
        "-v",
        "0",
        "-c",
        "from django.db import connection as c; print(c.cursor().execute('SELECT 1') or c.settings_dict['HOST'])",
        **given,
    )
    assert shown.returncode == 0, shown.stderr
    assert [name for name in ("pg", "redis", "sockets") if (path / ".local" / name).exists()] == []


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
