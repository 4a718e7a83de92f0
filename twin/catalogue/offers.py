"""Ways to an own dataset's data. Interfaces lie in packages above, which announce theirs here: the catalogue imports none of them."""

from collections.abc import Callable, Iterable

from twin.catalogue.entry import Offer
from twin.catalogue.models import Dataset

Maker = Callable[[Dataset], Iterable[Offer]]
_makers: list[Maker] = []


def offering(maker: Maker) -> Maker:
    """Register what gives the offers of any dataset with a current version; their addresses are paths of this site."""
    if maker not in _makers:
        _makers.append(maker)
    return maker


def offers_of(dataset: Dataset) -> list[Offer]:
    return [offer for maker in _makers for offer in maker(dataset)]
