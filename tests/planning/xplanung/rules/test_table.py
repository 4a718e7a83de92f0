"""The table of rules: complete by the standard's numbers, worded, about things that exist, and on its page."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from planning.xplanung.findings import MESSAGES
from planning.xplanung.rules import RULES, Rule
from planning.xplanung.rules.rule import Link
from planning.xplanung.rules.titles import TITLES
from planning.xplanung.schema import Property, Schema, schema
from scripts import rule_table

NUMBERS = {version: numbers.split() for version, numbers in json.loads(Path(__file__).with_name("numbers.json").read_text()).items()}  # fmt: skip
# What no program can decide in that version, or what says nothing there.
NOTHING_TO_DECIDE = {
    "4.0": {"5.1.8.1", "5.1.9.1", "6.1.7.1"},
    "4.1": {"5.1.8.1", "5.1.9.1", "6.1.7.1"},
    **dict.fromkeys(
        ("5.0", "5.1", "5.2", "5.3", "5.4"),
        {"2.2.4.1", "5.1.8.1", "5.1.9.1", "6.1.7.1", "8.1.2.1", "8.1.7.1"},
    ),
    "6.0": {"2.2.4.1", "4.8.2.3", "4.8.2.4", "5.1.8.1", "5.1.9.1", "6.1.7.1", "6.2.10.1", "6.3.3.1", "6.3.3.2", "8.1.4.1"},
}  # fmt: skip
SELDOM = {"plan_states": {"needed"}, "plan_has": {"name"}}  # properties of the plan, not of the object


@pytest.mark.parametrize("version", NUMBERS)
def test_each_number_of_the_standard_has_one_entry(version: str) -> None:
    found = [rule.id for rule in RULES if version in rule.versions]
    assert found == NUMBERS[version]


@pytest.mark.parametrize("version", NUMBERS)
def test_only_what_cannot_be_decided_is_left_unchecked(version: str) -> None:
    assert {rule.id for rule in RULES if version in rule.versions and not rule.checked} == NOTHING_TO_DECIDE[
        version
    ]


def test_every_rule_is_worded() -> None:
    assert all(rule.title for rule in RULES)


def test_no_wording_is_left_over() -> None:
    families = {rule.check.family for rule in RULES}
    assert families == set(TITLES)
    assert {key for key in MESSAGES if key.startswith("semantic.")} == {
        f"semantic.{rule.check.family}" for rule in RULES if rule.checked
    }


@pytest.mark.parametrize("version", [*NUMBERS, "6.1"])
def test_rules_are_about_types_and_properties_that_exist(version: str) -> None:
    facts = schema(version)
    for rule in RULES:
        if version not in rule.versions or not rule.checked or rule.types == ("*",):
            continue
        concrete = [item for item in facts.elements if is_one_of(facts, item, rule.types)]
        assert concrete, rule.id
        known = {name for item in concrete for name in properties(facts, item)}
        assert set(rule.check.trigger) | own_names(rule) <= known, rule.id
        targets = rule.check.names.get("types", "").split(", ")
        assert all(facts.feature_type(target) for target in targets if target), rule.id


def test_6_1_gets_what_6_0_demands_of_things_that_did_not_change() -> None:
    """The standard's own list for 6.1 is not known to us: the facts of the schema decide."""
    before, after = schema("6.0"), schema("6.1")
    checked = [rule for rule in RULES if rule.checked and "6.0" in rule.versions]
    unchanged = [
        rule for rule in checked if spoken_of(before, rule, before) == spoken_of(after, rule, before)
    ]
    assert [rule for rule in RULES if "6.1" in rule.versions] == unchanged
    left = [rule.id for rule in checked if rule not in unchanged]
    assert left == ["4.3.1.2", "4.5.1.7", "5.3.1.6", "6.1.6.1"]
    assert all(number in rule_table.INTRODUCTION for number in left)


def spoken_of(facts: Schema, rule: Rule, known: Schema) -> object:
    """The types a rule is about, of those that `known` has, and kind, cardinality and targets of the properties it names in
    them; of one that sorts all codes of a property, those codes too."""
    names, sorts = own_names(rule) | rule.check.trigger, rule.check.family == "same_group"
    return {
        name: {
            item.name: (item.kind, item.minimum, item.maximum, item.targets, item.values if sorts else {})
            for owner, item in with_inner(facts, name)
            if item.name in names or (sorts and owner in names)
        }
        for name in known.elements
        if is_one_of(known, name, rule.types) and is_one_of(facts, name, rule.types)
    }


def with_inner(facts: Schema, name: str) -> Iterator[tuple[str, Property]]:
    """All properties, and those of the data types in them with the name of the property that holds them."""
    declared = facts.feature_type(name)
    for item in declared.properties if declared else ():
        yield "", item
        inner = facts.feature_type(item.data_type) if item.data_type else None
        yield from ((item.name, each) for each in (inner.properties if inner else ()))


def is_one_of(facts: Schema, name: str, types: tuple[str, ...]) -> bool:
    found = facts.feature_type(name)
    return found is not None and not found.abstract and any(map(found.is_a, types))


def properties(facts: Schema, name: str) -> set[str]:
    """Of the type and of the data types in it."""
    found = facts.feature_type(name)
    assert found is not None
    inner = (facts.feature_type(item.data_type) for item in found.properties if item.data_type)
    return set(found.by_name).union(*(item.by_name for item in inner if item))


def own_names(rule: Rule) -> set[str]:
    """Properties that the rule names of the objects it is about."""
    names = rule.check.names
    keys = {"name", "names", "other", "others", "then", "needed"} - SELDOM.get(rule.check.family, set())
    listed = {name for key in keys for name in names.get(key, "").split(", ") if name and "…" not in name}
    return listed | set(re.findall(r"\w+", names.get("allowed", "")))


def test_references_that_rules_look_up_are_references() -> None:
    for rule, link in [(rule, rule.check) for rule in RULES if isinstance(rule.check, Link)]:
        for facts in map(schema, rule.versions):
            declared = [item for each in facts.feature_types() for item in each.properties]
            assert {item.kind for item in declared if item.name in link.watch} <= {"reference"}


def test_the_page_is_current() -> None:
    assert rule_table.PAGE.read_text(encoding="utf-8") == rule_table.page()
