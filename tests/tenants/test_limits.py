"""Limits in errors are written as people write them, in each language."""

from datetime import date
from typing import Any

import pytest
from django import forms
from django.core.validators import MinLengthValidator, MinValueValidator
from django.utils import translation

from tenants import limits
from tenants.forms import DayField
from twin.analysis import registry


@pytest.mark.parametrize(
    ("language", "limit", "value", "words"),
    [
        ("de", 0.01, 0, "größer oder gleich 0,01 sein"),
        ("de", 2.0, 0, "größer oder gleich 2 sein"),
        ("de", 5, 0, "größer oder gleich 5 sein"),
        ("en", 0.01, 0, "greater than or equal to 0.01."),
        ("de", date(1800, 1, 1), date(1, 1, 1), "größer oder gleich 01.01.1800 sein"),
    ],
)
def test_a_limit_is_told_in_the_language(language: str, limit: Any, value: Any, words: str) -> None:
    with translation.override(language):
        with pytest.raises(forms.ValidationError) as refused:
            limits.AtLeast(limit)(value)
        assert words in refused.value.messages[0]
    assert (refused.value.error_list[0].code, limits.AtLeast(limit)(limit)) == ("min_value", None)


def test_others_stay_and_days_are_told_too() -> None:
    length, small = MinLengthValidator(3), MinValueValidator(0.5)
    assert limits.told([length, small]) == [length, limits.AtLeast(0.5)]
    with pytest.raises(forms.ValidationError) as refused:
        DayField().clean("01.02.2200")
    assert refused.value.messages == ["Dieser Wert muss kleiner oder gleich 31.12.2199 sein."]


def test_no_form_of_an_analysis_tells_a_limit_with_a_point_or_begins_a_label_with_or() -> None:
    """As its page does: Django's own validators are replaced when the form is made."""
    seen = 0
    for use_case in registry.use_cases().values():
        for field in use_case.form.base_fields.values():
            assert not str(field.label).startswith("Oder")
            for each in limits.told(field.validators):
                least = getattr(each, "limit_value", None)
                if not isinstance(least, float):
                    continue
                seen += 1
                with pytest.raises(forms.ValidationError) as refused:
                    each(least - 1 if isinstance(each, limits.AtLeast) else least + 1)
                assert "." not in refused.value.messages[0].rstrip(".").replace(" ", "")
    assert seen > 5
