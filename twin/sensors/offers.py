"""What else answers about a station. It lies in packages above, which announce it here: this package imports none of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

from tenants.permissions import Person
from twin.sensors.models import Station


@dataclass(frozen=True)
class Offer:
    """Words and the path of this site that they lead to."""

    words: str | Promise
    path: str


Maker = Callable[[Station, Person], Iterable[Offer]]
_makers: list[Maker] = []


def offering(maker: Maker) -> Maker:
    """Register what gives offers to a person who looks at a station."""
    if maker not in _makers:
        _makers.append(maker)
    return maker


def offers_of(station: Station, person: Person) -> list[Offer]:
    return [offer for maker in _makers for offer in maker(station, person)]
