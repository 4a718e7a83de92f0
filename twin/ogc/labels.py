"""Words for people."""

from django.utils.translation import gettext_lazy as _

TYPES = {
    "string": _("Text"),
    "integer": _("Whole number"),
    "number": _("Number"),
    "boolean": _("Yes or no"),
    "date": _("Date"),
    "datetime": _("Date and time"),
}
