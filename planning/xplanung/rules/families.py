"""The families of checks on one object: each function takes property names and codes and gives the check.

`name` is a property, a path "property/inner" reaches into a data type. A property counts as given when its element is there.
"""

from collections.abc import Iterable, Mapping

from planning.xplanung.rules.rule import FINE, Check, Details, Item
from planning.xplanung.rules.values import FALSE, TRUE, first, kinds, many, present, texts

Codes = Iterable[str]


def requires(name: str, *others: str) -> Check:
    """If `name` is given, one of the others must be."""

    def broken(item: Item) -> Details | None:
        return FINE if name not in item.values or present(item.values, others) else {}

    family = "requires" if len(others) == 1 else "requires_any"
    return Check(family, {"name": name, "others": ", ".join(others)}, broken, frozenset({name}))


def needs(name: str) -> Check:
    return Check("needs", {"name": name}, lambda item: FINE if name in item.values else {})


def needs_any(*names: str) -> Check:
    return Check("needs_any", _listed(names), lambda item: FINE if present(item.values, names) else {})


def needs_one(*names: str) -> Check:
    """Exactly one of them."""

    def broken(item: Item) -> Details | None:
        found = present(item.values, names)
        return FINE if len(found) == 1 else {"given": ", ".join(found) or "–"}

    return Check("needs_one", _listed(names), broken)


def excludes(names: str, others: str) -> Check:
    """None of the one group together with any of the other. Both: names with spaces between."""
    left, right = tuple(names.split()), tuple(others.split())

    def broken(item: Item) -> Details | None:
        found, against = present(item.values, left), present(item.values, right)
        return {"given": ", ".join(found), "against": ", ".join(against)} if found and against else FINE

    names_of = {"names": ", ".join(left), "others": ", ".join(right)}
    return Check("excludes", names_of, broken, frozenset(left))


def together(*names: str) -> Check:
    def broken(item: Item) -> Details | None:
        found = present(item.values, names)
        missing = ", ".join(name for name in names if name not in found)
        return {"given": ", ".join(found), "missing": missing} if found and missing else FINE

    return Check("together", _listed(names), broken, frozenset(names))


def combinations(*allowed: str) -> Check:
    """Of all the names in `allowed`, none may be given or exactly those of one entry: combinations("GFZmin GFZmax", "GFZ")."""
    sets = [frozenset(entry.split()) for entry in allowed]
    names = tuple(dict.fromkeys(" ".join(allowed).split()))

    def broken(item: Item) -> Details | None:
        found = present(item.values, names)
        return {"given": ", ".join(found)} if found and frozenset(found) not in sets else FINE

    shown = "; ".join(" + ".join(entry.split()) for entry in allowed)
    return Check("combinations", {"allowed": shown}, broken, frozenset(names))


def only_with(name: str, other: str, codes: str, *, given: bool = False) -> Check:
    """If `name` is given, `other` must have one of the codes, or (not `given`) be missing."""
    allowed = frozenset(codes.split())

    def broken(item: Item) -> Details | None:
        found = texts(item.values, other)
        if name not in item.values or (not found and not given) or (found and allowed.issuperset(found)):
            return FINE
        return {"found": ", ".join(found) or "–"}

    family = "only_with" if given else "only_with_or_none"
    return Check(
        family, {"name": name, "other": other, "codes": ", ".join(sorted(allowed))}, broken, frozenset({name})
    )


def code_requires(name: str, code: str, then: str) -> Check:
    """If `name` has the code, `then` must be given."""

    def broken(item: Item) -> Details | None:
        return {} if code in texts(item.values, name) and then not in item.values else FINE

    return Check("code_requires", {"name": name, "code": code, "then": then}, broken, frozenset({name}))


def code_excludes(name: str, code: str, *others: str) -> Check:
    """If `name` has the code, none of the others may be given."""

    def broken(item: Item) -> Details | None:
        found = present(item.values, others) if code in texts(item.values, name) else ()
        return {"given": ", ".join(found)} if found else FINE

    names = {"name": name, "code": code, "others": ", ".join(others)}
    return Check("code_excludes", names, broken, frozenset({name}))


