"""A server of somebody else, with answers written for the tests in the shape of OGC API Features and of common geocoders."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Reply:
    """An answer that is not simply there. seconds: how long it takes to come."""

    body: Any = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0


@dataclass
class Service:
    """answers: path -> JSON document, the bytes themselves, a Reply, or a function of the parameters that gives one of these.
    asked: (path, parameters) in their order."""

    url: str
    host: str
    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)


@contextmanager
def serving() -> Iterator[Service]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            parameters = {name: values[0] for name, values in parse_qs(parts.query).items()}
            service.asked.append((parts.path, parameters))
            answer = service.answers.get(parts.path)
            self._give(answer(parameters) if callable(answer) else answer)

        def _give(self, answer: Any) -> None:
            reply = answer if isinstance(answer, Reply) else Reply(answer, 404 if answer is None else 200)
            time.sleep(reply.seconds)
            self.send_response(reply.status)
            for name, value in {"Content-Type": "application/geo+json", **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
            with suppress(OSError):  # who asked may have hung up
                self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    host = f"127.0.0.1:{server.server_port}"
    service = Service(f"http://{host}", host)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def collection(*features: dict[str, Any]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features), "numberReturned": len(features)}


def feature(geometry: dict[str, Any] | None, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "id": "1", "geometry": geometry, "properties": properties}


def square(west: float, south: float, size: float) -> dict[str, Any]:
    """A GeoJSON square in metres."""
    east, north = west + size, south + size
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }
