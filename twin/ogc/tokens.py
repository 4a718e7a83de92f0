"""Tokens of pages: where the next one begins, as text that is given back as it is."""

import base64
import binascii
import json
from typing import Any

from django.utils.translation import gettext as _

from twin.ogc.errors import ParameterRefused

_LARGEST = 2**63 - 1


def written(parts: list[Any]) -> str:
    text = json.dumps(parts, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(token: str, *, kinds: tuple[Any, ...]) -> list[Any]:
    """The parts again, whole numbers from 0. kinds: a type for each part. Raises ParameterRefused unless it is one of ours."""
    try:
        parts = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        if not isinstance(parts, list) or len(parts) != len(kinds):
            raise ValueError
        for part, kind in zip(parts, kinds, strict=True):
            if not isinstance(part, kind) or isinstance(part, bool):
                raise ValueError
            if isinstance(part, int) and not 0 <= part <= _LARGEST:
                raise ValueError
            if isinstance(part, str) and "\0" in part:
                raise ValueError
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise ParameterRefused("after", _("Take it from the link to the next page as it is.")) from None
    return parts
