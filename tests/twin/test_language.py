"""German first, English for whoever asks for it, and the standard's own words German in both."""

from datetime import UTC, datetime

import pytest
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from planning.models import PlanType
from planning.xplanung.schema import label

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> str:
    return reverse("account_login")


@pytest.mark.parametrize("cookie", [None, "de", "fr", "../../etc", "x" * 600])
def test_german_whatever_the_browser_prefers(client: Client, page: str, cookie: str | None) -> None:
    if cookie is not None:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = cookie
    response = client.get(page, headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert response.headers["Content-Language"] == "de"
    assert "Accept-Language" not in response.headers["Vary"]
    assert '<html lang="de">' in response.content.decode()


def test_the_switch_lasts_and_goes_back(client: Client, page: str) -> None:
    seen = []
    for language in ("en", "de"):
        answer = client.post(reverse("set_language"), {"language": language, "next": page})
        assert answer.headers["Location"] == page
        response = client.get(page)
        assert "Cookie" in response.headers["Vary"]
        assert f'<html lang="{language}">' in response.content.decode()
        seen.append(response.headers["Content-Language"])
    assert seen == ["en", "de"]


@pytest.mark.parametrize(
    ("language", "shown"),
    [("de", ["3. April 2026", "03.04.2026", "14:30"]), ("en", ["3 April 2026", "3 Apr 2026", "14:30"])],
)
def test_days_and_times_as_people_here_write_them(language: str, shown: list[str]) -> None:
    moment = datetime(2026, 4, 3, 14, 30, tzinfo=UTC)
    with translation.override(language):
        formats = ("DATE_FORMAT", "SHORT_DATE_FORMAT", "TIME_FORMAT")
        assert [date_format(moment, each) for each in formats] == shown


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_terms_of_the_standard_stay_german(language: str) -> None:
    with translation.override(language):
        assert str(PlanType.BP.label) == "Bebauungsplan"
        assert label("6.0", "BP_GruenFlaeche").startswith("Grün")


@pytest.mark.parametrize("field", [forms.URLField(assume_scheme="https"), forms.EmailField()])
def test_forms_say_sie_whatever_a_library_says(field: forms.Field) -> None:
    """Libraries translate texts of Django's, too, and theirs come before Django's own."""
    with translation.override("de"), pytest.raises(ValidationError) as refused:
        field.clean("das ist keine")
    assert refused.value.messages[0].startswith("Geben Sie ")
