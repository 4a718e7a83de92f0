"""The answer to "Was gilt auf meinem Grundstück?": plans and their provisions in force, amendments resolved, and what is not known."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import shapely
from shapely.geometry.base import BaseGeometry

from planning.auskunft import gathering, measuring
from planning.auskunft.amending import Amendment, Part, parts, redrawn
from planning.auskunft.gathering import Candidate, Gathered, Object, Text
from planning.auskunft.measuring import Share
from planning.auskunft.places import Place
from planning.auskunft.validity import Validity
from planning.models import Amendment as OwnAmendment
from planning.models import CaptureStatement, Plan, PlanDocument
from planning.xplanung import baunvo, satzungen
from planning.xplanung.relations import Effect, Relation, relations_of
from planning.xplanung.satzungen import Basis
from tenants.models import Tenant

_OWN = {
    OwnAmendment.CHANGE.value: Effect.CHANGES,
    OwnAmendment.SUPPLEMENT.value: Effect.SUPPLEMENTS,
    OwnAmendment.REPEAL.value: Effect.REPEALS,
}


@dataclass(frozen=True)
class Link:
    """Another plan that changes this one, or is changed by it, at the place. share: where it does."""

    plan: Plan
    effect: Effect
    share: Share


@dataclass(frozen=True)
class Provision:
    """One object in force (a Festsetzung, Darstellung, Kennzeichnung …). read_with: changes that touch the same ground."""

    object: Object
    share: Share
    texts: tuple[Text, ...] = ()
    read_with: tuple[Plan, ...] = ()


@dataclass
class InForce:
    """One plan that applies at the place. unresolved: plans it names as changing it which are not held here."""

    plan: Plan
    since: date | None
    share: Share
    whole: bool
    law: baunvo.Version | None
    basis: Basis | None
    amended_by: list[Link] = field(default_factory=list)
    amends: list[Link] = field(default_factory=list)
    unresolved: list[Relation] = field(default_factory=list)
    provisions: list[Provision] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    documents: list[PlanDocument] = field(default_factory=list)
    overlaps: list[Plan] = field(default_factory=list)


@dataclass(frozen=True)
class Gone:
    """A plan in force elsewhere that no longer applies at the place. by: what took it away."""

    plan: Plan
    by: tuple[Plan, ...]


@dataclass
class Answer:
    """All that is public about one place on one day."""

    place: Place
    on: date
    towns: list[Tenant]
    plans: list[InForce] = field(default_factory=list)
    gone: list[Gone] = field(default_factory=list)
    under_way: list[Plan] = field(default_factory=list)
    unclear: list[Plan] = field(default_factory=list)
    statements: list[CaptureStatement] = field(default_factory=list)

    def of_paragraph(self, paragraph: str) -> list[InForce]:
        return [each for each in self.plans if each.basis and each.basis.paragraph == paragraph]


def answer(place: Place, *, on: date) -> Answer:
    """Raises PlaceRefused."""
    found = gathering.gather(place, on=on)
    return _Resolution(place, on, found).answer()


class _Resolution:
    """Puts together what was gathered; keeps the plans by key meanwhile."""

    def __init__(self, place: Place, on: date, found: Gathered) -> None:
        self.place, self.on, self.found = place, on, found
        self.in_force = {
            each.plan.pk: each for each in found.candidates if each.validity is Validity.IN_FORCE
        }
        self.unresolved: dict[int, list[Relation]] = {}
        self.amendments = self._amendments()
        self.parts = parts({key: each.piece for key, each in self.in_force.items()}, self.amendments)
        self.flush = {
            key: [one.piece for one in each.objects if one.flush] for key, each in self.in_force.items()
        }

    def answer(self) -> Answer:
        result = Answer(self.place, self.on, self.found.towns, statements=self.found.statements)
        for key, candidate in self.in_force.items():
            part = self.parts[key]
            if part.area.is_empty:
                result.gone.append(Gone(candidate.plan, self._plans(part.cut)))
            else:
                result.plans.append(self._told(candidate, part))
        for each in self.found.candidates:
            if each.validity is Validity.UNDER_WAY:
                result.under_way.append(each.plan)
            elif each.validity is Validity.UNCLEAR:
                result.unclear.append(each.plan)
        _note_overlaps(result.plans, self.parts)
        result.plans.sort(key=_order)
        return result

    def _plans(self, amendments: Sequence[Amendment]) -> tuple[Plan, ...]:
        return tuple(self.in_force[key].plan for key in dict.fromkeys(each.by for each in amendments))

    # --- which plan changes which, and where

    def _amendments(self) -> list[Amendment]:
        found = [each for candidate in self.in_force.values() for each in self._of(candidate)]
        unique = {
            (each.by, each.of, each.effect, each.area.wkb): each for each in found if not each.area.is_empty
        }
        return list(unique.values())

    def _of(self, candidate: Candidate) -> Iterator[Amendment]:
        """What one plan says of itself, in its columns, its plan object and its Bereiche."""
        plan = candidate.plan
        if plan.amends_id in self.in_force and plan.amendment in _OWN:
            yield Amendment(plan.pk, plan.amends_id, _OWN[plan.amendment], candidate.piece)
        yield from self._stated(candidate, candidate.properties, candidate.piece)
        for properties, shape in candidate.bereiche:
            area = candidate.piece if shape is None else measuring.clipped(shape, self.place)
            yield from self._stated(candidate, properties, area)

    def _stated(
        self, candidate: Candidate, properties: Mapping[str, object], area: BaseGeometry
    ) -> Iterator[Amendment]:
        for relation in relations_of(properties):
            other = self._named(relation, candidate.plan)
            if other is None:
                if not relation.active:
                    self.unresolved.setdefault(candidate.plan.pk, []).append(relation)
            elif relation.active:
                yield Amendment(candidate.plan.pk, other.plan.pk, relation.effect, area)
            else:
                both = measuring.substantial(
                    shapely.intersection(area, other.piece), dimension=_dimension(self.place)
                )
                yield Amendment(other.plan.pk, candidate.plan.pk, relation.effect, both)

    def _named(self, relation: Relation, plan: Plan) -> Candidate | None:
        """The plan in force here that is meant: of the same owner, by gml:id, else by number or name."""
        others = [
            each
            for each in self.in_force.values()
            if each.plan.pk != plan.pk and each.plan.tenant_id == plan.tenant_id
        ]
        by_id = [each for each in others if relation.gml_id and each.plan.gml_id == relation.gml_id]
        same_kind = [each for each in others if each.plan.plan_type == plan.plan_type]
        return next(iter(by_id or [each for each in same_kind if _is_called(each.plan, relation)]), None)

    # --- one plan

    def _told(self, candidate: Candidate, part: Part) -> InForce:
        plan = candidate.plan
        told = InForce(
            plan=plan,
            since=candidate.since,
            share=measuring.share(part.area, self.place),
            whole=not part.cut,
            law=_law(candidate) if plan.plan_type in {"BP", "FP"} else None,
            basis=_basis(candidate),
            amended_by=[self._link(each.by, each) for each in (*part.cut, *part.changed)],
            amends=[self._link(each.of, each) for each in self.amendments if each.by == plan.pk],
            unresolved=self.unresolved.get(plan.pk, []),
            documents=candidate.documents,
        )
        told.provisions = list(self._provisions(candidate, part))
        told.texts = [text for text in candidate.texts if not text.bound]
        return told

    def _link(self, key: int, amendment: Amendment) -> Link:
        return Link(self.in_force[key].plan, amendment.effect, measuring.share(amendment.area, self.place))

    def _provisions(self, candidate: Candidate, part: Part) -> Iterator[Provision]:
        """Objects within what is left of the plan; areas that a change has drawn anew give way to it."""
        texts = {text.key: text for text in candidate.texts}
        anew = redrawn(part, self.flush)
        for one in candidate.objects:
            piece = self._left(one, part)
            if one.flush:
                piece = measuring.remaining(piece, anew)
            if piece.is_empty:
                continue
            with_ = [each for each in part.changed if shapely.intersects(piece, each.area)]
            bound = tuple(texts[key] for key in one.texts if key in texts)
            yield Provision(one, measuring.share(piece, self.place), bound, self._plans(with_))

    def _left(self, one: Object, part: Part) -> BaseGeometry:
        """What of an object lies where its plan still applies. Around a point its lines and signs go with the ground there."""
        if not part.cut or not self.place.is_area:
            return one.piece
        kept = shapely.intersection(one.piece, part.area)
        return measuring.substantial(kept, dimension=int(shapely.get_dimensions(one.piece)))


def _dimension(place: Place) -> int:
    return 2 if place.is_area else 0


def _is_called(plan: Plan, relation: Relation) -> bool:
    """By its number where one is given, and by its name where one is given; case and blanks aside."""
    pairs = ((relation.number, plan.number), (relation.name, plan.name))
    given = [(_plain(said), _plain(own)) for said, own in pairs if said]
    return bool(given) and all(said == own for said, own in given)


def _plain(text: str) -> str:
    return "".join(text.casefold().split())


def _law(candidate: Candidate) -> baunvo.Version | None:
    for properties in (candidate.properties, *(each for each, _ in candidate.bereiche)):
        if found := baunvo.stated(properties):
            return found
    return baunvo.by_dates(display=candidate.display, adopted=candidate.adopted, in_force=candidate.since)


def _basis(candidate: Candidate) -> Basis | None:
    plan = candidate.plan
    of_objects = (satzungen.basis_of_object(one.feature_type, one.properties) for one in candidate.objects)
    own = satzungen.basis_of_plan(plan.plan_type, candidate.properties, name=plan.name)
    coded = next(filter(None, of_objects), None) if plan.plan_type == "SO" else None
    return coded or own


def _note_overlaps(plans: list[InForce], areas: Mapping[int, Part]) -> None:
    """Bebauungspläne on the same ground of which none says that it changes the other: to be checked by people."""
    sheets = [each for each in plans if each.plan.plan_type == "BP" and each.basis is None]
    for each in sheets:
        related = {link.plan.pk for link in (*each.amended_by, *each.amends)}
        for other in sheets:
            if other is each or other.plan.pk in related:
                continue
            common = shapely.intersection(areas[each.plan.pk].area, areas[other.plan.pk].area)
            if not measuring.substantial(
                common, dimension=int(shapely.get_dimensions(areas[each.plan.pk].area))
            ).is_empty:
                each.overlaps.append(other.plan)


_KINDS = ("BP", "SO", "FP", "LP", "RP")


def _order(each: InForce) -> tuple[int, int, str, int]:
    """What binds a citizen first; the newest first."""
    day = -each.since.toordinal() if each.since else 0
    return _KINDS.index(each.plan.plan_type), day, each.plan.name, each.plan.pk
