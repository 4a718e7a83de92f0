"""Latency of a page under a bounded load: some clients, each one request after the other over a kept connection."""

import http.client
import threading
import time
from collections.abc import Callable
from statistics import median, quantiles
from urllib.parse import urlsplit


def latencies(address: str, *, clients: int = 4, requests: int = 200, cookie: str = "") -> list[float]:
    """Milliseconds of each answer to GET address; every answer must be 200. requests: in all."""
    parts = urlsplit(address)
    found: list[float] = []

    def client() -> None:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        for _ in range(requests // clients):
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
