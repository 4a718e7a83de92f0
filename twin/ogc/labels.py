"""Words for people."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

TYPES = {
    "string": _("Text"),
    "integer": _("Whole number"),
    "number": pgettext_lazy("type", "Number"),
    "boolean": _("Yes or no"),
    "date": _("Date"),
    "datetime": _("Date and time"),
}
