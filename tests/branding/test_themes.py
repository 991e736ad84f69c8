"""A region's look: written, published, served, told apart from its neighbour's."""

import hashlib
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from branding.themes.errors import ThemeError
from branding.themes.models import REVISION, Theme
from branding.themes.queries import theme_current, theme_info, theme_stylesheet
from branding.themes.services import theme_draft, theme_publish
from core.shell.theme import NEUTRAL, current_theme
from tenants.context import tenant_scope
from tenants.models import Tenant
from tenants.provisioning import ProvisioningRequest, request_errors
from tests.client import StrictClient


def test_a_new_region_wears_the_look_of_its_landscape(tenant: Tenant) -> None:
    theme = theme_current()
    assert theme is not None
    assert (theme.name, theme.motif, theme.status) == ("Alpha", "waves", "published")
    assert theme.published_at is not None


def test_twins_are_told_apart(twins, _database) -> None:
    looks = []
    for region in twins:
        with tenant_scope(region):
            looks.append(theme_info())
    one, other = looks
    assert one.name != other.name
    assert one.motif != other.motif
    assert one.ground != other.ground
    assert one.stylesheet_url != other.stylesheet_url


def test_publishing_replaces_what_was_shown(tenant: Tenant) -> None:
    before = theme_current()
    draft = theme_draft(name="Nouveau nom", primary="#7D2A54", tagline="Ensemble")
    assert theme_current() == before
    theme_publish(theme=draft)
    shown = theme_current()
    assert shown is not None
    assert (shown.name, shown.primary, shown.monogram) == ("Nouveau nom", "#7d2a54", "N")
    before.refresh_from_db()
    assert before.status == Theme.Status.ARCHIVED
    assert current_theme().tagline == "Ensemble"


def test_publishing_twice_changes_nothing(tenant: Tenant) -> None:
    draft = theme_draft(name="Une fois", primary="#7d2a54")
    first = theme_publish(theme=draft)
    again = theme_publish(theme=draft)
    assert again.published_at == first.published_at
    assert Theme.objects.filter(status="published").count() == 1


def test_a_second_draft_replaces_the_first(tenant: Tenant) -> None:
    first = theme_draft(name="Premier", primary="#7d2a54")
    second = theme_draft(name="Second", primary="#24598f")
    assert first.pk == second.pk
    assert Theme.objects.get(status="draft").name == "Second"


@pytest.mark.parametrize("status", ["draft", "published"])
def test_the_database_refuses_a_second_one(tenant: Tenant, status: str) -> None:
    theme_draft(name="Brouillon", primary="#7d2a54")
    twin = Theme.objects.filter(status=status).get()
    twin.pk, twin.public_id = None, "11111111-1111-4111-8111-111111111111"
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


@pytest.mark.parametrize(
    ("fields", "at_fault"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"primary": "red"}, "primary"),
        ({"primary": "#123456;}body{display:none"}, "primary"),
        ({"secondary": "url(//evil)"}, "secondary"),
        ({"motif": "../../etc"}, "motif"),
        ({"radius": "9px"}, "radius"),
        ({"footer_text": "x" * 301}, "footer_text"),
        ({"contact_email": "nobody"}, "contact_email"),
        ({"links": [{"label": "x", "url": "javascript:alert(1)"}]}, "links"),
        ({"links": [{"label": "x", "url": "//evil.example.org"}]}, "links"),
        ({"links": [{"label": "x", "url": "http://example.org"}]}, "links"),
        ({"links": [{"label": "x", "url": "/a/"}] * 13}, "links"),
    ],
)
def test_what_cannot_be_kept_is_named(tenant: Tenant, fields: dict, at_fault: str) -> None:
    with pytest.raises(ThemeError) as caught:
        theme_draft(**{"name": "Région", "primary": "#7d2a54", **fields})
    assert caught.value.code == "invalid_theme"
    assert set(caught.value.fields) == {at_fault}
    assert not Theme.objects.filter(status="draft").exists()


