"""Old codes and simple values -> new ones."""

from planning.xplanung.datatypes import DataTypes, collapsed
from planning.xplanung.schema import Property, Schema
from planning.xplanung.upgrade.table import CODES, SPLITS

_OLDEST = ("4.0", "4.1")


class Codes:
    """Between two versions of the standard."""

    def __init__(self, source: Schema, target: Schema) -> None:
        self._version = source.version
        self._check = DataTypes(target.simple).check

    def texts(self, text: str, old: Property, new: Property) -> tuple[str, ...]:
        """The new values of one old one; none where the new property cannot hold it."""
        if not old.values:
            return (text,) if self.fits(text, new) else ()
        code = collapsed(text)
        name = _enumeration(old.type)
        found = SPLITS.get(name, {}).get(code) or (self._mapped(name, code),)
        return tuple(each for each in found if each is not None and self.fits(each, new))

    def _mapped(self, name: str, code: str) -> str | None:
        if self._version in _OLDEST and code in CODES.get(f"{name}@4", {}):
            return CODES[f"{name}@4"][code]
        return CODES.get(name, {}).get(code, code)

    def fits(self, text: str, new: Property) -> bool:
        if new.kind in ("codelist", "measure"):
            return bool(text.strip()) or new.kind == "codelist"
        return self._check(new.type)(text)


def _enumeration(type_name: str) -> str:
    """4.0 calls an enumeration's type BP_RechtsstandType."""
    return type_name.removesuffix("Type")
