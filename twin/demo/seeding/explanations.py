"""A Begründung (PDF) for each demo plan with a procedure: what is published formally has one (§ 2a, § 3 Abs. 2 BauGB)."""

from collections.abc import Mapping

from django.core.files.uploadedfile import SimpleUploadedFile

from planning.filing import add_documents
from planning.models import Plan, PlanDocument, Schutzgut
from planning.papers import Entry
from planning.reporting import STYLE
from tenants.printing import pdf
from twin.demo.people import planner_of
from twin.demo.texts import procedures

KIND = "1010"  # XP_ExterneReferenzTyp: Begründung
TITLE = "Begründung (Demo)"


def seed_explanations(plans: Mapping[str, Plan]) -> None:
    """Before the procedures, which publish them; a plan that has one keeps it."""
    aims = {
        text.plan: text.summary for text in reversed(procedures()) if text.plan
    }  # of several the first one's
    for slug, aim in aims.items():
        plan = plans[slug]
        if not PlanDocument.objects.filter(version=plan.current_version, kind=KIND).exists():
            _add(plan, slug=slug, aim=aim)


def _add(plan: Plan, *, slug: str, aim: str) -> None:
    paper = pdf("demo/explanation_pdf.html", {"plan": plan, "title": TITLE, "aim": aim}, style=STYLE)
    upload = SimpleUploadedFile(f"{slug}-begruendung.pdf", paper, content_type="application/pdf")
    entry = Entry(
        TITLE, kind=KIND, goods=(Schutzgut.NONE.value,)
    )  # a publication asks of each document what it tells of them
    add_documents(plan, [upload], actor=planner_of(plan.tenant.slug), entry=entry)
