from pathlib import Path

import pytest

from scripts.catalogue import problems

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
GOOD = '#, python-format\nmsgid "%(n)s plans"\nmsgstr "%(n)s Pläne"\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (GOOD, []),
        (GOOD + '\nmsgid "Upload plan"\nmsgstr ""\n', ['missing: "Upload plan"']),
        (GOOD + '\n#, fuzzy\nmsgid "Upload plan"\nmsgstr "Plan"\n', ['fuzzy: "Upload plan"']),
        (GOOD + '\n#~ msgid "gone"\n#~ msgstr ""\n', []),
    ],
)
def test_problems_names_missing_and_fuzzy_entries(tmp_path: Path, text: str, expected: list[str]) -> None:
    catalogue = tmp_path / "django.po"
    catalogue.write_text(HEADER + text)
    assert problems(catalogue) == expected


def test_problems_names_a_lost_placeholder(tmp_path: Path) -> None:
    catalogue = tmp_path / "django.po"
    catalogue.write_text(HEADER + GOOD.replace("%(n)s Pläne", "Pläne"))
    assert len(problems(catalogue)) == 1


def test_problems_without_catalogue(tmp_path: Path) -> None:
    assert problems(tmp_path / "django.po") == ["there is no catalogue"]
