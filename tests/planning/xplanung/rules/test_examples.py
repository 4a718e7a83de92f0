"""Every rule, in every version, is broken by its failing examples and by nothing else, and kept by its passing ones, which are
valid by the schema (looked at in the newest version only: the check takes longer than the rules)."""

import io

import pytest

from planning.xplanung.findings import Finding
from planning.xplanung.reader import Reader
from planning.xplanung.rules import RULES, SemanticCheck
from tests.planning.xplanung.rules.building import Obj, document
from tests.planning.xplanung.rules.example import Example
from tests.planning.xplanung.rules.examples import EXAMPLES

CHECKED = {(rule.id, version) for rule in RULES if rule.checked for version in rule.versions}


def findings(version: str, objects: tuple[Obj, ...], *, valid: bool = False) -> list[Finding]:
    """valid: the document must be valid by its schema too."""
    reader = Reader(io.BytesIO(document(version, objects)), srid=25833, check=valid)
    check = SemanticCheck(version)
    for batch in reader.batches():
        for record in batch:
            check.add(record)
    assert not valid or reader.valid, [found.message for found in reader.findings]
    return check.finish()


@pytest.mark.parametrize("item", EXAMPLES, ids=lambda item: item.rule)
def test_rule_is_kept_and_broken(item: Example) -> None:
    versions = sorted(version for version in item.versions if (item.rule, version) in CHECKED)
    for version in versions:
        kept = findings(version, item.good, valid=version == versions[-1])
        assert [(version, found.condition) for found in kept] == []
        broken = {found.condition for found in findings(version, item.bad)}
        assert {item.rule} <= broken <= {item.rule} | item.also, version


def test_every_checked_rule_has_an_example_in_each_version() -> None:
    shown = {(item.rule, version) for item in EXAMPLES for version in item.versions}
    assert sorted(CHECKED - shown) == []


def test_every_example_belongs_to_a_checked_rule() -> None:
    numbers = {number for number, _version in CHECKED}
    assert [item.rule for item in EXAMPLES if item.rule not in numbers] == []
