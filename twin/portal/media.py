"""Pictures and documents of the pages: public files, each on the shelf (collection) of its town."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, AbstractRendition

from tenants.models import User


def unguessable(instance: models.Model, filename: str) -> str:
    """A draft's file lies under MEDIA_ROOT too, so its address can't be guessed from its name."""
    return f"{instance._meta.model_name}/{uuid.uuid4()}/{filename}"


def _uploader() -> models.ForeignKey[User | None, User | None]:
    field = models.ForeignKey(
        User,
        verbose_name=_("Uploaded by"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    field.wagtail_reference_index_ignore = True  # type: ignore[attr-defined]  # who uploaded is no use of a person
    return field


class Picture(AbstractImage):
    """An image; its description is the text that replaces it. No tags: they would be one list for all towns."""

    uploaded_by_user = _uploader()
    admin_form_fields = ("title", "file", "description", "collection")

    class Meta(AbstractImage.Meta):
        verbose_name = _("Picture")
        verbose_name_plural = _("Pictures")

    def get_upload_to(self, filename: str) -> str:
        return f"picture/{uuid.uuid4()}/{super().get_upload_to(filename).rsplit('/', 1)[-1]}"


class Rendition(AbstractRendition):
    """A scaled picture; it lies beside its original, so its address is as long."""

    image = models.ForeignKey(Picture, related_name="renditions", on_delete=models.CASCADE)

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)

    def get_upload_to(self, filename: str) -> str:
        return (
            f"{self.image.file.name.rsplit('/', 1)[0]}/{super().get_upload_to(filename).rsplit('/', 1)[-1]}"
        )


class Download(AbstractDocument):
    """A public document of a page. Documents of a procedure are private files of the plan, not these."""

    uploaded_by_user = _uploader()
    file = models.FileField(_("File"), upload_to=unguessable, max_length=200)
    admin_form_fields = ("title", "file", "collection")

    class Meta(AbstractDocument.Meta):
        verbose_name = _("Document")
        verbose_name_plural = _("Documents")
