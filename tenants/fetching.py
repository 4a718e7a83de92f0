"""Asking another server over HTTP, in the middle of a request or in the worker: short, small, and never inside our own network.

Addresses come from the operator's settings, but names resolve to whatever their owner likes, and what is asked for comes from
strangers: so the address that a name resolves to must be a public one, or the host be named in KZ_TRUSTED_HOSTS, and it is
that very address that is connected to. Redirects are not followed.
"""

import http.client
import ipaddress
import json
import socket
import ssl
import time
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from tenants.errors import FetchFailed

_CHUNK = 1 << 16
_AGENT = "Kreiszwilling"


def fetch_json(url: str, *, seconds: float = 3.0, most: int = 4 << 20) -> Any:
    """The JSON document at an address. seconds: for all of it; most: bytes. Raises FetchFailed with the reason."""
    body = fetch(url, seconds=seconds, most=most)
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise FetchFailed("the answer is no JSON") from None


def fetch(url: str, *, seconds: float = 3.0, most: int = 4 << 20) -> bytes:
    """The body at an address that answers 200. Raises FetchFailed."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    secure = parts.scheme == "https"
    if not host or parts.scheme not in {"http", "https"} or parts.username:
        raise FetchFailed("no address of a web server")
    until = time.monotonic() + seconds
    try:
        port = parts.port or (443 if secure else 80)
        connection = _connect(host, port, secure=secure, seconds=seconds)
        try:
            path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
            connection.request("GET", path, headers={"Host": parts.netloc, "Accept": "application/geo+json, application/json", "User-Agent": _AGENT})  # fmt: skip
            with closing(connection.getresponse()) as response:
                return _body(response, until=until, most=most)
        finally:
            connection.close()
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise FetchFailed(type(error).__name__) from None


def _connect(host: str, port: int, *, secure: bool, seconds: float) -> http.client.HTTPConnection:
    """A connection whose socket goes to the address that was judged; the certificate must still be the host's."""
    address = _allowed_address(host, port)
    connection = http.client.HTTPConnection(host, port, timeout=seconds)
    plain = socket.create_connection((address, port), timeout=seconds)
    if not secure:
        connection.sock = plain
        return connection
    try:
        connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host)
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
    raise FetchFailed("the server lies inside a private network")


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    found = mapped or address
    return bool(found.is_global and not found.is_multicast)


def _body(response: http.client.HTTPResponse, *, until: float, most: int) -> bytes:
    if response.status != http.client.OK:
        raise FetchFailed(f"status {response.status}")
    found = b""
    while chunk := response.read1(_CHUNK):
        found += chunk
        if len(found) > most:
            raise FetchFailed("the answer is too large")
        if time.monotonic() > until:
            raise FetchFailed("the answer takes too long")
    return found
