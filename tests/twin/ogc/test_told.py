"""What programs get from addresses without a page of their own, shown to people."""

import json

import pytest
from django.test import Client

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "linked"),
    [
        ("/ogc/processes", "/ogc/processes?f=json"),
        ("/ogc/jobs", "/ogc/jobs?f=json"),
        ("/ogc/sensorthings/v1.1/", "/ogc/sensorthings/v1.1/Things"),
        ("/ogc/sensorthings/v1.1/Things", None),
    ],
)
def test_browser_gets_a_page_and_programs_json(client: Client, path: str, linked: str | None) -> None:
    page = client.get(path, headers={"accept": BROWSER})
    text = page.content.decode()
    assert (page.status_code, page["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert linked is None or f'href="http://testserver{linked}"' in text.replace("&amp;", "&")
    for accept in ("*/*", "application/json"):
        answer = client.get(path, headers={"accept": accept})
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
        json.loads(answer.content)


@pytest.mark.django_db
def test_refusals_are_pages_for_browsers_alone(client: Client) -> None:
    for path, status in (
        ("/ogc/processes/gibt-es-nicht", 404),
        ("/ogc/jobs?limit=-1", 400),
        ("/ogc/sensorthings/v1.1/Things?$top=x", 400),
    ):
        assert client.get(path, headers={"accept": BROWSER})["Content-Type"] == "text/html; charset=utf-8"
        answer = client.get(path)
        assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
