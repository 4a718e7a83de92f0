"""Code lists: what is published belongs to lists that the standard names; what an object states is found, however deep."""

from planning.xplanung import codelists
from planning.xplanung.schema import VERSIONS, schema


def test_every_published_list_is_named_by_the_standard() -> None:
    named = {
        part["codes"]
        for version in VERSIONS
        for fact in schema(version).types.values()
        for part in fact.get("parts", ())
        if "codes" in part
    }
    assert set(codelists.PUBLISHED) <= named


def test_codes_are_found_inside_data_types_and_lists() -> None:
    facts = schema("6.0")
    kind = facts.feature_type("BP_GruenFlaeche")
    assert kind is not None
    properties = {
        "zweckbestimmung": [
            {"@type": "BP_KomplexeZweckbestGruen", "allgemein": "1000", "detail": [{"@text": "1", "@codeSpace": "x"}]},
            {"@type": "BP_KomplexeZweckbestGruen", "detail": ["2", "1"]},
        ],
        "unknown": "3",
        "text": "4",
    }  # fmt: skip
    assert set(codelists.used(kind, properties, facts)) == {
        ("BP_DetailZweckbestGruenFlaeche", "1"),
        ("BP_DetailZweckbestGruenFlaeche", "2"),
    }
