"""Building blocks of page texts. No raw HTML; rich text knows headings, lists and links, nothing that looks or runs."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from participation.models import Procedure
from planning.models import Plan
from tenants.models import Tenant
from twin.indicators.formulas import Month
from twin.indicators.models import CountySnapshot
from twin.indicators.presenting import indicators
from twin.portal import queries

TEXT_FEATURES = ["h3", "h4", "bold", "italic", "ol", "ul", "link", "document-link"]


def procedure_choices() -> list[tuple[str, str]]:
    return queries.choices(Procedure, "title")


def plan_choices() -> list[tuple[str, str]]:
    return queries.choices(Plan, "name")


class ProcedureBlock(blocks.StructBlock):
    """Teaser of a procedure: where it stands, until when, the way in."""

    procedure = blocks.ChoiceBlock(procedure_choices, label=_("Procedure"))

    class Meta:
        label = _("Procedure")
        icon = "form"
        template = "portal/blocks/procedure.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context)
        row = queries.public_row(Procedure, value["procedure"]) if value["procedure"] else None
        context["entry"] = queries.listed(row, at=timezone.now()) if row else None
        return context


class PlanBlock(blocks.StructBlock):
    """A link to a plan; with its map if wanted."""

    plan = blocks.ChoiceBlock(plan_choices, label=_("Plan"))

    class Meta:
        label = _("Plan")
        icon = "doc-full"
        template = "portal/blocks/plan.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context)
        context["plan"] = queries.public_row(Plan, value["plan"]) if value["plan"] else None
        return context


class MapBlock(blocks.StructBlock):
    """The town's (the county's) running and coming procedures on a map, with their list."""

    heading = blocks.CharBlock(label=_("Heading"), max_length=120)

    class Meta:
        label = _("Map of the procedures")
        icon = "site"
        template = "portal/blocks/map.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context)
        tenant: Tenant | None = context.get("tenant")
        context["listing"] = queries.listing(queries.public_procedures(tenant), at=timezone.now())
        return context


class FigureBlock(blocks.StaticBlock):
    """The county's indicators of the last month that was computed; figures are never typed in."""

    class Meta:
        label = _("Indicators of the county")
        icon = "order"
        template = "portal/blocks/figures.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context)
        running = str(Month.containing(timezone.now()))
        known = list(CountySnapshot.objects.filter(is_public=True, month__lt=running).order_by("-month")[:1])
        context["indicators"] = indicators(known, running=running) if known else []
        return context


class PictureBlock(blocks.StructBlock):
    picture = ImageChooserBlock(label=_("Picture"))
    caption = blocks.CharBlock(label=_("Caption and source"), max_length=300)

    class Meta:
        label = _("Picture")
        icon = "image"
        template = "portal/blocks/picture.html"


class TimelineBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("Heading"), max_length=120)
    steps = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("when", blocks.CharBlock(label=_("When"), max_length=60)),
                ("title", blocks.CharBlock(label=_("What"), max_length=120)),
                ("text", blocks.TextBlock(label=_("Text"), required=False, max_length=600)),
                (
                    "state",
                    blocks.ChoiceBlock(
                        [("done", _("done")), ("current", _("now"))], label=_("State"), required=False
                    ),
                ),
            ]
        ),
        label=_("Steps"),
    )

    class Meta:
        label = _("Timeline")
        icon = "date"
        template = "portal/blocks/timeline.html"


class DocumentsBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("Heading"), max_length=120)
    documents = blocks.ListBlock(DocumentChooserBlock(label=_("Document")), label=_("Documents"))

    class Meta:
        label = _("Documents")
        icon = "doc-full-inverse"
        template = "portal/blocks/documents.html"


class QuestionsBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("Heading"), max_length=120)
    questions = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("question", blocks.CharBlock(label=_("Question"), max_length=200)),
                ("answer", blocks.RichTextBlock(label=_("Answer"), features=TEXT_FEATURES)),
            ]
        ),
        label=_("Questions"),
    )

    class Meta:
        label = _("Questions and answers")
        icon = "help"
        template = "portal/blocks/questions.html"


class ContactBlock(blocks.StructBlock):
    name = blocks.CharBlock(label=_("Person or office"), max_length=120)
    address = blocks.TextBlock(label=_("Address"), required=False, max_length=300)
    phone = blocks.RegexBlock(
        r"^\+?[0-9 /()-]{3,30}$",
        label=_("Telephone"),
        required=False,
        error_messages={"invalid": _("A telephone number.")},
    )
    email = blocks.EmailBlock(label=_("E-mail"), required=False)
    hours = blocks.CharBlock(label=_("Opening hours"), required=False, max_length=200)

    class Meta:
        label = _("Contact")
        icon = "user"
        template = "portal/blocks/contact.html"


BODY: list[tuple[str, blocks.Block]] = [
    (
        "heading",
        blocks.CharBlock(
            label=_("Heading"), icon="title", max_length=120, template="portal/blocks/heading.html"
        ),
    ),
    (
        "text",
        blocks.RichTextBlock(label=_("Text"), features=TEXT_FEATURES, template="portal/blocks/text.html"),
    ),
    ("picture", PictureBlock()),
    ("procedure", ProcedureBlock()),
    ("plan", PlanBlock()),
    ("map", MapBlock()),
    ("figures", FigureBlock()),
    ("timeline", TimelineBlock()),
    ("documents", DocumentsBlock()),
    ("questions", QuestionsBlock()),
    ("contact", ContactBlock()),
]