def test_links_of_the_footer_reach_the_page(tenant: Tenant, client: StrictClient) -> None:
    links = [
        {"label": "Conseil <régional>", "url": "https://example.org/"},
        {"label": "Aide", "url": "/comment-ca-marche/"},
    ]
    draft = theme_draft(
        name="OuestGo",
        primary="#0b6e75",
        links=links,
        footer_text="Un service public.",
        contact_email="contact@example.org",
    )
    theme_publish(theme=draft)
    html = client.get("/comment-ca-marche/").content.decode()
    assert 'href="https://example.org/">Conseil &lt;régional&gt;</a>' in html
    assert "Un service public." in html
    assert "mailto:contact@example.org" in html
    assert '<span class="monogram" aria-hidden="true">OG</span>' in html


@pytest.mark.parametrize(
    ("name", "monogram"),
    [("OuestGo", "OG"), ("Pass Pass covoiturage", "PP"), ("Bretagne", "B"), ("mobi", "M")],
)
def test_a_monogram_stands_for_a_missing_logo(name: str, monogram: str) -> None:
    assert Theme(name=name).monogram == monogram


def test_the_style_sheet_is_kept_for_a_year_under_its_version(
    tenant: Tenant, client: StrictClient
) -> None:
    address = theme_info().stylesheet_url
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert not response.cookies
    assert "--accent: #0b6e75;" in response.content.decode()

    again = client.get(address, headers={"if-none-match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == response["Cache-Control"]


def test_another_version_is_kept_for_a_short_time_only(
    tenant: Tenant, client: StrictClient
) -> None:
    address = theme_info().stylesheet_url
    theme_publish(theme=theme_draft(name="Alpha", primary="#7d2a54"))
    for past in (address, "/theme.css", "/theme.css?v=../../x"):
        response = client.get(past)
        assert response["Cache-Control"] == "public, max-age=300"
        assert "--accent: #7d2a54;" in response.content.decode()
    assert client.post("/theme.css").status_code == 405


def test_a_region_without_a_theme_still_has_a_face(tenant: Tenant, client: StrictClient) -> None:
    Theme.objects.all().delete()
    assert theme_info() == NEUTRAL
    assert client.get("/").status_code == 200
    response = client.get("/theme.css")
    assert (response.status_code, response.content) == (200, b"")


def test_each_region_serves_its_own_style_sheet(
    twins, client_for: Callable[..., StrictClient]
) -> None:
    sheets = {client_for(region).get("/theme.css").content for region in twins}
    assert len(sheets) == 2


def test_the_version_says_when_the_style_sheet_changes() -> None:
    """Browsers keep a version for a year: raise REVISION when this digest changes."""
    theme = Theme(name="x", primary="#0b6e75", secondary="#f2a93b", radius="soft")
    digest = hashlib.sha256(theme_stylesheet(theme).encode()).hexdigest()[:16]
    assert (REVISION, digest) == (2, "4710bcfc434937e3")
    versions = {theme.version}
    for field, value in (("primary", "#0b6e76"), ("secondary", ""), ("radius", "round")):
        changed = Theme(name="x", primary="#0b6e75", secondary="#f2a93b", radius="soft")
        setattr(changed, field, value)
        versions.add(changed.version)
    assert len(versions) == 4


def test_onboarding_takes_the_colours_it_is_given(tenant: Tenant) -> None:
    from branding.themes.provisioning import default_theme

    Theme.objects.all().delete()
    wanted = {"primary": "#7d2a54", "secondary": "#d99a3d", "motif": "hills", "tagline": "Allons"}
    request = ProvisioningRequest(
        slug="alpha",
        name="Alpha",
        hosts=["x.localhost"],
        extra={"regions": ["53"], "theme": wanted},
    )
    default_theme(tenant=tenant, request=request, using="default")
    shown = theme_info()
    assert (shown.accent, shown.motif, shown.tagline) == ("#7d2a54", "hills", "Allons")


@pytest.mark.parametrize(
    "wanted",
    [{"primary": "blue"}, {"motif": "dragons"}, {"radius": "huge"}, {"css": "body{}"}],
)
def test_onboarding_refuses_an_unusable_theme(tenant: Tenant, wanted: dict) -> None:
    request = ProvisioningRequest(
        slug="gamma",
        name="Gamma",
        hosts=["gamma.localhost"],
        extra={"regions": ["53"], "admin_email": "a@example.org", "theme": wanted},
    )
    assert "theme" in request_errors(request)
