"""Validators that tell their limits as people write them: 0,01 and 01.01.1800, not 0.01 and 1800-01-01."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import BaseValidator, MaxValueValidator, MinValueValidator
from django.utils.formats import date_format, localize


class _Told(BaseValidator):
    def __call__(self, value: Any) -> None:
        try:
            super().__call__(value)
        except ValidationError as error:
            told = {**(error.params or {}), "limit_value": _said(self.limit_value)}
            raise ValidationError(self.message, code=self.code, params=told) from None


def _said(limit: Any) -> str:
    """A whole number without a comma, whichever type holds it."""
    if isinstance(limit, date):
        return date_format(limit, "SHORT_DATE_FORMAT")
    whole = isinstance(limit, float) and limit.is_integer()
    return str(localize(int(limit) if whole else limit))


class AtLeast(_Told, MinValueValidator):
    """As Django's, in the person's language."""


class AtMost(_Told, MaxValueValidator):
    """As Django's, in the person's language."""


_OURS = {MinValueValidator: AtLeast, MaxValueValidator: AtMost}


def told(validators: list[Any]) -> list[Any]:
    """Django's own among them replaced."""
    return [_OURS[type(each)](each.limit_value) if type(each) in _OURS else each for each in validators]
