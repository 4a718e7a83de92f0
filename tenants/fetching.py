"""Asking another server over HTTP, in the middle of a request or in the worker: short, small, and never inside our own network.

Addresses come from people and names resolve to whatever their owner likes: so the address that a name resolves to must be a
public one, or the host be named in KZ_TRUSTED_HOSTS, and it is that very address that is connected to. Redirects are followed
only where a caller says how many; each one is judged like the first address.
"""

import http.client
import ipaddress
import json
import socket
import ssl
import threading
import time
import zlib
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from django.conf import settings

from tenants.errors import FetchFailed

_CHUNK = 1 << 16
_AGENT = "Kreiszwilling"
_JSON = "application/geo+json, application/json"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_AS_IT_IS = "%/:=&?~+!$,;'@()*[]"  # of an address; umlauts and spaces are quoted
_GZIP = 16 + zlib.MAX_WBITS


@dataclass(frozen=True)
class Answer:
    """What a server answered, with whatever status. url: after redirects; milliseconds: for all of it."""

    status: int
    body: bytes
    content_type: str
    url: str
    milliseconds: int


def fetch_json(url: str, *, seconds: float = 3.0, most: int = 4 << 20) -> Any:
    """The JSON document at an address. seconds: for all of it; most: bytes. Raises FetchFailed with the reason."""
    body = fetch(url, seconds=seconds, most=most)
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise FetchFailed("the answer is no JSON", reason="content") from None


def fetch(url: str, *, seconds: float = 3.0, most: int = 4 << 20) -> bytes:
    """The body at an address that answers 200. Raises FetchFailed."""
    answer = ask(url, seconds=seconds, most=most)
    if answer.status != http.client.OK:
        raise FetchFailed(f"status {answer.status}", reason="status")
    return answer.body


def ask(
    url: str, *, seconds: float = 3.0, most: int = 4 << 20, redirects: int = 0, accept: str = _JSON
) -> Answer:
    """What the server at an address answers. redirects: how many are followed at most; a further one is the answer.

    seconds: for all of it, redirects included; most: bytes, after unpacking. Raises FetchFailed."""
    started = time.monotonic()
    until = started + seconds
    while True:
        answer, location = _once(url, until=until, most=most, accept=accept)
        if not location or redirects <= 0:
            spent = round(1000 * (time.monotonic() - started))
            return Answer(answer.status, answer.body, answer.content_type, url, spent)
        redirects -= 1
        url = urljoin(url, location)


def _once(url: str, *, until: float, most: int, accept: str) -> tuple[Answer, str]:
    """The answer of one server, and where it sends us on."""
    try:
        parts = urlsplit(url)
        host, port = _place(parts)
        connection = _connect(
            host, port, secure=parts.scheme == "https", seconds=max(until - time.monotonic(), 0.01)
        )
        with closing(connection), _Watchdog(connection.sock, until):
            path = quote(parts.path or "/", safe=_AS_IT_IS)
            path = f"{path}?{quote(parts.query, safe=_AS_IT_IS)}" if parts.query else path
            name = f"{host}:{parts.port}" if parts.port else host
            headers = {"Host": name, "Accept": accept, "Accept-Encoding": "gzip", "User-Agent": _AGENT}
            connection.request("GET", path, headers=headers)
            with closing(connection.getresponse()) as response:
                location = response.getheader("Location", "") if response.status in _REDIRECTS else ""
                body = b"" if location else _body(response, until=until, most=most)
                kind = response.getheader("Content-Type", "")
                return Answer(response.status, body, kind, url, 0), location
    except (OSError, http.client.HTTPException, ValueError) as error:
        late = isinstance(error, TimeoutError) or time.monotonic() >= until
        raise FetchFailed(type(error).__name__, reason="slow" if late else "unreachable") from None


def _place(parts: SplitResult) -> tuple[str, int]:
    """Host and port of an address. Raises FetchFailed, or ValueError for a port that is none."""
    host = parts.hostname or ""
    if not host or parts.scheme not in {"http", "https"} or parts.username:
        raise FetchFailed("no address of a web server", reason="address")
    name = f"[{host}]" if ":" in host else host.encode("idna").decode()
    return name, parts.port or (443 if parts.scheme == "https" else 80)


class _Watchdog:
    """Hangs up when time is over: a server that sends a byte now and then would outlive any timeout of single reads."""

    def __init__(self, line: socket.socket, until: float) -> None:
        self._line = line
        self._timer = threading.Timer(max(until - time.monotonic(), 0.01), self._hang_up)
        self._timer.daemon = True

    def _hang_up(self) -> None:
        with suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *problem: object) -> None:
        self._timer.cancel()
        self._timer.join()


def _connect(host: str, port: int, *, secure: bool, seconds: float) -> http.client.HTTPConnection:
    """A connection whose socket goes to the address that was judged; the certificate must still be the host's."""
    address = _allowed_address(host.strip("[]"), port)
    connection = http.client.HTTPConnection(host, port, timeout=seconds)
    plain = socket.create_connection((address, port), timeout=seconds)
    if not secure:
        connection.sock = plain
        return connection
    try:
        connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host.strip("[]"))
    except BaseException:
        plain.close()
        raise
    return connection


def _allowed_address(host: str, port: int) -> str:
    """The first address of the host that may be asked. Raises FetchFailed where none may."""
    trusted = host in settings.TRUSTED_HOSTS or f"{host}:{port}" in settings.TRUSTED_HOSTS
    for *_, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        address = str(place[0])
        if trusted or _is_public(address):
            return address
    raise FetchFailed("the server lies inside a private network", reason="private")


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    found = mapped or address
    return bool(found.is_global and not found.is_multicast)


def _body(response: http.client.HTTPResponse, *, until: float, most: int) -> bytes:
    """The body, unpacked; what a small answer unpacks to counts, so that none fills the memory."""
    packed = response.getheader("Content-Encoding", "").lower() in {"gzip", "x-gzip"}
    unpacking = zlib.decompressobj(_GZIP) if packed else None
    found = bytearray()
    while chunk := response.read1(_CHUNK):
        try:
            found += unpacking.decompress(chunk, most + 1 - len(found)) if unpacking else chunk
        except zlib.error:
            raise FetchFailed("the answer cannot be unpacked", reason="content") from None
        if len(found) > most:
            raise FetchFailed("the answer is too large", reason="large")
        if time.monotonic() > until:
            break
    if time.monotonic() > until:
        raise FetchFailed("the answer takes too long", reason="slow")
    if response.length or (unpacking and not unpacking.eof):
        raise FetchFailed("the answer was cut off", reason="unreachable")
    return bytes(found)