def fits(name: str, other: str, groups: Mapping[str, str]) -> Check:
    """groups: codes of `name` with spaces between -> the code that `other` must have then, if it is given."""
    wanted = {code: group for codes, group in groups.items() for code in codes.split()}

    def broken(item: Item) -> Details | None:
        found = texts(item.values, other)
        for code in texts(item.values, name) if found else ():
            if code in wanted and any(value != wanted[code] for value in found):
                return {"code": code, "found": ", ".join(found), "wanted": wanted[code]}
        return FINE

    shown = "; ".join(f"{codes} → {group}" for codes, group in groups.items())
    names = {"name": name.rpartition("/")[2], "other": other, "groups": shown}
    return Check("fits", names, broken, frozenset({name.partition("/")[0]}))


def same_group(name: str, *groups: str) -> Check:
    """If `name` repeats, all its values must lie in one group of codes."""
    sets = [frozenset(group.split()) for group in groups]

    def broken(item: Item) -> Details | None:
        found = texts(item.values, name)
        fine = len(found) < 2 or any(group.issuperset(found) for group in sets)
        return FINE if fine else {"found": ", ".join(found)}

    outer = name.partition("/")[0]
    return Check("same_group", {"name": outer}, broken, frozenset({outer}))


def not_blank(name: str) -> Check:
    def broken(item: Item) -> Details | None:
        return {} if name in item.values and not first(item.values, name) else FINE

    return Check("not_blank", {"name": name}, broken, frozenset({name}))


def not_more_often(name: str, other: str) -> Check:
    def broken(item: Item) -> Details | None:
        count, against = len(many(item.values, name)), len(many(item.values, other))
        return FINE if count <= against else {"count": count, "times": against}

    return Check("not_more_often", {"name": name, "other": other}, broken, frozenset({name}))


def as_often_if_repeated(name: str, other: str) -> Check:
    """A repeated `name` wants `other` as often."""

    def broken(item: Item) -> Details | None:
        count, against = len(many(item.values, name)), len(many(item.values, other))
        return FINE if count < 2 or count == against else {"count": count, "times": against}

    return Check("as_often", {"name": name, "other": other}, broken, frozenset({name}))


def requires_once(name: str, other: str) -> Check:
    """If `name` is given, `other` stands exactly once."""

    def broken(item: Item) -> Details | None:
        count = len(many(item.values, other))
        return FINE if name not in item.values or count == 1 else {"count": count}

    return Check("requires_once", {"name": name, "other": other}, broken, frozenset({name}))


# Geometry


def geometry_is(*allowed: str) -> Check:
    """allowed: "area", "line", "point"."""
    wanted = frozenset(allowed)

    def broken(item: Item) -> Details | None:
        found = kinds(item)
        return FINE if found <= wanted else {}

    return Check(f"geometry_{'_or_'.join(sorted(allowed))}", {}, broken)


def geometry_not(kind: str) -> Check:
    return Check(f"geometry_no_{kind}", {}, lambda item: {} if kind in kinds(item) else FINE)


def geometry_not_mixed() -> Check:
    return Check("geometry_mixed", {}, lambda item: {} if len(kinds(item)) > 1 else FINE)


# Flächenschluss


def closure(wanted: bool, *, level: str = "any", area: bool = False) -> Check:
    """flaechenschluss must be as wanted; area: only where `position` is one.

    level: "any"; "zero" (ebene is stated as 0); "base" (0 or missing: the standard says so for Flächenschlussobjekte only);
    "other" (stated and not 0; a missing flaechenschluss is another rule's business there)."""
    allowed = TRUE if wanted else FALSE
    if level == "other":
        allowed |= {""}

    def broken(item: Item) -> Details | None:
        if level not in ("any", *_levels(item)) or first(item.values, "flaechenschluss") in allowed:
            return FINE
        return FINE if area and "area" not in kinds(item) else {}

    family = f"closure_{'area_' if area else ''}{str(wanted).lower()}_{level}"
    return Check(family, {}, broken)


def _levels(item: Item) -> tuple[str, ...]:
    """What can be said of the ebene of an object."""
    stated = first(item.values, "ebene")
    return ("base",) if not stated else ("base", "zero") if stated.strip("+-0") == "" else ("other",)


def closure_stated() -> Check:
    def broken(item: Item) -> Details | None:
        return {} if "flaechenschluss" not in item.values and "area" in kinds(item) else FINE

    return Check("closure_stated", {}, broken)


def _listed(names: tuple[str, ...]) -> dict[str, str]:
    return {"names": ", ".join(names)}
