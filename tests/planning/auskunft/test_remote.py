"""Parcels and addresses from services of others, and what happens when they fail."""

from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from planning.auskunft import asking, places, remote
from planning.auskunft.errors import PlaceRefused
from tests.factories.services import Service, collection, feature, serving, square

pytestmark = pytest.mark.django_db  # own addresses are looked up first
X, Y = 385_000, 5_668_000


@pytest.fixture
def service(settings: LazySettings) -> Iterator[Service]:
    with serving() as found:
        settings.TRUSTED_HOSTS = [found.host]
        settings.PARCELS_URL = f"{found.url}/collections/flurstueck/items"
        settings.PARCELS_FIELD = "flstkennz"
        settings.GEOCODER_URL = f"{found.url}/search?format=geojson&q={{q}}"
        yield found


def test_the_parcel_at_a_point_is_the_one_that_holds_it(service: Service) -> None:
    service.answers["/collections/flurstueck/items"] = collection(
        feature(square(X + 20, Y, 20), flstkennz="neighbour"),
        feature(square(X, Y, 20), flstkennz="143127___00012"),
        feature(None),
    )
    place = places.at(X + 19.95, Y + 5, extent=asking.extent())
    found = asking.whole_parcel(place)
    assert (found.area, found.label) == (400, "143127___00012")
    ((path, asked),) = service.asked
    assert path == "/collections/flurstueck/items"
    assert asked["bbox"] == f"{X + 19.85:.2f},{Y + 4.9:.2f},{X + 20.05:.2f},{Y + 5.1:.2f}"
    assert asked["bbox-crs"].endswith("/25833")


def test_a_point_without_a_parcel_stays_a_point(service: Service) -> None:
    service.answers["/collections/flurstueck/items"] = collection()
    place = places.at(X, Y, extent=asking.extent())
    assert asking.whole_parcel(place) == place


def test_a_parcel_is_found_by_its_number(service: Service) -> None:
    service.answers["/collections/flurstueck/items"] = collection(
        feature(square(X, Y, 20), flstkennz="143127/12")
    )
    assert asking.by_words("143127/12").label == "143127/12"
    assert service.asked[0][1]["flstkennz"] == "143127/12"


def test_an_address_is_the_first_place_in_the_county(service: Service) -> None:
    berlin = {"type": "Point", "coordinates": [13.40, 52.52]}
    here = {"type": "Point", "coordinates": [13.3567, 51.1537]}
    service.answers["/search"] = collection(
        feature(berlin, label="Markt 1, Berlin"), feature(here, label="Markt 1, Meißen")
    )
    found = asking.by_words("Markt & Straße")
    assert found.label == "Markt 1, Meißen"
    assert service.asked == [("/search", {"format": "geojson", "q": "Markt & Straße"})]


def test_nothing_found_is_said(service: Service) -> None:
    service.answers["/search"] = collection()
    service.answers["/collections/flurstueck/items"] = collection()
    with pytest.raises(PlaceRefused) as refused:
        asking.by_words("Nirgendwo 1")
    assert refused.value.code == "nowhere"


@pytest.mark.parametrize(
    "answer",
    [
        None,
        b"<html>",
        b"[]",
        {"type": "FeatureCollection"},
        {"features": [1, {"geometry": {"type": "Point"}}]},
    ],
)
def test_a_service_that_answers_rubbish_is_no_error_of_the_page(service: Service, answer: object) -> None:
    service.answers["/search"] = answer
    with pytest.raises(PlaceRefused) as refused:
        asking.by_words("Markt")
    assert refused.value.code in {"remote", "nowhere"}


def test_without_services_nothing_is_asked(service: Service, settings: LazySettings) -> None:
    settings.PARCELS_URL = settings.GEOCODER_URL = ""
    with pytest.raises(PlaceRefused) as refused:
        asking.by_words("Markt 1")
    assert refused.value.code == "no_search"
    place = places.at(X, Y, extent=asking.extent())
    assert asking.whole_parcel(place) is place
    assert service.asked == []
    assert not (remote.knows_parcels() or remote.knows_numbers() or remote.knows_addresses())


def test_a_service_in_the_own_network_must_be_named(service: Service, settings: LazySettings) -> None:
    settings.TRUSTED_HOSTS = []
    with pytest.raises(PlaceRefused) as refused:
        asking.by_words("Markt 1")
    assert (refused.value.code, service.asked) == ("remote", [])
