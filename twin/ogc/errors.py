"""What can go wrong in the interfaces; turned into problem documents in twin/ogc/endpoint.py."""

from django.utils.translation import gettext_lazy as _


class OgcError(Exception):
    """Base of all errors of this package; the message is for whom asked."""

    status = 400
    title = _("Bad request")


class ParameterRefused(OgcError):
    """A query parameter is unknown, or its value can't be read."""

    title = _("Invalid parameter")

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(f"{parameter}: {message}")
        self.parameter = parameter


class NotOffered(OgcError):
    """None of the formats asked for is offered here."""

    status = 406
    title = _("Not acceptable")


class TooMany(OgcError):
    """More requests than this token or address may send."""

    status = 429
    title = _("Too many requests")


class TooLong(OgcError):
    """The answer would take longer than it may."""

    status = 503
    title = _("Takes too long")


class OwsRefused(OgcError):
    """As WFS and WMS want it told. code: of OWS Common or WMS; locator: the parameter."""

    def __init__(self, code: str, locator: str, message: str) -> None:
        super().__init__(message)
        self.code, self.locator = code, locator


class NoSuchFeature(OwsRefused):
    """The feature asked for by its id is not there, or not for whom asked."""

    status = 404
