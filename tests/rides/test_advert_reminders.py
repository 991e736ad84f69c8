"""Authors hear once that an advert ends; the day's work runs in every region."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from core.accounts import inventory
from rides.adverts.drafting import draft_save
from rides.adverts.models import Advert, AdvertDraft
from rides.adverts.reminders import ending_remind
from rides.adverts.tasks import adverts_daily
from tenants.context import tenant_scope
from tenants.models import Tenant
from tests.factories import make_account
from tests.rides.situations import TODAY, make_advert


def ends_in(days: int, **fields: object) -> Advert:
    advert = make_advert(author=make_account(first_name="Pierre"))
    long_ago = timezone.now() - timedelta(days=300)
    Advert.objects.filter(pk=advert.pk).update(
        valid_from=TODAY - timedelta(days=300),
        valid_until=TODAY + timedelta(days=days),
        created_at=long_ago,
        **fields,
    )
    return advert


@pytest.mark.usefixtures("tenant")
def test_one_mail_two_weeks_before_the_end(
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    advert = ends_in(14)
    ends_in(15)
    ends_in(-1)
    ends_in(3, status="paused")
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            ending_remind()
    (sent,) = mail.outbox
    assert sent.to == [advert.author.email]
    assert sent.subject == "Votre annonce Rennes → Vitré se termine bientôt"
    assert f"/annonces/{advert.public_id}/" in sent.body
    assert "Bonjour Pierre" in sent.body
    # Renewed, it is reminded of its next end.
    later = TODAY + timedelta(days=379)
    Advert.objects.filter(pk=advert.pk).update(valid_until=later)
    now = timezone.now() + timedelta(days=370)
    with django_capture_on_commit_callbacks(execute=True):
        assert ending_remind(now=now) == 1


def test_the_day_s_work_reaches_every_region(
    committed_regions: Callable[..., Tenant],
) -> None:
    regions = [committed_regions(slug) for slug in ("gamma", "delta")]
    for region in regions:
        with tenant_scope(region):
            account = make_account()
            draft_save(account=account, data={"key": "x", "steps": {}})
            AdvertDraft.objects.update(updated_at=timezone.now() - timedelta(days=31))
    adverts_daily.delay()
    for region in regions:
        with tenant_scope(region):
            assert not AdvertDraft.objects.exists()


@pytest.mark.usefixtures("tenant")
def test_drafts_are_part_of_the_export() -> None:
    account = make_account()
    advert = make_advert(author=account)
    draft_save(account=account, data={"key": "x", "steps": {"role": {"role": ["driver"]}}})
    draft_save(account=account, data={"key": "y", "steps": {}}, advert=advert)
    told = inventory.export(account)
    assert [one["advert"] for one in told["advert_drafts"]] == [None, str(advert.public_id)]
    assert told["advert_drafts"][0]["typed"] == {"role": {"role": ["driver"]}}
    assert told["adverts"][0]["cents_per_km"] == 6
