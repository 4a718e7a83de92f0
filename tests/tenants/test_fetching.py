"""Asking other servers: what is fetched, and what is not."""

import gzip
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest
from django.conf import LazySettings

from tenants.errors import FetchFailed
from tenants.fetching import _is_public, ask, fetch, fetch_json

BODIES = {"/json": '{"ort": "Meißen"}'.encode(), "/text": b"no json", "/large": b" " * 100_000}


class Recorded(BaseHTTPRequestHandler):
    """Answers by path; notes what was asked."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        name, _, rest = self.path.partition("?")
        match name:
            case "/redirect":
                self._redirect("/json")
            case "/hop":
                self._redirect(rest)
            case "/missing":
                self.send_error(404)
            case "/headers":
                self.wfile.write(b"HTTP/1.0 200 OK\r\n")
                self._drip(b"X-Slow: yes\r\n")
            case "/packed" | "/bomb" | "/torn":
                self._packed(name)
            case "/slow":
                self._answer(b"")
                self._drip(b" ")
            case "/short":
                self._answer(b"{}", **{"Content-Length": "100"})
            case _:
                self._answer(BODIES[name])

    def _answer(self, body: bytes, **headers: str) -> None:
        self.send_response(200)
        for header, value in headers.items():
            self.send_header(header, value)
        self.end_headers()
        self.wfile.write(body)

    def _redirect(self, to: str) -> None:
        self.send_response(302)
        self.send_header("Location", to)
        self.end_headers()

    def _packed(self, name: str) -> None:
        body = gzip.compress(b"[]" if name == "/packed" else b" " * 5_000_000)
        self._answer(body[: len(body) // 2] if name == "/torn" else body, **{"Content-Encoding": "gzip"})

    def _drip(self, piece: bytes) -> None:
        for _ in range(100):
            try:
                self.wfile.write(piece)
                self.wfile.flush()
            except OSError:
                return
            time.sleep(0.05)

    def log_message(self, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def server(settings: LazySettings) -> Iterator[str]:
    Recorded.asked.clear()
    serving = ThreadingHTTPServer(("127.0.0.1", 0), Recorded)
    thread = threading.Thread(target=serving.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    settings.TRUSTED_HOSTS = [f"127.0.0.1:{serving.server_port}"]
    yield f"http://127.0.0.1:{serving.server_port}"
    serving.shutdown()
    serving.server_close()
    thread.join()


def test_an_answer_is_read(server: str) -> None:
    assert fetch_json(f"{server}/json?q=a%20b") == {"ort": "Meißen"}
    assert Recorded.asked == ["/json?q=a%20b"]


@pytest.mark.parametrize("path", ["/missing", "/redirect", "/text"])
def test_what_is_no_answer_is_refused(server: str, path: str) -> None:
    with pytest.raises(FetchFailed):
        fetch_json(f"{server}{path}")
    assert Recorded.asked == [path]  # a redirect leads nowhere


def test_too_much_and_too_slow_are_cut_off(server: str) -> None:
    with pytest.raises(FetchFailed):
        fetch(f"{server}/large", most=50_000)
    with pytest.raises(FetchFailed):
        fetch(f"{server}/slow", seconds=0.3)


def reason(url: str, **options: Any) -> str:
    with pytest.raises(FetchFailed) as failure:
        ask(url, **options)
    return failure.value.reason


def test_a_server_that_drips_its_headers_is_cut_off(server: str) -> None:
    started = time.monotonic()
    assert reason(f"{server}/headers", seconds=0.3) == "slow"
    assert time.monotonic() - started < 2


def test_a_packed_answer_is_unpacked_within_the_limit(server: str) -> None:
    assert ask(f"{server}/packed").body == b"[]"
    assert reason(f"{server}/bomb", most=100_000) == "large"
    assert reason(f"{server}/torn", most=10_000_000) == "unreachable"


def test_a_body_that_was_cut_off_is_no_answer(server: str) -> None:
    assert reason(f"{server}/short") == "unreachable"


def test_redirects_are_followed_as_often_as_said(server: str) -> None:
    there = ask(f"{server}/hop?/hop?/json", redirects=2)
    assert (there.status, there.url, there.body) == (200, f"{server}/json", '{"ort": "Meißen"}'.encode())
    assert ask(f"{server}/hop?/hop?/json", redirects=1).status == 302


def test_each_redirect_is_judged_like_the_first_address(server: str) -> None:
    """The server's own name is trusted; what it sends on to is not."""
    other = server.replace("127.0.0.1", "localhost")
    assert reason(f"{server}/hop?{other}/json", redirects=3) == "private"
    assert reason(f"{server}/hop?http://169.254.169.254/latest/", redirects=3) == "private"
    assert reason(f"{server}/hop?file:///etc/passwd", redirects=3) == "address"
    assert [path for path in Recorded.asked if path == "/json"] == []


def test_any_status_is_an_answer_to_ask(server: str) -> None:
    assert ask(f"{server}/missing").status == 404


def test_umlauts_in_an_address_are_quoted(server: str) -> None:
    assert ask(f"{server}/json?ort=Meißen mit%20Dom").status == 200
    assert Recorded.asked == ["/json?ort=Mei%C3%9Fen%20mit%20Dom"]


def test_the_own_network_is_closed_unless_named(server: str, settings: LazySettings) -> None:
    settings.TRUSTED_HOSTS = []
    for url in (server, server.replace("127.0.0.1", "localhost")):
        with pytest.raises(FetchFailed):
            fetch(f"{url}/json")
    assert Recorded.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://example.org/",
        "file:///etc/passwd",
        "http://",
        "http://user:pw@example.org/",
        "http://example.org:99999/",
        "gopher://x",
    ],
)
def test_other_addresses_are_none(url: str) -> None:
    with pytest.raises(FetchFailed):
        fetch(url)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),  # where clouds keep their keys
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - an address that must not be asked
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("::ffff:127.0.0.1", False),
    ],
)
def test_only_public_addresses_are_public(address: str, public: bool) -> None:
    assert _is_public(address) is public
