"""Statements accepted per second on one procedure, over HTTP, while a web process is killed: no number twice, none missing.

    .venv/bin/python -m benchmarks.statements_per_second [--seconds 30] [--clients 16] [--kill]

Each client posts the form as a browser without JavaScript does and counts an answer 302 as accepted; what was in flight when the
process died may be stored or not, but every accepted one must be. Beside it, in the same run, the floor: the same rows by
the service alone in one process. Needs the services (`scripts/services.sh start`) and its settings (`eval "$(./run env)"`).
"""

import argparse
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from benchmarks.load import in_parallel
from benchmarks.scratch import PORT, ROOT, environment, manage, scratch_database

SETUP = """
import json
from datetime import timedelta
from django.utils import timezone
from participation.models import Phase, Procedure, ReceiptCounter
from tenants.models import Tenant
from tenants.scope import acting_for
tenant = Tenant.objects.get(slug="hotspot")
now = timezone.now()
with acting_for([tenant.pk], [tenant.pk]):
    procedure = Procedure.objects.create(tenant=tenant, title="Benchmark", is_public=True, published_at=now)
    ReceiptCounter.objects.create(tenant=tenant, procedure=procedure)
    Phase.objects.create(tenant=tenant, procedure=procedure, kind="consultation", audience="public", is_public=True,
        period=(now - timedelta(days=1), now + timedelta(days=1)))
print(json.dumps(["FOUND", str(procedure.public_id)]))
"""
COUNT = """
import json
from participation.models import Procedure, Statement
from tenants.models import Tenant
from tenants.scope import acting_for
tenant = Tenant.objects.get(slug="hotspot")
with acting_for([tenant.pk]):
    numbers = sorted(Statement.objects.values_list("number", flat=True))
print(json.dumps(["FOUND", len(numbers), len(set(numbers)), numbers[-1] if numbers else 0]))
"""
ALONE = """
import json, time
from django.utils import timezone
from participation.drafts import StatementData
from participation.models import Procedure
from participation.services import submit_statement
procedure = Procedure.objects.get()
start, done = time.perf_counter(), 0
while time.perf_counter() - start < {seconds}:
    submit_statement(procedure, data=StatementData(text="Bitte mehr Bäume."), at=timezone.now())
    done += 1
print(json.dumps(["FOUND", done / (time.perf_counter() - start)]))
"""
ADDRESSES = count(1)


def answer_of(code: str) -> list[object]:
    """The line that the code printed in the throw-away database's shell."""
    line = next(line for line in manage("shell", "-v", "0", code=code).splitlines() if "FOUND" in line)
    found: list[object] = json.loads(line)
    return found[1:]


class Crowd:
    """Clients that post statements until the time is over; each comes from an address of its own for every statement."""

    def __init__(self, address: str, *, seconds: float) -> None:
        self.target = urlsplit(address)
        self.until = time.monotonic() + seconds
        self.accepted = 0
        self.lost = 0
        self.lock = threading.Lock()

    def client(self) -> None:
        connection: http.client.HTTPConnection | None = None
        token = ""
        while time.monotonic() < self.until:
            try:
                if connection is None:
                    connection = http.client.HTTPConnection("localhost", self.target.port, timeout=30)
                    token = self._token(connection)
                status = self._post(connection, token)
            except (OSError, http.client.HTTPException):
                connection = None
                with self.lock:
                    self.lost += 1
                continue
            assert status == 302, status
            with self.lock:
                self.accepted += 1

    def _token(self, connection: http.client.HTTPConnection) -> str:
        connection.request("GET", self.target.path)
        answer = connection.getresponse()
        answer.read()
        found = re.search(r"csrftoken=([^;]+)", answer.headers["Set-Cookie"] or "")
        assert found is not None, answer.status
        return found[1]

    def _post(self, connection: http.client.HTTPConnection, token: str) -> int:
        number = next(ADDRESSES)
        body = urlencode({"text": f"Bitte mehr Bäume, Nr. {number}.", "csrfmiddlewaretoken": token})
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"csrftoken={token}",
            "X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
        }
        connection.request("POST", self.target.path, body, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status


@contextmanager
def served() -> Iterator[str]:
    """The product as in production: two processes, one proxy in front, a killed process replaced."""
    manage("collectstatic", "--noinput", "-v", "0")
    command = [str(ROOT / ".venv/bin/granian"), "--interface", "wsgi", "--no-ws", "--workers", "2"]
    command += [
        "--respawn-failed-workers",
        "--port",
        str(PORT),
        "--log-level",
        "error",
        "twin.wsgi:application",
    ]
    settings = {**environment(), "KZ_PORT": str(PORT), "KZ_TRUSTED_PROXIES": "1"}
    process = subprocess.Popen(command, cwd=ROOT, env=settings, start_new_session=True)
    try:
        _wait()
        yield f"http://localhost:{PORT}"
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:  # it waits for the process that was killed
            os.killpg(process.pid, signal.SIGKILL)


def _wait() -> None:
    for _ in range(300):
        with suppress(OSError), socket.create_connection(("localhost", PORT), timeout=1):
            return
        time.sleep(0.2)
    raise SystemExit("The web server does not answer.")


def kill_one_process() -> int:
    """SIGKILL one of the web server's worker processes, as an operator's mistake or the kernel would."""
    mine = f"KZ_PORT={PORT}".encode()
    for folder in sorted(Path("/proc").glob("[0-9]*")):
        try:
            words = (folder / "cmdline").read_bytes()
            ours = b"granian" in words and mine in (folder / "environ").read_bytes().split(b"\0")
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if ours and parent != os.getpid():
            os.kill(int(folder.name), signal.SIGKILL)
            return int(folder.name)
    raise SystemExit("no web process found")


def run(*, seconds: int, clients: int, kill: bool) -> None:
    (public_id,) = answer_of(SETUP)
    (floor,) = answer_of(ALONE.format(seconds=5))
    (before, _, _) = answer_of(COUNT)
    with served() as address:
        crowd = Crowd(f"{address}/beteiligung/{public_id}/stellungnahme/", seconds=seconds)
        killer = threading.Timer(seconds / 2, kill_one_process)
        if kill:
            killer.start()
        in_parallel([crowd.client] * clients)
        killer.cancel()
    stored, distinct, last = (int(str(part)) for part in answer_of(COUNT))
    new = stored - int(str(before))
    print(
        f"accepted {crowd.accepted} in {seconds} s: {crowd.accepted / seconds:.0f} per second over HTTP, {clients} clients"
    )
    print(f"service alone in one process: {float(str(floor)):.0f} per second; killed a process: {kill}")
    print(
        f"stored {new}, in flight when killed {crowd.lost}; duplicates {stored - distinct}, missing {last - distinct}"
    )
    assert crowd.accepted <= new <= crowd.accepted + crowd.lost
    assert stored == distinct == last


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--kill", action="store_true")
    options = parser.parse_args()
    with scratch_database(tenants=["hotspot"]):
        run(seconds=options.seconds, clients=options.clients, kill=options.kill)


if __name__ == "__main__":
    main()
