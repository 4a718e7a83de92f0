"""Building blocks of page texts. No raw HTML; rich text knows headings, lists and links, nothing that looks or runs."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

TEXT_FEATURES = ["h3", "h4", "bold", "italic", "ol", "ul", "link", "document-link"]


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
    ("timeline", TimelineBlock()),
    ("documents", DocumentsBlock()),
    ("questions", QuestionsBlock()),
    ("contact", ContactBlock()),
]
