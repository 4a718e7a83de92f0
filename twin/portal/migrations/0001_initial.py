"""Page types, pictures and documents of the portal."""

from typing import ClassVar

import django.db.models.deletion
import modelsearch.index
import taggit.managers
import wagtail.fields
import wagtail.images.models
import wagtail.models.media
from django.conf import settings
from django.db import migrations, models

import twin.portal.blocks
import twin.portal.media
from tenants.creation import CreateModels

BODY = wagtail.fields.StreamField(
    [
        ("heading", 0),
        ("text", 1),
        ("picture", 4),
        ("procedure", 6),
        ("plan", 8),
        ("map", 10),
        ("figures", 11),
        ("timeline", 18),
        ("documents", 21),
        ("questions", 26),
        ("contact", 32),
    ],
    blank=True,
    block_lookup={
        0: (
            "wagtail.blocks.CharBlock",
            (),
            {
                "icon": "title",
                "label": "Heading",
                "max_length": 120,
                "template": "portal/blocks/heading.html",
            },
        ),
        1: (
            "wagtail.blocks.RichTextBlock",
            (),
            {
                "features": ["h3", "h4", "bold", "italic", "ol", "ul", "link", "document-link"],
                "label": "Text",
                "template": "portal/blocks/text.html",
            },
        ),
        2: ("wagtail.images.blocks.ImageChooserBlock", (), {"label": "Picture"}),
        3: ("wagtail.blocks.CharBlock", (), {"label": "Caption and source", "max_length": 300}),
        4: ("wagtail.blocks.StructBlock", [[("picture", 2), ("caption", 3)]], {}),
        5: (
            "wagtail.blocks.ChoiceBlock",
            [],
            {"choices": twin.portal.blocks.procedure_choices, "label": "Procedure"},
        ),
        6: ("wagtail.blocks.StructBlock", [[("procedure", 5)]], {}),
        7: ("wagtail.blocks.ChoiceBlock", [], {"choices": twin.portal.blocks.plan_choices, "label": "Plan"}),
        8: ("wagtail.blocks.StructBlock", [[("plan", 7)]], {}),
        9: ("wagtail.blocks.CharBlock", (), {"label": "Heading", "max_length": 120}),
        10: ("wagtail.blocks.StructBlock", [[("heading", 9)]], {}),
        11: ("twin.portal.blocks.FigureBlock", (), {}),
        12: ("wagtail.blocks.CharBlock", (), {"label": "When", "max_length": 60}),
        13: ("wagtail.blocks.CharBlock", (), {"label": "What", "max_length": 120}),
        14: ("wagtail.blocks.TextBlock", (), {"label": "Text", "max_length": 600, "required": False}),
        15: (
            "wagtail.blocks.ChoiceBlock",
            [],
            {"choices": [("done", "done"), ("current", "now")], "label": "State", "required": False},
        ),
        16: ("wagtail.blocks.StructBlock", [[("when", 12), ("title", 13), ("text", 14), ("state", 15)]], {}),
        17: ("wagtail.blocks.ListBlock", (16,), {"label": "Steps"}),
        18: ("wagtail.blocks.StructBlock", [[("heading", 9), ("steps", 17)]], {}),
        19: ("wagtail.documents.blocks.DocumentChooserBlock", (), {"label": "Document"}),
        20: ("wagtail.blocks.ListBlock", (19,), {"label": "Documents"}),
        21: ("wagtail.blocks.StructBlock", [[("heading", 9), ("documents", 20)]], {}),
        22: ("wagtail.blocks.CharBlock", (), {"label": "Question", "max_length": 200}),
        23: (
            "wagtail.blocks.RichTextBlock",
            (),
            {
                "features": ["h3", "h4", "bold", "italic", "ol", "ul", "link", "document-link"],
                "label": "Answer",
            },
        ),
        24: ("wagtail.blocks.StructBlock", [[("question", 22), ("answer", 23)]], {}),
        25: ("wagtail.blocks.ListBlock", (24,), {"label": "Questions"}),
        26: ("wagtail.blocks.StructBlock", [[("heading", 9), ("questions", 25)]], {}),
        27: ("wagtail.blocks.CharBlock", (), {"label": "Person or office", "max_length": 120}),
        28: ("wagtail.blocks.TextBlock", (), {"label": "Address", "max_length": 300, "required": False}),
        29: (
            "wagtail.blocks.RegexBlock",
            ("^\\+?[0-9 /()-]{3,30}$",),
            {"error_messages": {"invalid": "A telephone number."}, "label": "Telephone", "required": False},
        ),
        30: ("wagtail.blocks.EmailBlock", (), {"label": "E-mail", "required": False}),
        31: (
            "wagtail.blocks.CharBlock",
            (),
            {"label": "Opening hours", "max_length": 200, "required": False},
        ),
        32: (
            "wagtail.blocks.StructBlock",
            [[("name", 27), ("address", 28), ("phone", 29), ("email", 30), ("hours", 31)]],
            {},
        ),
    },
    verbose_name="Content",
)  # of every page


