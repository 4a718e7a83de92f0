"""Latency and rate under a bounded load: some clients, each one request after the other over a kept connection."""

import http.client
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlsplit

from benchmarks.scratch import NAME

KEPT = 10  # requests over a connection: it stays with one of the web processes, and chance may give all clients the same


def latencies(address: str, *, clients: int = 4, requests: int = 200, cookie: str = "") -> list[float]:
    """Milliseconds of each answer to GET address; every answer must be 200. requests: in all."""
    parts = urlsplit(address)
    found: list[float] = []

    def client() -> None:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        for number in range(requests // clients):
            if number % KEPT == 0:
                connection.close()
            start = time.perf_counter()
            connection.request(
                "GET", f"{parts.path}?{parts.query}", headers={"Accept-Encoding": "gzip", "Cookie": cookie}
            )
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, (address, answer.status)
            found.append((time.perf_counter() - start) * 1000)

    in_parallel([client] * clients)
    return found


def in_parallel(work: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=one) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def percentiles(milliseconds: list[float]) -> tuple[float, float]:
    """(median, 95th percentile)"""
    return median(milliseconds), quantiles(milliseconds, n=20)[-1]


@dataclass(frozen=True)
class Rate:
    """Acts per second; and milliseconds of computing for each: of the servers with their database, and of the clients."""

    per_second: float
    servers: float
    clients: float

    def __str__(self) -> str:
        return f"{self.per_second:.1f}/s ({self.servers:.1f} ms of computing each)"

    def beside(self, other: "Rate", *, own: bool = False) -> str:
        """By rate, and by computing, which depends less on what else the machine does. own: the other's clients are its program."""
        less = (other.servers + own * other.clients) / self.servers
        return f"{self.per_second / other.per_second:.2f} (by computing {less:.2f})"


def rate(work: Callable[[int], Callable[[], None]], *, clients: int, seconds: float) -> Rate:
    """Of clients side by side. work: number of the client -> its next act."""
    acts = [work(number) for number in range(clients)]
    done = [0] * clients
    end = time.perf_counter() + seconds

    def client(number: int) -> None:
        while time.perf_counter() < end:
            acts[number]()
            done[number] += 1

    start, own, others = time.perf_counter(), time.process_time(), computing()
    in_parallel([partial(client, number) for number in range(clients)])
    spent = (computing() - others, time.process_time() - own)
    servers, clients_ = (1000 * each / sum(done) for each in spent)
    return Rate(sum(done) / (time.perf_counter() - start), servers, clients_)


def computing() -> float:
    """Seconds of computing so far of all programs that this one started, and of the database's at work for any of them."""
    tick = os.sysconf("SC_CLK_TCK")
    parents, spent = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            name, rest = (folder / "stat").read_text().split("(", 1)[1].rsplit(")", 1)
            command = (folder / "cmdline").read_text()
        except OSError:  # it has just ended
            continue
        parts = rest.split()
        parents[int(folder.name)] = int(parts[1])
        spent[int(folder.name)] = (int(parts[11]) + int(parts[12])) / tick
        if name == "postgres" and f" {NAME} " in command:
            parents[int(folder.name)] = os.getpid()
    ours, before = {os.getpid()}, 0
    while len(ours) > before:
        before = len(ours)
        ours |= {pid for pid, parent in parents.items() if parent in ours}
    return sum(spent[pid] for pid in ours - {os.getpid()})
