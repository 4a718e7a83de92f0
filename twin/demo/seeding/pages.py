"""Words on the public pages: legal pages and news that say that all this is a demo."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.html import format_html, format_html_join

from tenants.models import Tenant
from twin.demo.texts import NewsText, news, pages
from twin.portal.models import MunicipalityPage, NewsIndexPage, NewsPage, StandardPage


def seed_pages(on: date) -> None:
    """The county's and the towns' standard pages, and the towns' news; written once."""
    for town in MunicipalityPage.objects.all():
        _standard_pages(town)
    slugs = dict(Tenant.objects.filter(ags__isnull=False).values_list("ags", "slug"))
    for item in news():
        _news(item, MunicipalityPage.objects.get(tenant_slug=slugs[item.municipality]), on=on)


def _standard_pages(town: MunicipalityPage) -> None:
    there = {page.slug: page for page in StandardPage.objects.child_of(town)}
    for text in pages():
        page = there.get(text.slug)
        body = [("text", _rich(text.paragraphs))]
        if page is None:
            town.add_child(instance=StandardPage(title=text.title, slug=text.slug, body=body))
        elif page.title != text.title:
            page.title = page.draft_title = text.title
            page.body = body
            page.save()


def _news(item: NewsText, town: MunicipalityPage, *, on: date) -> None:
    index = NewsIndexPage.objects.child_of(town).get()
    if NewsPage.objects.child_of(index).filter(slug=item.slug).exists():
        return
    index.add_child(
        instance=NewsPage(
            title=item.title,
            slug=item.slug,
            date=on + timedelta(days=item.day),
            teaser=item.paragraphs[0][:400],
            body=[("text", _rich(item.paragraphs))],
        )
    )


def _rich(paragraphs: Sequence[str]) -> str:
    return format_html("{}", format_html_join("", "<p>{}</p>", ((paragraph,) for paragraph in paragraphs)))
