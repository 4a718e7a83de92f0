"""What a form prints: labels, hints, errors and controls that belong together, for every kind of control."""

from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms import widgets
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from lxml import html

from tenants.rendering import KernRenderer

CHOICES = [("a", "A & B"), ("b", "<b>")]


class Everything(forms.Form):
    title = forms.CharField(help_text="hint")
    text = forms.CharField(widget=forms.Textarea, required=False)
    mail = forms.EmailField()
    kind = forms.ChoiceField(choices=CHOICES)
    many = forms.MultipleChoiceField(choices=CHOICES)
    answer = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect, help_text="hint")
    topics = forms.MultipleChoiceField(choices=CHOICES, widget=forms.CheckboxSelectMultiple)
    consent = forms.BooleanField(help_text="hint")
    day = forms.DateField()
    moment = forms.SplitDateTimeField()
    file = forms.FileField()
    secret = forms.CharField(widget=forms.HiddenInput)


def rendered(form: forms.Form) -> Any:
    return html.fromstring(f"<form>{form}</form>")


@pytest.fixture
def empty() -> Any:
    return rendered(Everything())


@pytest.fixture
def refused() -> Any:
    return rendered(Everything(data={}))


def test_renderer_is_the_one_in_the_settings() -> None:
    assert isinstance(Everything().renderer, KernRenderer)


def test_every_control_has_a_name(empty: Any) -> None:
    for control in empty.xpath("//input[@type!='hidden'] | //select | //textarea"):
        label = empty.xpath("//label[@for=$id]", id=control.get("id"))
        assert len(label) == 1 or control.get("aria-label"), control.get("name")


def test_ids_are_unique(refused: Any) -> None:
    ids = refused.xpath("//@id")
    assert sorted(ids) == sorted(set(ids))


def test_described_by_names_what_is_there(refused: Any) -> None:
    for names in refused.xpath("//@aria-describedby"):
        for name in names.split():
            assert len(refused.xpath("//*[@id=$id]", id=name)) == 1, name


def test_hint_and_error_describe_control_and_group(refused: Any) -> None:
    assert refused.xpath("//input[@name='title']/@aria-describedby") == ["id_title_helptext id_title_error"]
    group = refused.xpath("//fieldset[.//input[@name='answer']]")[0]
    assert group.get("aria-describedby") == "id_answer_helptext id_answer_error"


def test_summary_links_every_refused_field(refused: Any) -> None:
    form = Everything(data={})
    links = refused.xpath("//*[@data-kz-error-summary]//a/@href")
    assert links == [f"#id_{name}" for name in form.fields if name in form.errors and name != "secret"]
    assert all(refused.xpath("//*[@id=$id]", id=link[1:]) for link in links)


def test_summary_is_absent_without_errors(empty: Any) -> None:
    assert empty.xpath("//*[@data-kz-error-summary]") == []


def test_optional_fields_alone_are_marked(empty: Any) -> None:
    marked = empty.xpath("//*[contains(@class, '__optional')]/ancestor::label/@for")
    assert marked == ["id_text"]


@pytest.mark.parametrize(
    ("name", "css"),
    [
        ("title", "kern-form-input__input"),
        ("text", "kern-form-input__input"),
        ("kind", "kern-form-input__select"),
        ("answer", "kern-form-check__radio"),
        ("topics", "kern-form-check__checkbox"),
        ("consent", "kern-form-check__checkbox"),
        ("file", "kern-form-input__input"),
    ],
)
def test_controls_carry_kern_classes(empty: Any, name: str, css: str) -> None:
    assert {
        css in control.get("class", "").split() for control in empty.xpath("//*[@name=$name]", name=name)
    } == {True}


def test_dates_use_the_browsers_picker_and_its_format() -> None:
    page = rendered(Everything(initial={"day": "2027-03-02"}))
    assert page.xpath("//input[@name='day']/@type") == ["date"]
    assert page.xpath("//input[@name='day']/@value") == ["2027-03-02"]
    assert page.xpath("//input[@name='moment_0' or @name='moment_1']/@type") == ["date", "time"]


@pytest.mark.parametrize("value", ["2027-03-02", "02.03.2027"])
def test_dates_are_read_as_the_picker_writes_them(value: str) -> None:
    assert str(forms.DateField().clean(value)) == "2027-03-02"


def test_text_stays_text() -> None:
    page = rendered(Everything(data={"title": '"><script>x</script>', "text": "</textarea><script>"}))
    assert page.xpath("//script") == []
    assert page.xpath("//input[@name='title']/@value") == ['"><script>x</script>']


def test_file_field_is_a_drop_zone(empty: Any) -> None:
    zone = empty.xpath("//*[@data-kz-drop]")[0]
    assert zone.xpath(".//input/@type") == ["file"]
    assert zone.xpath(".//*[@data-kz-files]/@aria-live") == ["polite"]


def test_foreign_control_keeps_its_own_template() -> None:
    class Map(widgets.Input):
        template_name = "kern/hint.html"  # any template that is not one of Django's controls

    class WithMap(forms.Form):
        place = forms.CharField(widget=Map)

    assert WithMap()["place"].kind == "own"  # type: ignore[attr-defined]


def test_bare_field_stays_djangos() -> None:
    assert "kern-" not in str(Everything()["title"])


def test_a_correct_form_still_validates() -> None:
    data = {
        "title": "x",
        "mail": "a@example.org",
        "kind": "a",
        "many": ["a", "b"],
        "answer": "b",
        "topics": ["a"],
        "consent": "on",
        "day": "2027-03-02",
        "moment_0": "2027-03-02",
        "moment_1": "08:00",
        "secret": "s",
    }
    form = Everything(data=data, files=MultiValueDict({"file": [SimpleUploadedFile("a.gml", b"x")]}))
    assert form.errors == {}


@pytest.mark.parametrize("required", [True, False])
def test_empty_choice_of_a_model_is_in_words(required: bool) -> None:
    class Choice(forms.Form):
        step = forms.TypedChoiceField(choices=[*BLANK_CHOICE_DASH, ("a", "A")], required=required)

    empty, _ = rendered(Choice()).xpath("//option")
    assert (empty.get("value"), empty.text) == ("", gettext("Please choose"))
    assert rendered(Choice({"step": "a"})).xpath("//option[@selected]/@value") == ["a"]
