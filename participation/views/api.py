"""Procedures and statements in the REST API."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from django.contrib.gis.db.models.functions import AsGeoJSON, Transform
from django.db.models import OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from participation import queries
from participation.forms import AnswerForm
from participation.models import Anchor, Phase, Procedure, Publication, Statement
from participation.moderating import act_on, answer_statement, sort_statement
from participation.search import matching
from participation.serializers import (
    Moderation,
    NewAnswer,
    ProcedureShape,
    PublishedStatement,
    StatementForStaff,
    Topic,
)
from participation.views.moderation import REFUSALS, own_statements
from tenants.access import fetch
from tenants.errors import Refused
from tenants.rest import CLOSED, Endpoint, Listing, ListQuery, Open, Single, Unfit
from tenants.serializers import DECIMALS, WGS84, Text


class ProcedureQuery(ListQuery):
    tenant = serializers.SlugField(source="tenant__slug", required=False)
    plan = serializers.UUIDField(source="plan__public_id", required=False)
    is_public = serializers.BooleanField(required=False)
    running_at = serializers.DateTimeField(
        source="phases__period__contains",
        required=False,
        help_text=_("With a phase that runs at this moment"),
    )


def procedures() -> Any:
    rows = Procedure.objects.select_related("tenant", "plan", "plan_version").prefetch_related(
        Prefetch("phases", Phase.objects.with_edition()), "categorys"
    )
    return rows.defer(
        "tenant__boundary", "plan__area", "plan__search", "plan_version__area", "plan_version__frame"
    )


class Procedures(Listing):
    titles = {"GET": _("Participation procedures, the newest first")}
    serializer_class = ProcedureShape
    query_class = ProcedureQuery

    def rows(self) -> Any:
        return procedures().visible_to(self.request.user).distinct()


class OneProcedure(Single):
    titles = {"GET": _("One participation procedure with its phases")}
    serializer_class = ProcedureShape

    def row(self) -> Any:
        return fetch(procedures(), self.request.user, "view", public_id=self.kwargs["public_id"])


def _whole(rows: Any) -> Any:
    """Statements with all that their shapes show; the place is theirs or that of the plan object they speak of."""
    place = AsGeoJSON(Transform(Coalesce("geometry", "plan_object__geometry"), WGS84), precision=DECIMALS)
    anchors = Anchor.objects.filter(statement=OuterRef("pk")).annotate(place=place).values("place")[:1]
    rows = rows.select_related("procedure", "category").prefetch_related("answers")
    return rows.annotate(place=Subquery(anchors))


class StatementQuery(ListQuery):
    apart: ClassVar[frozenset[str]] = ListQuery.apart | {"q"}
    q = Text(max_length=200, help_text=_("Words of the text"))
    category = Text(source="category__name", max_length=80)


class Published(Open):
    """Statements of the procedure of the address that everybody reads, its town's people, too."""

    serializer_class = PublishedStatement

    def published(self, text: str = "") -> Any:
        rows = Procedure.objects.all()
        procedure = fetch(rows, self.request.user, "view", public_id=self.kwargs["public_id"])
        return _whole(queries.published(procedure, text=text))


class PublishedStatements(Published, Listing):
    titles = {"GET": _("Published statements of a procedure, the newest first")}
    query_class = StatementQuery
    ordering = ("-received_at", "-pk")

    def rows(self) -> Any:
        return self.published(self.asked.get("q", ""))


class OnePublished(Published, Single):
    titles = {"GET": _("One published statement")}

    def row(self) -> Any:
        found = self.published().filter(public_id=self.kwargs["statement_id"]).first()
        if found is None:
            raise Http404
        return found


# --- for who reads the statements of a town


class StaffQuery(StatementQuery):
    procedure = serializers.UUIDField(source="procedure__public_id", required=False)
    publication = serializers.ChoiceField(Publication.choices, required=False)
    is_late = serializers.BooleanField(required=False)


class Statements(Listing):
    titles = {"GET": _("All statements of the own town, the newest first")}
    permission_classes = CLOSED
    serializer_class = StatementForStaff
    query_class = StaffQuery
    ordering = ("-received_at", "-pk")

    def rows(self) -> Any:
        return _whole(own_statements(self.person).filter(matching(self.asked.get("q", ""))))


class OneStatement(Single):
    titles = {"GET": _("One statement of the own town")}
    permission_classes = CLOSED
    serializer_class = StatementForStaff

    def row(self) -> Any:
        rows = _whole(Statement.objects.all())
        return fetch(rows, self.person, "read_statements", public_id=self.kwargs["public_id"])


class StatementAct(Endpoint):
    action: ClassVar[str]

    def statement(self) -> Statement:
        rows = Statement.objects.select_related("tenant", "procedure", "phase__procedure")
        found: Statement = fetch(rows, self.person, self.action, public_id=self.kwargs["public_id"])
        return found

    def told(self, statement: Statement, *, status: int = 200) -> Response:
        return self.answer(StatementForStaff, _whole(Statement.objects).get(pk=statement.pk), status=status)


@contextmanager
def refusing() -> Iterator[None]:
    """What a statement's state does not allow, in the words of its page."""
    try:
        yield
    except tuple(REFUSALS) as error:
        raise Refused(str(REFUSALS[type(error)])) from None


class Moderate(StatementAct):
    titles = {"POST": _("Decide on the publication of a statement")}
    action = "moderate"

    @extend_schema(request=Moderation, responses={200: StatementForStaff})
    def post(self, request: Request, **kwargs: Any) -> Response:
        statement = self.statement()
        said = self.sent(Moderation)
        with refusing():
            act_on(statement, said["act"], user=self.person, reason=said.get("reason", ""))
        return self.told(statement)


class Sort(StatementAct):
    titles = {"POST": _("Put a statement under another topic")}
    action = "moderate"

    @extend_schema(request=Topic, responses={200: StatementForStaff})
    def post(self, request: Request, **kwargs: Any) -> Response:
        statement = self.statement()
        named = self.sent(Topic)["category"]
        topic = statement.procedure.categorys.filter(name=named).first()
        if named is not None and topic is None:
            raise Unfit({"category": [_("The procedure has no such topic.")]})
        sort_statement(statement, category=topic, actor=self.person)
        return self.told(statement)


class AnswerStatement(StatementAct):
    titles = {"POST": _("Answer a statement officially")}
    action = "answer"

    @extend_schema(request=NewAnswer, responses={201: StatementForStaff})
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Everybody reads it beside the published statement."""
        statement = self.statement()
        text = self.checked(AnswerForm(self.sent(NewAnswer)))["text"]
        with refusing():
            answer_statement(statement, text=text, actor=self.person, at=timezone.now())
        return self.told(statement, status=201)
