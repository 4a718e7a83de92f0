"""Forms in KERN markup: `{{ form }}` or `{{ form.name.as_field_group }}` gives labels, hints, errors and controls.

A bare `{{ form.name }}` stays Django's own control, which is what the admin sites of Django and Wagtail print.
"""

from collections.abc import Mapping
from copy import copy
from typing import Any

from django.forms import BoundField, widgets
from django.forms.renderers import TemplatesSetting
from django.forms.utils import flatatt
from django.template.loader import select_template
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

GROUPS = (widgets.RadioSelect, widgets.CheckboxSelectMultiple)
# What the browser's own pickers need: an input type and the ISO form they read and write.
PICKERS: dict[type[widgets.DateTimeBaseInput], tuple[str, str]] = {
    widgets.DateInput: ("date", "%Y-%m-%d"),
    widgets.DateTimeInput: ("datetime-local", "%Y-%m-%dT%H:%M"),
    widgets.TimeInput: ("time", "%H:%M"),
}
SELECT = "django/forms/widgets/select.html"
EMPTY = "---------"  # Django's words for nothing chosen
PARTS = (_("Date"), _("Time"))  # of a date and time in two controls


class ControlRenderer(TemplatesSetting):
    """Takes `kern/widgets/x.html` where it exists, else the control's own template."""

    def get_template(self, template_name: str) -> Any:
        """The KERN variant of a template of Django's, or the template itself."""
        return select_template(
            [template_name.replace("django/forms/widgets/", "kern/widgets/"), template_name]
        )


CONTROLS = ControlRenderer()


def kind(widget: widgets.Widget) -> str:
    """Which of KERN's field layouts a control takes; "own" leaves it alone (maps, captcha)."""
    if isinstance(widget, GROUPS):
        return "group"
    if isinstance(widget, widgets.CheckboxInput):
        return "check"
    if isinstance(widget, widgets.MultiWidget | widgets.SelectDateWidget):
        return "parts"
    if isinstance(widget, widgets.Select):
        return "multiple" if widget.allow_multiple_selected else "select"
    if isinstance(widget, widgets.FileInput):
        return "file"
    return "input" if (widget.template_name or "").startswith("django/forms/widgets/") else "own"


CLASSES = {
    "check": "kern-form-check__checkbox",
    "file": "kern-form-input__input",
    "input": "kern-form-input__input",
    "multiple": "kern-form-input__input kern-form-input__input--multiple",
    "parts": "kern-form-input__input",
    "select": "kern-form-input__select",
}


def with_picker(widget: widgets.Widget) -> widgets.Widget:
    """The control with the browser's date or time picker, unless the form asked for another input type."""
    if isinstance(widget, widgets.SplitDateTimeWidget):
        changed_pair = copy(widget)
        changed_pair.widgets = [  # type: ignore[assignment]  # the stubs insist on a pair of plain inputs
            labelled(with_picker(part), label=label)
            for part, label in zip(widget.widgets, PARTS, strict=True)
        ]
        return changed_pair
    if (
        not isinstance(widget, widgets.DateTimeBaseInput)
        or widget.input_type != "text"
        or type(widget) not in PICKERS
    ):
        return widget
    changed = copy(widget)
    changed.input_type, changed.format = PICKERS[type(widget)]
    return changed


def labelled(widget: widgets.Widget, *, label: str | Promise) -> widgets.Widget:
    """A part of a group with a name of its own for people who can't see its place."""
    named = copy(widget)
    named.attrs = {"aria-label": label, **widget.attrs}
    return named


def select(said: Mapping[str, Any]) -> SafeString:
    """The control and its options. By a template a list of 50 takes ten times as long, and filters have six. said: the control's context."""
    found = [format_html('<select name="{}"{}>', said["name"], flatatt(said["attrs"]))]
    for group, options, _index in said["optgroups"]:
        if group:
            found.append(format_html('<optgroup label="{}">', group))
        found += [_option(one) for one in options]
        if group:
            found.append(SafeString("</optgroup>"))
    return mark_safe("".join([*found, "</select>"]))


def _option(said: Mapping[str, Any]) -> SafeString:
    unchosen = said["label"] == EMPTY
    value, label = ("", _("Please choose")) if unchosen else (said["value"], said["label"])
    marks = "".join(f" {name}" for name in ("selected", "disabled") if said["attrs"].get(name))
    return format_html('<option value="{}"{}>{}</option>', value, marks, label)


class KernBoundField(BoundField):
    """A form's field that knows its KERN layout."""

    @property
    def kind(self) -> str:
        """See the function of this name."""
        return kind(self.field.widget)

    @property
    def control(self) -> SafeString:
        """The control itself with KERN's classes, described by its hint and its error."""
        widget = with_picker(self.field.widget)
        classes = [CLASSES.get(self.kind, ""), str(widget.attrs.get("class", ""))]
        if self.errors and self.kind in {"check", "input", "select"}:
            classes.append(f"{CLASSES[self.kind]}--error")
        attrs = {"id": self.auto_id, **self.build_widget_attrs({}, widget)}
        if joined := " ".join(filter(None, classes)):
            attrs["class"] = joined
        widget.is_localized = self.field.localize or widget.is_localized
        if self.kind == "select" and widget.template_name == SELECT:
            return select(widget.get_context(self.html_name, self.value(), attrs)["widget"])
        return widget.render(self.html_name, self.value(), attrs=attrs, renderer=CONTROLS)


class KernRenderer(TemplatesSetting):
    """settings.FORM_RENDERER."""

    form_template_name = "kern/form.html"
    field_template_name = "kern/field.html"
    bound_field_class = KernBoundField
