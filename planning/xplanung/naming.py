"""What an object is called where people tell it from its neighbours: its kind, its own name, its purpose, its measures."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from planning.xplanung.plans import as_list, text_of
from planning.xplanung.properties import Json
from planning.xplanung.schema import FeatureType, Schema, schema
from planning.xplanung.schema.labels import readable

_NAMES = ("name", "aufschrift", "gliederung1", "nummer")
_USES = ("besondereArtDerBaulNutzung", "allgArtDerBaulNutzung")  # the finer one stands for both
_PURPOSES = ("sondernutzung", "zweckbestimmung", "besondereZweckbestimmung", "artDerFestlegung", "einteilung")
_KINDS = ("gebietsTyp", "gebietsArt", "allgemeinerTyp", "typ", "art", "massnahme", "gegenstand", "pflanzenArt", "nutzung", "grund", "ziel")  # fmt: skip
_MEASURES = ("laermpegelbereich", "zone", "GRZ", "GFZ")  # mean nothing without their label
_HEIGHTS = ("h", "hZwingend", "hMin", "hMax")
_IN_OWN_WORDS = ("textlicheErgaenzung", "nutzungText", "massnahmeText")
_CODES = ("allgemein", "klassifizMassnahme")
_LENGTH = 60  # characters of a text that stands for a name


def object_label(version: str, feature_type: str, properties: Mapping[str, Json]) -> str:
    """ "Grünfläche: Parkanlage (Stadtgarten)"; the kind alone where the object states nothing else.

    properties: as planning.xplanung.properties reads them. Labels are the standard's, in German."""
    told = _Object(schema(version), feature_type, properties)
    return told.joined([*told.own_name(), *told.purposes(), *told.kinds(), *told.measures()] or told.text())


def group_label(version: str, feature_type: str, properties: Mapping[str, Json]) -> str:
    """What the objects of one entry of a legend share: kind and use, or kind and purpose."""
    told = _Object(schema(version), feature_type, properties, own_words=False)
    return told.joined([*told.purposes()])


@dataclass(frozen=True, slots=True)
class _Object:
    schema: Schema
    feature_type: str
    properties: Mapping[str, Json]
    own_words: bool = True  # what the file adds to a code in words of its own

    def joined(self, parts: list[str]) -> str:
        facts = self.schema.feature_type(self.feature_type)
        kind = facts.label if facts else readable(self.feature_type)
        said = ", ".join(dict.fromkeys(parts))
        if said.startswith(kind):  # a plan is often named after its kind
            return said
        return f"{kind}: {said}" if said else kind

    def own_name(self) -> list[str]:
        names = (text_of(self.properties.get(name)) for name in _NAMES)
        return [name for name in names if name][:1]

    def purposes(self) -> Iterator[str]:
        uses = [name for name in _USES if self.properties.get(name)][:1]
        for name in (*uses, *_PURPOSES):
            yield from self._words(name)

    def kinds(self) -> Iterator[str]:
        for name in _KINDS:
            yield from self._words(name)

    def measures(self) -> Iterator[str]:
        for name in _MEASURES:
            for words in self._words(name):
                yield f"{readable(name).partition(' (')[0]} {words.replace('.', ',')}"
        for given in as_list(self.properties.get("hoehenangabe")):
            heights = (
                [given[name] for name in _HEIGHTS if name in given] if isinstance(given, Mapping) else []
            )
            for height in heights[:1]:
                unit = height.get("@uom", "") if isinstance(height, Mapping) else ""
                yield f"{text_of(height).replace('.', ',')} {unit}".strip()

    def text(self) -> list[str]:
        text = text_of(self.properties.get("text"))
        if len(text) > _LENGTH:
            text = f"{text[:_LENGTH].rpartition(' ')[0] or text[:_LENGTH]} …"
        return [words for words in (text_of(self.properties.get("schluessel")), text) if words]

    def _words(self, name: str) -> Iterator[str]:
        """All values of a property in words."""
        facts = self.schema.feature_type(self.feature_type)
        for value in as_list(self.properties.get(name)):
            if isinstance(value, Mapping) and "@type" in value:
                words = self._complex(value)
            else:
                words = _code(facts, name, value)
            if words:
                yield words

    def _complex(self, value: Mapping[str, Json]) -> str:
        """A data type of a code and words: "Parkanlage (Stadtgarten)", but "Spielplatz am Anger" alone, which says both."""
        facts = self.schema.feature_type(str(value["@type"]))
        codes = [_code(facts, name, value[name]) for name in _CODES if name in value]
        added = [text_of(value[name]) for name in _IN_OWN_WORDS if name in value and self.own_words]
        code, words = " ".join(codes), " ".join(added)
        if words.startswith(code):
            return words
        return f"{code} ({words})" if words else code


def _code(facts: FeatureType | None, name: str, value: Json) -> str:
    text = text_of(value)
    known = facts.by_name.get(name) if facts else None
    return known.values.get(text, text) if known else text
