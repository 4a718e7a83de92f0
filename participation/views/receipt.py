"""What the holder of a receipt sees and does: receipt, status, reply, revocation, confirmation of the mail address."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views import View

from participation import guard, printing
from participation.errors import ConfirmationInvalid, StatementRefused, TooMany
from participation.forms import MESSAGES, ReplyForm, SecretForm
from participation.models import Anchor
from participation.notifications import status_link
from participation.receipts import readable
from participation.services import Status, confirm_mail, reply_to_question, revoke_publication, status_of
from participation.views import cookie
from planning.presenting import edition_of, title_of


def _place_of(anchor: Anchor | None) -> str:
    """The object of the plan by its name, or the middle of the place; empty where a statement names neither."""
    if anchor is not None and anchor.plan_object is not None:
        version = anchor.plan_object.version
        return f"{title_of(anchor.plan_object, version.xplan_version)} ({edition_of(version)})"
    if anchor is not None and anchor.geometry is not None:
        middle = anchor.geometry.centroid
        return f"{middle.x:.0f} / {middle.y:.0f} (EPSG:{settings.TWIN_SRID})"
    return ""


class ReceiptHolderView(View):
    """Answers that nobody keeps. Other sites learn nothing from the Referer (same-origin by SecurityMiddleware; no-referrer
    would make browsers send "Origin: null" with the forms here, which the protection against forged requests refuses)."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = super().dispatch(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        response["X-Robots-Tag"] = "noindex"
        return response

    def status(self, request: HttpRequest) -> Status:
        found = status_of(*cookie.read(request))
        if found is None:
            raise Http404
        return found

    def shown(self, request: HttpRequest, status: Status, *, reply_form: ReplyForm, code: int = 200) -> HttpResponse:  # fmt: skip
        context = {
            "status": status,
            "statement": status.statement,
            "tenant": status.statement.tenant,
            "place": _place_of(status.anchor),
            "reply_form": reply_form,
        }
        return render(request, "participation/statement_status.html", context, status=code)


class ReceiptView(ReceiptHolderView):
    """The page after sending: number, secret, QR code, PDF."""

    def get(self, request: HttpRequest) -> HttpResponse:
        number, secret = cookie.read(request)
        status = status_of(number, secret)
        if status is None:
            return redirect("participation:status")
        link = status_link(number, secret)
        context = {
            "status": status,
            "statement": status.statement,
            "tenant": status.statement.tenant,
            "secret": readable(secret),
            "link": link,
            "qr": printing.qr_code(link),
            "draft": f"statement-{status.statement.procedure.public_id}",
        }
        return render(request, "participation/statement_receipt.html", context)


class ReceiptPdfView(ReceiptHolderView):
    def get(self, request: HttpRequest) -> HttpResponse:
        status = self.status(request)
        pdf = printing.receipt_pdf(
            status.statement, secret=cookie.read(request)[1], place=_place_of(status.anchor)
        )
        word = _("receipt")
        name = f"{word}-{status.statement.receipt}.pdf"
        return HttpResponse(
            pdf,
            content_type="application/pdf",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


class StatusView(ReceiptHolderView):
    """What became of a statement. A number that does not exist and a wrong secret get the same answer."""

    def get(self, request: HttpRequest) -> HttpResponse:
        number, secret = cookie.read(request)
        asked = request.GET.get("nr", number)
        status = status_of(number, secret) if asked == number else None
        if status is None:
            form = SecretForm(initial={"number": asked[:40]})
            return render(request, "participation/statement_open.html", {"form": form})
        return self.shown(request, status, reply_form=ReplyForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SecretForm(request.POST)
        if form.is_valid():
            number, secret = form.cleaned_data["number"].strip(), form.cleaned_data["secret"]
            if refusal := self._try(request, number, secret):
                form.add_error(None, refusal)
            else:
                response = redirect("participation:status")
                cookie.keep(response, number=number, secret=secret)
                return response
        status = 429 if form.has_error("__all__", "too_many") else 400
        return render(request, "participation/statement_open.html", {"form": form}, status=status)

    def _try(self, request: HttpRequest, number: str, secret: str) -> ValidationError | None:
        try:
            guard.admit_guess(guard.address_of(request))
        except TooMany:
            return ValidationError(_("Too many attempts. Please try again in an hour."), code="too_many")
        if status_of(number, secret) is None:
            return ValidationError(_("Number and secret do not open a statement."), code="unknown")
        return None


class ForgetView(ReceiptHolderView):
    """For the next person at a shared computer."""

    def post(self, request: HttpRequest) -> HttpResponse:
        response = redirect("participation:status")
        cookie.drop(response)
        return response


class RevokeView(ReceiptHolderView):
    def post(self, request: HttpRequest) -> HttpResponse:
        number, secret = cookie.read(request)
        if not revoke_publication(number, secret, at=timezone.now()):
            raise Http404
        messages.success(
            request, _("Your consent is taken back. The statement is no longer shown; it still counts.")
        )
        return redirect("participation:status")


class ReplyView(ReceiptHolderView):
    def post(self, request: HttpRequest, question_id: int) -> HttpResponse:
        status = self.status(request)
        number, secret = cookie.read(request)
        form = ReplyForm(request.POST)
        if form.is_valid():
            try:
                text = form.cleaned_data["text"]
                if reply_to_question(question_id, number=number, secret=secret, text=text, at=timezone.now()):
                    messages.success(request, _("Your reply has been received."))
                    return redirect("participation:status")
                raise Http404
            except StatementRefused as error:
                form.add_error("text", ValidationError(MESSAGES[error.code], code=error.code))
        return self.shown(request, status, reply_form=form, code=400)


class ConfirmView(ReceiptHolderView):
    """The link in the mail only shows a button: mail scanners open links, they press no buttons."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return render(request, "participation/mail_confirm.html", {"token": token})

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        try:
            confirm_mail(token, at=timezone.now())
        except ConfirmationInvalid:
            return render(request, "participation/mail_confirm.html", {"invalid": True}, status=410)
        return render(request, "participation/mail_confirm.html", {"confirmed": True})
