"""What can go wrong in the interfaces; turned into problem documents in twin/ogc/endpoint.py."""

from django.utils.translation import gettext_lazy as _


class OgcError(Exception):
    """Base of all errors of this package; the message is for whom asked."""

    status = 400
    title = _("Bad request")
    kind = "about:blank"  # address of the kind of problem, where a standard names one


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


class NoSuchProcess(OgcError):
    """No use case of this name."""

    status = 404
    title = _("Not found")
    kind = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/no-such-process"


class NoSuchJob(OgcError):
    """No run of this id, or not for whom asked."""

    status = 404
    title = _("Not found")
    kind = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/no-such-job"


class NoSuchResult(OgcError):
    """The job has no output of this name."""

    status = 404
    title = _("Not found")


class ResultNotReady(OgcError):
    """The run has no result yet."""

    status = 404
    title = _("Not ready")
    kind = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/result-not-ready"


class JobFailed(OgcError):
    """The run ended without a result, and will have none; why is told in words, as the worker found it."""

    status = 422
    title = _("Failed")
    kind = "NoApplicableCode"  # of OWS Common: none of its codes says more


class JobDismissed(OgcError):
    """The run was cancelled."""

    status = 410
    title = _("Dismissed")


class NotSignedIn(OgcError):
    """Programs come with an access token that may change things."""

    status = 401
    title = _("Not signed in")


class NotAllowed(OgcError):
    status = 403
    title = _("Not allowed")


class CantBeDone(OgcError):
    """What was asked is well formed and still can't be computed."""

    status = 422
    title = _("Can't be processed")


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
