"""Web servers, task worker and clock as one group: they start together, are restarted when one dies, and end together.

``python -m scripts.supervise [--log-dir DIR]`` from the project's root; the settings come from the environment
(twin/environment.py). TERM, INT and HUP end the group; so does the death of the process that started this one. Exit
status: 0 asked to stop, 1 a program fails again and again, 2 configuration refused, 4 port in use.
"""

import argparse
import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO, Any

from twin import environment

ROOT = Path(__file__).resolve().parent.parent
MARK = f"TWIN_CHECKOUT={ROOT}"  # in the environment of every program, to find what an earlier run left behind
GRACE = 5  # seconds after TERM until the firm signal, and after that until KILL
EARLY = 10  # seconds; a program that dies younger than this has not come up
ATTEMPTS = 3  # early deaths in a row, of a program that never came up, before the group gives up
PAUSE = 10  # seconds at most between a death and the next start
BEHIND = 10  # niceness of what nobody waits for in front of a page
PR_SET_PDEATHSIG = 1  # linux/prctl.h


def die_with_parent(number: int) -> None:
    """Ask the kernel to send this process the signal ``number`` when its parent ends, however it ends."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, number)


def step_back() -> None:
    """Let everybody else have the processor first: this process, and where the kernel counts by session, that (sched(7), autogroup)."""
    os.nice(BEHIND)
    with suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(BEHIND))


@dataclass
class Program:
    """One of the group. ``firm`` is the signal after which it does not wait for work in progress; ``behind``, whether it yields the
    processor to those that answer pages."""

    name: str
    command: list[str]
    firm: signal.Signals = signal.SIGTERM
    behind: bool = False
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    due: float = 0.0
    came_up: bool = False
    early_deaths: int = 0
    log: IO[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            cwd=ROOT,
            env={**os.environ, **dict([MARK.split("=", 1)])},
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=subprocess.STDOUT if self.log else None,
            start_new_session=True,  # a group of its own, so that its children can be ended with it
            preexec_fn=self.settle,
        )

    def settle(self) -> None:
        """In the new process, before it becomes the program."""
        die_with_parent(self.firm)
        if self.behind:
            step_back()

    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill_group(self) -> None:
        """End it and every child that outlived it."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def tend(self) -> None:
        """Start it when it is not running and its pause is over; RuntimeError when it never comes up."""
        if self.running():
            return
        if self.process is not None:
            self.bury()
        if time.monotonic() >= self.due:
            self.start()

    def bury(self) -> None:
        """Make room for the next start, the sooner the longer it has lived."""
        print(f"{self.name} ended; starting it again.", flush=True)
        self.kill_group()  # children would keep the port
        self.process = None
        now = time.monotonic()
        late = now - self.started >= EARLY
        self.came_up = self.came_up or late
        self.early_deaths = 0 if late else self.early_deaths + 1
        if self.early_deaths >= ATTEMPTS and not self.came_up:
            raise RuntimeError(f"{self.name} ended {ATTEMPTS} times right after its start.")
        self.due = now + min(self.early_deaths, PAUSE)


def programs(values: Mapping[str, Any]) -> list[Program]:
    celery = [sys.executable, "-m", "celery", "-A", "twin.celery:app"]
    level = values["KZ_LOG_LEVEL"]
    data = Path(values["KZ_DATA_DIR"] or ROOT / ".local" / "data")
    data.mkdir(parents=True, exist_ok=True)
    # One server per process, on the same port: granian's own way to replace a killed child forks while its threads run and
    # can lose a signal that comes then.
    web = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--host", values["KZ_BIND"]]
    web += ["--port", str(values["KZ_PORT"]), "--workers", "1"]
    web += ["--blocking-threads", str(values["KZ_WEB_THREADS"])]
    web += ["--workers-kill-timeout", str(GRACE), "twin.wsgi:application"]
    worker = [*celery, "worker", "--loglevel", level, "--concurrency", str(values["KZ_TASK_WORKERS"])]
    # No heartbeat of its own: /readyz asks whether the other one is there, without which no mail is sent.
    analyst = [*celery, "worker", "--loglevel", level, "--queues", "analyses", "--without-heartbeat"]
    analyst += ["--concurrency", str(values["KZ_ANALYSIS_WORKERS"] or 1), "--hostname", "analyses@%h"]
    beat = [*celery, "beat", "--loglevel", level, "--schedule", str(data / "beat-schedule"), "--pidfile="]
    return [
        *(Program(f"web-{number}", web) for number in range(1, values["KZ_WEB_WORKERS"] + 1)),
        # TERM waits for tasks, QUIT gives them back to the queue
        Program("worker", worker, firm=signal.SIGQUIT, behind=True),
        Program("analyst", analyst, firm=signal.SIGQUIT, behind=True),
        Program("beat", beat, behind=True),
    ]


def marked() -> list[int]:
    """Process numbers of this checkout's programs; nothing else carries the mark."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # gone, or another user's
            if MARK.encode() in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
    return found


def end_leftovers() -> None:
    """End what outlived a killed supervisor; the caller holds the checkout's run lock."""
    deadline = time.monotonic() + GRACE
    while (left := marked()) and time.monotonic() < deadline:
        for number in left:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        time.sleep(0.1)


def port_is_free(host: str, port: int) -> bool:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError:
            return False
    return True


def answers(host: str, port: int) -> bool:
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    connection = http.client.HTTPConnection(here, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


@dataclass
class Group:
    programs: list[Program]
    stopping: bool = False

    def on_signal(self, _number: int, _frame: FrameType | None) -> None:
        # Looked at between two steps: an exception here could lose a program just started.
        self.stopping = True

    def watch(self, *, host: str, port: int) -> None:
        """Keep the programs alive until a signal; say once when the web server answers. RuntimeError: one never comes up."""
        announced = False
        while not self.stopping:
            for program in self.programs:
                program.tend()
            if not announced and answers(host, port):
                announced = True
                print(os.environ.get("TWIN_READY", f"Serving on port {port}."), flush=True)
            time.sleep(0.2)

    def stop(self) -> None:
        for final in (False, True):
            for program in self.programs:
                if program.process is not None and program.running():
                    program.process.send_signal(program.firm if final else signal.SIGTERM)
            deadline = time.monotonic() + GRACE
            while any(program.running() for program in self.programs) and time.monotonic() < deadline:
                time.sleep(0.05)
        for program in self.programs:
            program.kill_group()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--log-dir", type=Path, help="one file per program there; default: all to this process's output"
    )
    parser.add_argument("--check", action="store_true", help="only tell whether it could start")
    arguments = parser.parse_args()
    die_with_parent(signal.SIGTERM)
    try:
        values = environment.read(os.environ)
    except environment.ConfigurationError as error:
        print(error, file=sys.stderr)
        return 2
    end_leftovers()
    host, port = values["KZ_BIND"], values["KZ_PORT"]
    if not port_is_free(host, port):
        print(
            f"Port {port} on {host} is in use. Choose another one: KZ_PORT={port + 1} ./run", file=sys.stderr
        )
        return 4
    if arguments.check:
        return 0
    group = Group(programs(values))
    if arguments.log_dir:
        for program in group.programs:
            program.log = (arguments.log_dir / f"{program.name}.log").open("ab")
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, group.on_signal)
    try:
        group.watch(host=host, port=port)
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        group.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
