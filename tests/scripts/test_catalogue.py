from pathlib import Path

import allauth
import django
import pytest
from django.conf import settings

from scripts.catalogue import entries, extract, mirror, problems, unseen

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


def test_check_finds_a_new_string_and_leaves_the_catalogue_alone(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    catalogue = source / "locale" / "de" / "LC_MESSAGES" / "django.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text(HEADER + GOOD)
    (source / "templates").mkdir()
    (source / "templates" / "page.html").write_text('{% load i18n %}{% translate "Upload plan" %}')
    (source / "planning").mkdir()
    (source / "planning" / "views.py").write_text('_("%(n)s plans")\n')
    target.mkdir()
    mirror(source, target)
    extract(target)
    found = problems(target / catalogue.relative_to(source))
    assert (found, catalogue.read_text()) == (['missing: "Upload plan"'], HEADER + GOOD)


def test_text_inside_of_an_f_string_is_named(tmp_path: Path) -> None:
    (tmp_path / "planning").mkdir()
    (tmp_path / "planning" / "views.py").write_text("a = f\"{_('days')}: {day}\"\nb = _('weeks')\n")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_views.py").write_text("a = f\"{_('days')}\"\n")
    assert unseen(tmp_path) == ["inside of an f-string: _('days') (views.py)"]


def test_overrides_name_texts_that_the_library_still_has() -> None:
    """After an update of the library a changed text would silently come back in its own words."""
    own = Path(settings.BASE_DIR) / "locale" / "libraries"
    libraries = (
        Path(str(allauth.__file__)).parent / "locale",
        Path(django.__file__).parent / "conf" / "locale",
    )
    ours, *theirs = (
        set(entries(folder / "de" / "LC_MESSAGES" / "django.po")) for folder in (own, *libraries)
    )
    assert ours and ours <= set().union(*theirs)
