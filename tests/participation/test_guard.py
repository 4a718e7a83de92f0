"""Against automata: proof of work once, addresses without keeping them, secrets without logs."""

import base64
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from participation import guard, personal, receipts
from participation.errors import TooMany
from participation.models import Statement
from tenants.scope import acting_for
from tests.factories.participation import make_procedure
from tests.factories.tenants import TenantFactory


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


def solved(challenge: dict[str, Any]) -> str:
    """What the widget in the browser does: try numbers until the hash fits."""
    for number in range(challenge["maxnumber"] + 1):
        if hashlib.sha256(f"{challenge['salt']}{number}".encode()).hexdigest() == challenge["challenge"]:
            kept = {key: challenge[key] for key in ("algorithm", "challenge", "salt", "signature")}
            return base64.b64encode(json.dumps({**kept, "number": number}).encode()).decode()
    raise AssertionError("no number fits")


@pytest.mark.django_db
def test_proof_of_work_opens_the_fast_lane_once(client: Client) -> None:
    tenant = TenantFactory.create()
    now = timezone.now()
    procedure = make_procedure(tenant, start=now - timedelta(days=1), end=now + timedelta(days=1))
    form = reverse("participation:submit", args=[procedure.public_id])

    def challenge() -> dict[str, Any]:
        answer: dict[str, Any] = client.get(reverse("participation:challenge")).json()
        return answer

    proof = solved(challenge())
    assert client.post(form, {"text": "eins", "proof": proof}).status_code == 302
    replayed = client.post(form, {"text": "zwei", "proof": proof})
    assert (replayed.status_code, list(replayed.context["form"].errors)) == (400, ["proof"])
    forged = {**challenge(), "signature": "0" * 64}
    assert client.post(form, {"text": "drei", "proof": solved(forged)}).status_code == 400
    for _ in range(guard.WITHOUT_PROOF - 1):
        assert client.post(form, {"text": "ohne"}).status_code == 302
    assert client.post(form, {"text": "ohne"}).status_code == 429
    assert client.post(form, {"text": "mit", "proof": solved(challenge())}).status_code == 302
    with acting_for([tenant.pk]):
        assert Statement.objects.count() == guard.WITHOUT_PROOF + 1


def test_solution_counts_for_one_of_many_requests_at_once() -> None:
    with ThreadPoolExecutor(8) as pool:
        used = list(pool.map(lambda _: guard.use_once("challenge", seconds=60), range(40)))
    assert sorted(used) == [False] * 39 + [True]


def test_address_is_counted_and_not_kept() -> None:
    for _ in range(guard.GUESSES):
        guard.admit_guess("203.0.113.7")
    with pytest.raises(TooMany):
        guard.admit_guess("203.0.113.7")
    guard.admit_guess("203.0.113.8")
    client = cache._cache.get_client()  # type: ignore[attr-defined]
    keys = [key.decode() for key in client.keys("*guard*")]
    assert len(keys) == 2
    assert not any("203.0.113" in key for key in keys)
    assert all(0 < client.ttl(key) <= guard.HOUR for key in keys)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "198.51.100.1", "127.0.0.1"),
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        (2, "198.51.100.1, 10.0.0.1", "198.51.100.1"),
        (2, "198.51.100.1", "127.0.0.1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_only_our_own_proxies_say_where_somebody_comes_from(
    settings: Any, proxies: int, forwarded: str, address: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded})
    assert guard.address_of(request) == address


def test_secret_has_a_hundred_bits_and_is_typed_in_any_form() -> None:
    assert (len(receipts.ALPHABET), len(set(receipts.ALPHABET))) == (32, 32)
    secret = receipts.new_secret()
    assert len(secret) == 20
    stored = receipts.hash_of(secret)
    for typed in (secret, receipts.readable(secret), f" {secret.lower()}\n", " ".join(secret)):
        assert receipts.opens(typed, stored)
    assert not receipts.opens(secret[:-1], stored)
    assert not receipts.opens("", None)
    assert len({receipts.new_secret() for _ in range(1000)}) == 1000


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("7-12-00042", receipts.Number(7, 12, 42)),
        (" 7-12-42 ", receipts.Number(7, 12, 42)),
        ("7-12", None),
        ("7-12-x", None),
        ("٧-١٢-٤٢", None),
        ("9" * 30 + "-1-1", None),
        ("", None),
    ],
)
def test_receipt_number_as_typed(text: str, parsed: receipts.Number | None) -> None:
    assert receipts.parse(text) == parsed


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Schreiben Sie an erika.muster@example.org!", ["erika.muster@example.org"]),
        ("Tel. 03521 / 725-0 oder +49 170 1234567", ["03521 / 725-0", "+49 170 1234567"]),
        ("IBAN DE89 3704 0044 0532 0130 00.", ["DE89 3704 0044 0532 0130 00"]),
        ("Mein Nachbar Herr Dr. Schulze, Elbstraße 12a", ["Herr Dr. Schulze", "Elbstraße 12a"]),
        ("Ich, Muster, wohne hier.", ["Muster"]),
        ("Der Plan sieht 40 Bäume auf 3 ha vor.", []),
    ],
)
def test_personal_data_are_marked(text: str, marked: list[str]) -> None:
    parts = personal.parts(text, known=("Erika Muster", "", "Markt 1"))
    assert [part.text for part in parts if part.marked] == marked
    assert "".join(part.text for part in parts) == text


def test_marking_a_long_hostile_text_stays_fast() -> None:
    text = ("a@" * 10_000 + "0" * 10_000 + "Herr " * 2000)[:50_000]
    assert "".join(part.text for part in personal.parts(text)) == text
