"""What is to be done again every so often: which rows are due, and who takes one."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import DurationField, ExpressionWrapper, F, Q, QuerySet, Value


def due(rows: QuerySet[Any], *, at: datetime, last: str, every: str, unit: timedelta) -> QuerySet[Any]:
    """Rows never done, or long enough ago. last: column of the moment; every: column of how many units lie between two."""
    pause = ExpressionWrapper(F(every) * Value(unit), output_field=DurationField())
    return rows.filter(Q(**{f"{last}__isnull": True}) | Q(**{f"{last}__lte": Value(at) - pause}))


def claim(row: Any, *, last: str, at: datetime) -> bool:
    """Whether this call is the one that takes a due row: of two the first."""
    before = {last: getattr(row, last)}
    return bool(type(row).objects.filter(pk=row.pk, **before).update(**{last: at}))
