"""Entities as JSON: pages of them, one, one of its properties; with what is expanded."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenants.permissions import Person
from twin.ogc.errors import OgcError, ParameterRefused
from twin.ogc.sta.asking import Asked, Segment
from twin.ogc.sta.entities import KINDS, Kind, Link, Rows
from twin.ogc.sta.filters import condition

MOST_EXPANDED = 50  # entities of a page with expansions that each ask the database
MOST_ASKED = 500  # such questions in one answer, pages within pages included


class NoSuchEntity(OgcError):
    """Nothing of this name or key, or not for whom asked."""

    status = 404
    title = gettext_lazy("Not found")


@dataclass(frozen=True)
class Target:
    """What a path leads to: rows of a kind, or one row; of it perhaps one property, perhaps as text alone."""

    kind: str
    rows: Rows
    row: Any = None
    member: str = ""
    raw: bool = False


def target(path: list[Segment], person: Person) -> Target:
    """Raises NoSuchEntity."""
    head, *rest = path
    if head.name not in KINDS:
        raise _missing(head.name)
    found = _keyed(Target(head.name, KINDS[head.name].rows(person)), head.key)
    for segment in rest:
        found = _further(found, segment, person)
    return found


def _missing(what: str) -> NoSuchEntity:
    return NoSuchEntity(_("There is nothing of this name: %s") % what[:60])


def _keyed(found: Target, key: str) -> Target:
    if not key:
        return found
    try:
        row = found.rows.filter(pk=KINDS[found.kind].key(key)).first()
    except ValueError:
        row = None
    if row is None:
        raise _missing(f"{found.kind}({key})")
    return Target(found.kind, found.rows, row)


def _further(found: Target, segment: Segment, person: Person) -> Target:
    if found.member:
        if segment != Segment("$value") or found.raw:
            raise _missing(segment.name)
        return Target(found.kind, found.rows, found.row, found.member, raw=True)
    if found.row is None:
        raise _missing(segment.name)  # of several no single way leads on
    link = KINDS[found.kind].links.get(segment.name)
    if link is None:
        if segment.key or segment.name not in KINDS[found.kind].body(found.row):
            raise _missing(segment.name)
        return Target(found.kind, found.rows, found.row, segment.name)
    rows = KINDS[link.target].rows(person).filter(**link.where(found.row))
    if link.many:
        return _keyed(Target(link.target, rows), segment.key)
    row = rows.first()
    if row is None or segment.key:
        raise _missing(segment.name)
    return Target(link.target, rows, row)


@dataclass(frozen=True)
class Writer:
    """Of one answer. base: address of the service, without a slash at its end. left: questions to the database that expansions may still ask."""

    base: str
    person: Person
    left: Iterator[int] = field(default_factory=lambda: iter(range(MOST_ASKED)))

    def page(self, kind: str, rows: Rows, asked: Asked, *, following: str) -> dict[str, Any]:
        """following: address of the next page, where there is one."""
        rows = _chosen(KINDS[kind], rows, asked)
        found = list(rows[asked.skip : asked.skip + asked.top + 1])
        shown = found[: asked.top]
        self._bounded(kind, asked, len(shown))
        answer: dict[str, Any] = {"@iot.count": rows.count()} if asked.count else {}
        if len(found) > asked.top > 0:
            answer["@iot.nextLink"] = following
        return answer | {"value": [self.one(kind, row, asked) for row in shown]}

    def _bounded(self, kind: str, asked: Asked, number: int) -> None:
        """Raises ParameterRefused where each entity of a long page would ask the database."""
        links = KINDS[kind].links
        costly = any(
            name in links and not _is_near(links[name], inner) for name, inner in asked.expand.items()
        )
        if costly and number > MOST_EXPANDED:
            raise ParameterRefused("$top", _("With this expansion at most %(most)s at once.") % {"most": MOST_EXPANDED})  # fmt: skip

    def one(self, kind: str, row: Any, asked: Asked) -> dict[str, Any]:
        links, address = KINDS[kind].links, self._address(kind, row)
        body = {"@iot.id": row.pk, "@iot.selfLink": address, **_absolute(KINDS[kind].body(row), self.base)}
        body |= {f"{name}@iot.navigationLink": f"{address}/{name}" for name in links}
        if asked.select:
            body = _selected(body, asked.select, links)
        for name, inner in asked.expand.items():
            if name not in links:
                raise ParameterRefused("$expand", _("Nothing is asked by “%(name)s” here, but by: %(choices)s") % {"name": name, "choices": ", ".join(links)})  # fmt: skip
            body |= self._expanded(name, links[name], row, inner, address=f"{address}/{name}")
        return body

    def _expanded(self, name: str, link: Link, row: Any, asked: Asked, *, address: str) -> dict[str, Any]:
        if link.near is not None and asked.is_plain:
            found = [self.one(link.target, each, asked) for each in link.near(row)]
            return {name: found if link.many else found[0] if found else None}
        if next(self.left, None) is None:
            raise ParameterRefused("$expand", _("These expansions ask for too much at once. Take fewer with $top, or ask in steps."))  # fmt: skip
        rows = KINDS[link.target].rows(self.person).filter(**link.where(row))
        if not link.many:
            single = rows.first()
            return {name: self.one(link.target, single, asked) if single else None}
        page = self.page(link.target, rows, asked, following=f"{address}?$top={asked.top}&$skip={asked.skip + asked.top}")  # fmt: skip
        told = {f"{name}{key}": page[key] for key in ("@iot.count", "@iot.nextLink") if key in page}
        return {name: page["value"], **told}

    def _address(self, kind: str, row: Any) -> str:
        key = f"'{row.pk}'" if isinstance(row.pk, str) else row.pk
        return f"{self.base}/{kind}({key})"


def _is_near(link: Link, asked: Asked) -> bool:
    return link.near is not None and asked.is_plain


def _chosen(kind: Kind, rows: Rows, asked: Asked) -> Rows:
    if asked.filter:
        if not kind.filters:
            raise ParameterRefused("$filter", _("These entities are not filtered."))
        rows = rows.filter(condition(asked.filter, kind.filters))
    order = []
    for name, falling in asked.order:
        if name not in kind.order:
            raise ParameterRefused("$orderby", _("Nothing is asked by “%(name)s” here, but by: %(choices)s") % {"name": name[:60], "choices": ", ".join(kind.order)})  # fmt: skip
        order.append(f"{'-' if falling else ''}{kind.order[name]}")
    # with what tells equals apart: pages begin where the one before has ended
    order += [name for name in kind.default if name not in order and f"-{name}" not in order]
    return rows.order_by(*order) if order else rows


def _selected(body: dict[str, Any], names: tuple[str, ...], links: Mapping[str, Link]) -> dict[str, Any]:
    known = {"id": ["@iot.id", "@iot.selfLink"]}
    known |= {name: [f"{name}@iot.navigationLink"] for name in links}
    known |= {name: [name] for name in body if not name.startswith("@") and "@" not in name}
    for name in names:
        if name not in known:
            raise ParameterRefused("$select", _("Nothing is asked by “%(name)s” here, but by: %(choices)s") % {"name": name[:60], "choices": ", ".join(known)})  # fmt: skip
    wanted = {each for name in names for each in known[name]}
    return {name: value for name, value in body.items() if name in wanted}


def _absolute(body: dict[str, Any], base: str) -> dict[str, Any]:
    """A sensor's page as a whole address."""
    if str(body.get("metadata", "")).startswith("/"):
        body["metadata"] = base.partition("/ogc/")[0] + body["metadata"]
    return body