class Migration(migrations.Migration):
    initial = True
    replaces: ClassVar = [
        ("portal", "0001_page_types"),
        ("portal", "0002_more_blocks"),
        ("portal", "0003_procedure_by_name"),
    ]

    dependencies: ClassVar = [
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
        ("wagtailcore", "0098_apitoken"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        CreateModels(
            migrations.CreateModel(
                name="Picture",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "collection",
                        models.ForeignKey(
                            default=wagtail.models.media.get_root_collection_id,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="wagtailcore.collection",
                            verbose_name="collection",
                        ),
                    ),
                    ("title", models.CharField(max_length=255, verbose_name="title")),
                    (
                        "file",
                        wagtail.images.models.WagtailImageField(
                            height_field="height",
                            upload_to=wagtail.images.models.get_upload_to,
                            verbose_name="file",
                            width_field="width",
                        ),
                    ),
                    (
                        "description",
                        models.CharField(blank=True, default="", max_length=255, verbose_name="description"),
                    ),
                    ("width", models.IntegerField(editable=False, verbose_name="width")),
                    ("height", models.IntegerField(editable=False, verbose_name="height")),
                    (
                        "created_at",
                        models.DateTimeField(auto_now_add=True, db_index=True, verbose_name="created at"),
                    ),
                    ("focal_point_x", models.PositiveIntegerField(blank=True, null=True)),
                    ("focal_point_y", models.PositiveIntegerField(blank=True, null=True)),
                    ("focal_point_width", models.PositiveIntegerField(blank=True, null=True)),
                    ("focal_point_height", models.PositiveIntegerField(blank=True, null=True)),
                    ("file_size", models.PositiveIntegerField(editable=False, null=True)),
                    ("file_hash", models.CharField(blank=True, db_index=True, editable=False, max_length=40)),
                    (
                        "uploaded_by_user",
                        models.ForeignKey(
                            editable=False,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="Uploaded by",
                        ),
                    ),
                    (
                        "tags",
                        taggit.managers.TaggableManager(
                            blank=True,
                            help_text=None,
                            through="taggit.TaggedItem",
                            to="taggit.Tag",
                            verbose_name="tags",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "Picture",
                    "verbose_name_plural": "Pictures",
                    "abstract": False,
                },
                bases=(wagtail.images.models.ImageFileMixin, modelsearch.index.Indexed, models.Model),
            ),
            migrations.CreateModel(
                name="Rendition",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("filter_spec", models.CharField(db_index=True, max_length=255)),
                    (
                        "file",
                        wagtail.images.models.WagtailImageField(
                            height_field="height",
                            storage=wagtail.images.models.get_rendition_storage,
                            upload_to=wagtail.images.models.get_rendition_upload_to,
                            width_field="width",
                        ),
                    ),
                    ("width", models.IntegerField(editable=False)),
                    ("height", models.IntegerField(editable=False)),
                    (
                        "focal_point_key",
                        models.CharField(blank=True, default="", editable=False, max_length=16),
                    ),
                    (
                        "image",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="renditions",
                            to="portal.picture",
                        ),
                    ),
                ],
                options={
                    "unique_together": {("image", "filter_spec", "focal_point_key")},
                },
                bases=(wagtail.images.models.ImageFileMixin, models.Model),
            ),
            migrations.CreateModel(
                name="Download",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "collection",
                        models.ForeignKey(
                            default=wagtail.models.media.get_root_collection_id,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="wagtailcore.collection",
                            verbose_name="collection",
                        ),
                    ),
                    ("title", models.CharField(max_length=255, verbose_name="title")),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created at")),
                    ("file_size", models.PositiveBigIntegerField(editable=False, null=True)),
                    ("file_hash", models.CharField(blank=True, editable=False, max_length=40)),
                    (
                        "uploaded_by_user",
                        models.ForeignKey(
                            editable=False,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="Uploaded by",
                        ),
                    ),
                    (
                        "file",
                        models.FileField(
                            max_length=200, upload_to=twin.portal.media.unguessable, verbose_name="File"
                        ),
                    ),
                    (
                        "tags",
                        taggit.managers.TaggableManager(
                            blank=True,
                            help_text=None,
                            through="taggit.TaggedItem",
                            to="taggit.Tag",
                            verbose_name="tags",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "Document",
                    "verbose_name_plural": "Documents",
                    "abstract": False,
                },
                bases=(modelsearch.index.Indexed, models.Model),
            ),
            migrations.CreateModel(
                name="LandkreisHome",
                fields=[
                    (
                        "page_ptr",
                        models.OneToOneField(
                            auto_created=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            parent_link=True,
                            primary_key=True,
                            serialize=False,
                            to=settings.WAGTAIL_PAGE_MODEL,
                        ),
                    ),
                    ("tenant_slug", models.SlugField(editable=False)),
                ],
                options={
                    "verbose_name": "County start page",
                },
                bases=("wagtailcore.page",),
            ),
            migrations.CreateModel(
                name="MunicipalityPage",
                fields=[
                    (
                        "page_ptr",
                        models.OneToOneField(
                            auto_created=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            parent_link=True,
                            primary_key=True,
                            serialize=False,
                            to=settings.WAGTAIL_PAGE_MODEL,
                        ),
                    ),
                    ("tenant_slug", models.SlugField(editable=False, unique=True)),
                    ("introduction", wagtail.fields.RichTextField(blank=True, verbose_name="Introduction")),
                    ("body", BODY),
                ],
                options={
                    "verbose_name": "Municipality page",
                    "verbose_name_plural": "Municipality pages",
                },
                bases=("wagtailcore.page",),
            ),
            migrations.CreateModel(
                name="ProcedureIndexPage",
                fields=[
                    (
                        "page_ptr",
                        models.OneToOneField(
                            auto_created=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            parent_link=True,
                            primary_key=True,
                            serialize=False,
                            to=settings.WAGTAIL_PAGE_MODEL,
                        ),
                    ),
                    ("introduction", wagtail.fields.RichTextField(blank=True, verbose_name="Introduction")),
                ],
                options={
                    "verbose_name": "Procedure list",
                    "verbose_name_plural": "Procedure lists",
                },
                bases=("wagtailcore.page",),
            ),
            migrations.CreateModel(
                name="ProcedurePage",
                fields=[
                    (
                        "page_ptr",
                        models.OneToOneField(
                            auto_created=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            parent_link=True,
                            primary_key=True,
                            serialize=False,
                            to=settings.WAGTAIL_PAGE_MODEL,
                        ),
                    ),
                    ("procedure", models.UUIDField(verbose_name="Procedure")),
                    ("body", BODY),
                ],
                options={
                    "verbose_name": "Text on a procedure",
                    "verbose_name_plural": "Texts on procedures",
                },
                bases=("wagtailcore.page",),
            ),
            migrations.CreateModel(
                name="NewsIndexPage",
                fields=[
                    (
                        "page_ptr",
                        models.OneToOneField(
                            auto_created=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            parent_link=True,
                            primary_key=True,
                            serialize=False,
                            to=settings.WAGTAIL_PAGE_MODEL,
                        ),
                    ),
                    ("introduction", wagtail.fields.RichTextField(blank=True, verbose_name="Introduction")),
                ],
                options={
                    "verbose_name": "News list",
                    "verbose_name_plural": "News lists",
                },
                bases=("wagtailcore.page",),
            ),
            migrations.CreateModel(
                name="NewsPage",
                fields=[
                    (
                        "page_ptr",
                        models.OneToOneField(
                            auto_created=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            parent_link=True,
                            primary_key=True,
                            serialize=False,
                            to=settings.WAGTAIL_PAGE_MODEL,
                        ),
                    ),
                    ("date", models.DateField(verbose_name="Date")),
                    (
                        "teaser",
                        models.TextField(
                            help_text="Two sentences, shown in lists.", max_length=400, verbose_name="Teaser"
                        ),
                    ),
                    (
                        "picture",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="portal.picture",
                            verbose_name="Picture",
                        ),
                    ),
                    ("body", BODY),
                ],
                options={
                    "verbose_name": "News",
                    "verbose_name_plural": "News",
                },
                bases=("wagtailcore.page",),
            ),
            migrations.CreateModel(
                name="EventPage",
                fields=[
                    (
                        "page_ptr",
                        models.OneToOneField(
                            auto_created=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            parent_link=True,
                            primary_key=True,
                            serialize=False,
                            to=settings.WAGTAIL_PAGE_MODEL,
                        ),
                    ),
                    ("starts_at", models.DateTimeField(verbose_name="Begins")),
                    ("ends_at", models.DateTimeField(blank=True, null=True, verbose_name="Ends")),
                    ("place", models.CharField(max_length=200, verbose_name="Place")),
                    (
                        "teaser",
                        models.TextField(
                            help_text="Two sentences, shown in lists.", max_length=400, verbose_name="Teaser"
                        ),
                    ),
                    ("body", BODY),
                ],
                options={
                    "verbose_name": "Event",
                    "verbose_name_plural": "Events",
                },
                bases=("wagtailcore.page",),
            ),
            migrations.CreateModel(
                name="StandardPage",
                fields=[
                    (
                        "page_ptr",
                        models.OneToOneField(
                            auto_created=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            parent_link=True,
                            primary_key=True,
                            serialize=False,
                            to=settings.WAGTAIL_PAGE_MODEL,
                        ),
                    ),
                    (
                        "kind",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("", "none"),
                                ("impressum", "Impressum"),
                                ("datenschutz", "Data protection"),
                                ("barrierefreiheit", "Accessibility"),
                                ("leichte-sprache", "Leichte Sprache"),
                            ],
                            default="",
                            editable=False,
                            max_length=20,
                        ),
                    ),
                    ("body", BODY),
                ],
                options={
                    "verbose_name": "Page of text",
                    "verbose_name_plural": "Pages of text",
                },
                bases=("wagtailcore.page",),
            ),
        ),
    ]
