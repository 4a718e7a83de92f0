"""Statements accepted per second on one procedure, over HTTP, while processes are killed: no number twice, none missing, no mail lost.

    .venv/bin/python -m benchmarks.statements_per_second [--seconds 30] [--clients 16] [--kill]

The product as `./run serve` starts it, with two web processes. Each client posts the form with a solved proof of work and counts an
answer 302 as accepted; every tenth statement has an address, so that the worker sends mails meanwhile. --kill ends the task
worker after a third of the time and a web process after two thirds; what was in flight then may be stored or not, but every
accepted one must be. Beside it, in the same run, the floor: the same rows by the service alone in one process. Needs the services
(`scripts/services.sh start`) and its settings (`eval "$(./run env)"`); clients, product and database share the machine.
"""

import argparse
import http.client
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from benchmarks.load import in_parallel, latencies
from benchmarks.scratch import PORT, manage, scratch_database, served

MOST = 400  # statements per second for which proofs of work are made before the run
WITH_MAIL = 10  # each tenth statement
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
PROOFS = """
import base64, json
from datetime import datetime, timedelta
import altcha
from django.conf import settings
from participation.forms import PROOF_NUMBERS
def proof(number):
    made = altcha.create_challenge(altcha.ChallengeOptions(hmac_key=settings.ALTCHA_HMAC_KEY, max_number=PROOF_NUMBERS,
        number=number % PROOF_NUMBERS, expires=datetime.now() + timedelta(hours=1)))
    parts = {{"algorithm": made.algorithm, "challenge": made.challenge, "number": number % PROOF_NUMBERS, "salt": made.salt,
        "signature": made.signature}}
    return base64.b64encode(json.dumps(parts).encode()).decode()
print(json.dumps(["FOUND", *(proof(number) for number in range({count}))]))
"""
COUNT = """
import json
from participation.models import Procedure, Statement
from tenants.models import OutboxMessage, Tenant
from tenants.scope import acting_for
tenant = Tenant.objects.get(slug="hotspot")
with acting_for([tenant.pk]):
    numbers = sorted(Statement.objects.values_list("number", flat=True))
    mails = OutboxMessage.objects.count(), OutboxMessage.objects.filter(sent_at=None).count()
print(json.dumps(["FOUND", len(numbers), len(set(numbers)), numbers[-1] if numbers else 0, *mails]))
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


def answer_of(code: str) -> list[str]:
    """The values that the code printed in the throw-away database's shell."""
    line = next(line for line in manage("shell", "-v", "0", code=code).splitlines() if "FOUND" in line)
    return [str(value) for value in json.loads(line)[1:]]


class Crowd:
    """Clients that post statements until the time is over; each comes from an address of its own for every statement."""

    def __init__(self, address: str, *, seconds: float, proofs: list[str]) -> None:
        self.target = urlsplit(address)
        self.until = time.monotonic() + seconds
        self.proofs = iter(enumerate(proofs))
        self.accepted = 0
        self.lost = 0
        self.lock = threading.Lock()

    def client(self) -> None:
        connection: http.client.HTTPConnection | None = None
        while time.monotonic() < self.until:
            with self.lock:
                number, proof = next(self.proofs)
            try:
                connection = connection or http.client.HTTPConnection(
                    "localhost", self.target.port, timeout=30
                )
                status = self._post(connection, number, proof)
            except (OSError, http.client.HTTPException):
                connection = None
                with self.lock:
                    self.lost += 1
                continue
            assert status == 302, status
            with self.lock:
                self.accepted += 1

    def _post(self, connection: http.client.HTTPConnection, number: int, proof: str) -> int:
        token = "x" * 32  # the protection against forged requests compares the form's with the cookie's
        fields = {
            "text": f"Bitte mehr Bäume, Nr. {number}.",
            "proof": proof,
            "csrfmiddlewaretoken": token,
        }
        if number % WITH_MAIL == 0:
            fields["email"] = f"buergerin{number}@example.org"
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"csrftoken={token}",
            "X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
        }
        connection.request("POST", self.target.path, urlencode(fields), headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status


def processes() -> dict[int, tuple[list[bytes], int]]:
    """Process number -> (command line, parent) of this run's processes."""
    mine, found = f"KZ_PORT={PORT}".encode(), {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mine in (folder / "environ").read_bytes().split(b"\0"):
                command = (folder / "cmdline").read_bytes().split(b"\0")
                stat = (folder / "stat").read_text().rpartition(")")[2].split()
                found[int(folder.name)] = command, int(stat[1])
        except OSError:  # ended meanwhile
            continue
    return found


def kill_task_worker() -> None:
    """SIGKILL Celery's main process, as an operator's mistake or the kernel would."""
    _kill(number for number, (command, _) in sorted(processes().items()) if b"worker" in command)


def kill_web_process() -> None:
    """SIGKILL one of the processes that answer, not the one that watches them."""
    all_ = processes()
    masters = [number for number, (command, _) in sorted(all_.items()) if b"granian" in command][:1]
    _kill(
        number
        for number, (command, parent) in all_.items()
        if parent in masters and not any(b"resource_tracker" in word for word in command)
    )


def _kill(numbers: Iterator[int]) -> None:
    number = next(numbers)
    os.kill(number, signal.SIGKILL)
    print(f"killed process {number}", flush=True)


def under_load(address: str, *, seconds: int, clients: int, kill: bool) -> Crowd:
    proofs = answer_of(PROOFS.format(count=seconds * MOST + 1))
    latencies(address, requests=40)  # the processes have answered before, as on any day
    crowd = Crowd(address, seconds=seconds, proofs=proofs)
    killers = [
        threading.Timer(seconds / 3, kill_task_worker),
        threading.Timer(seconds * 2 / 3, kill_web_process),
    ]
    for killer in killers if kill else []:
        killer.start()
    in_parallel([crowd.client] * clients)
    return crowd


def mails_arrive() -> tuple[int, int]:
    """(mails, those still not sent) once the worker has sent all, or after two minutes: a killed one's mails wait for the sweep."""
    for _ in range(24):
        mails, waiting = (int(value) for value in answer_of(COUNT)[3:])
        if not waiting:
            break
        time.sleep(5)
    return mails, waiting


def run(*, seconds: int, clients: int, kill: bool) -> None:
    (public_id,) = answer_of(SETUP)
    (floor,) = answer_of(ALONE.format(seconds=5))
    before = int(answer_of(COUNT)[0])
    with served(KZ_TRUSTED_PROXIES="1", KZ_WEB_WORKERS="2") as address:
        crowd = under_load(
            f"{address}/beteiligung/{public_id}/stellungnahme/", seconds=seconds, clients=clients, kill=kill
        )
        mails, waiting = mails_arrive()
    stored, distinct, last = (int(value) for value in answer_of(COUNT)[:3])
    new = stored - before
    print(
        f"accepted over HTTP: {crowd.accepted / seconds:.0f}/s ({crowd.accepted} in {seconds} s, {clients} clients)"
    )
    print(
        f"service alone in one process: {float(floor):.0f}/s; killed: {kill}; load {os.getloadavg()[0]:.1f}"
    )
    print(
        f"stored {new}, in flight when killed {crowd.lost}; duplicates {stored - distinct}, missing {last - distinct}; mails {mails}, not sent {waiting}"
    )
    assert crowd.accepted <= new <= crowd.accepted + crowd.lost
    assert stored == distinct == last
    assert waiting == 0


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
