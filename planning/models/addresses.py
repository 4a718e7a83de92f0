"""Addresses of a town's own register, so that plan information is found by address without asking anybody outside."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from tenants.models import TenantOwned, TenantQuerySet


class Address(TenantOwned):
    """A house number and where it stands. The keys are what searches compare (auskunft/spelling.py)."""

    street = models.CharField(_("Street"), max_length=200)
    number = models.CharField(_("House number"), max_length=20)
    suffix = models.CharField(_("Suffix of the house number"), max_length=20, blank=True)
    postcode = models.CharField(_("Postcode"), max_length=5, blank=True)
    place = models.CharField(_("Place"), max_length=200)
    point = models.PointField(_("Location"), srid=settings.TWIN_SRID)
    street_key = models.CharField(max_length=200, editable=False)
    house_key = models.CharField(max_length=40, editable=False)
    place_key = models.CharField(max_length=200, editable=False)
    is_public = models.BooleanField(_("Public"), default=True)
    objects: ClassVar[Any] = TenantQuerySet.as_manager()

    class Meta:
        verbose_name = _("Address")
        verbose_name_plural = _("Addresses")
        ordering = ("street_key", "house_key", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("tenant", "street_key", "house_key", "place_key", "postcode"), name="address_once"
            ),
        )
        indexes = (models.Index(fields=("street_key", "house_key"), name="address_by_key"),)

    def __str__(self) -> str:
        return f"{self.street} {self.number}{self.suffix}, {f'{self.postcode} {self.place}'.strip()}"
