"""Readable German labels made from the names of the standard (`BP_BaugebietsTeilFlaeche` -> "Baugebiets-Teilfläche")."""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

_PREFIX = re.compile(r"^(?:BP|FP|RP|LP|SO|XP)_")
_WORD = re.compile(r"[A-ZÄÖÜ]{2,}(?![a-zäöüß])|[A-ZÄÖÜ]?[a-zäöüß]+|[A-ZÄÖÜ]|\d+")
# "ue" is no umlaut after a, e, q ("neue", "Quelle", "Bauer") nor before "ll" of foreign words ("aktuell").
_UMLAUTS = (
    (re.compile(r"(?<=[fFgG])ue(?=ll)"), "ü"),
    (re.compile(r"(?<![aeqAEQ])ue(?!ll|nz)"), "ü"),
    (re.compile(r"(?<![aeqAEQ])Ue"), "Ü"),
    (re.compile(r"(?<![aeoAEO])ae(?!l\b)"), "ä"),
    (re.compile(r"\bAe"), "Ä"),
    (re.compile(r"oe(?!ff?izient|x|kt)"), "ö"),
    (re.compile(r"\bOe"), "Ö"),
    (re.compile(r"([Ss])trasse"), r"\1traße"),
    (re.compile(r"([Mm])ass(?=$|[ne]|[A-Z])"), r"\1aß"),
    (re.compile(r"([Gg])ross"), r"\1roß"),
    (re.compile(r"([Ss])chliess"), r"\1chließ"),
    (re.compile(r"äusser"), "äußer"),
)
_SMALL = {"und", "oder", "der", "die", "das", "des", "dem", "den", "für", "nach", "in", "im", "mit", "von", "vom", "zu", "zur", "zum", "an", "am", "auf", "bei", "durch", "ohne"}  # fmt: skip

# Last parts of a compound: German writes them together with the word before ("Bau" + "Grenze").
_TAILS = {"Fläche", "Flächen", "Linie", "Punkt", "Grenze", "Maß", "Stellung", "Bereich", "Gebiet", "Maßnahme", "Teil", "Datum", "Objekt", "Anlage", "Anlagen", "Angabe", "Bezug", "Art"}  # fmt: skip
_SHORT = {"Zweckbest": "Zweckbestimmung", "Zentr": "zentrale", "Pers": "Personen"}
# What no rule makes readable: measures of the Baunutzungsverordnung, abbreviations, the standard's own misspellings.
_WRITTEN: Mapping[str, str] = json.loads(Path(__file__).with_name("labels.json").read_text(encoding="utf-8"))


def with_umlauts(text: str) -> str:
    """Turn the transcriptions ae, oe, ue, ss of the standard's names back where German writes them so."""
    for pattern, replacement in _UMLAUTS:
        text = pattern.sub(replacement, text)
    return text


@lru_cache(4096)  # a map asks for the same few thousand times; names come from files, so there is a limit
def readable(name: str) -> str:
    """Label of a feature type, property or code name when the standard publishes none."""
    bare = with_umlauts(_PREFIX.sub("", name).lstrip("_").replace("_", " "))
    if name in _WRITTEN:
        return _WRITTEN[name]
    words: list[str] = []
    for word in (found for part in bare.split() for found in _WORD.findall(part)):
        word = _SHORT.get(word, word)
        if words and word in _TAILS and words[-1] not in _SMALL:
            words[-1] += word.lower()
        else:
            words.append(word.lower() if word.lower() in _SMALL else word)
    label = " ".join(words) or bare or name
    return label[0].upper() + label[1:]
