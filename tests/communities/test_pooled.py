"""Communities of several regions that are one: proposed, accepted, counted, detached."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.test import TestCase
from django.utils import timezone

from communities.communities.ending import community_delete, community_restore
from communities.communities.models import Community, Membership
from communities.communities.services import (
    community_change,
    membership_accept,
    membership_join,
    membership_leave,
    membership_role_set,
)
from communities.pooling import services, telling
from core.accounts.services import account_suspend
from core.audit.queries import entries_of
from regions.agreements.models import Act
from regions.agreements.services import agreement_end, agreement_resume, agreement_suspend
from regions.outbox.models import OutboxEvent
from regions.pooled.errors import PooledError
from regions.pooled.models import ListedCommunity, Pool, PoolMember
from regions.pooled.queries import find, pool_view, pools_of_region, proposals_of
from regions.pooled.services import pooled_purge
from regions.projection.models import Backlog
from regions.projection.projector import drain
from regions.projection.services import region_project
from rides.adverts.models import AdvertCommunity
from rides.pooling.models import pooling_switch
from rides.pooling.services import advert_agree, region_sync
from tenants.context import platform_scope, tenant_scope
from tenants.models import Tenant
from tests.client import StrictClient
from tests.conftest import Twins
from tests.factories import make_account, make_community
from tests.permissions.world import partner_logo
from tests.regions.agreement_help import administrator, agree
from tests.rides.situations import make_advert

Clients = Callable[..., StrictClient]
EVERY = ["contribution", "wheelchair", "communities", "moderators"]


@pytest.fixture
def pair(twins: Twins, _database: None) -> Twins:
    """Two regions that pool communities."""
    agree(*twins, pools=["adverts", "communities"], fields=EVERY)
    return twins


def sync(*tenants: Tenant) -> None:
    """What the clock does each minute."""
    for tenant in tenants:
        with tenant_scope(tenant):
            telling.region_sync()
        drain(tenant)


def community_in(tenant: Tenant, name: str, **said: Any) -> Community:
    said.setdefault("municipality_code", "35238" if tenant.slug == "alpha" else "59350")
    with tenant_scope(tenant):
        return make_community(name=name, **said)


def proposal_between(mine: Community, here: Tenant, theirs: Community, there: Tenant) -> None:
    """``mine`` proposes, and ``theirs`` accepts."""
    with tenant_scope(here):
        services.pool_propose(
            community=mine, by=mine.created_by, region=there.slug, other=theirs.public_id
        )
    with tenant_scope(there):
        (line,) = [one for one in proposals_of(theirs.public_id) if one.received]
        services.proposal_accept(community=theirs, by=theirs.created_by, proposal=line.public_id)


def pooled(pair: Twins, name: str = "Atelier du Pont") -> tuple[Community, Community]:
    """A community of each region, that are one."""
    mine, theirs = community_in(pair.a, name), community_in(pair.b, f"{name} nord")
    sync(*pair)
    proposal_between(mine, pair.a, theirs, pair.b)
    sync(*pair)
    return mine, theirs


def seen(tenant: Tenant, community: Community) -> Any:
    with tenant_scope(tenant):
        return pool_view(community.public_id)


def join(tenant: Tenant, community: Community) -> Any:
    with tenant_scope(tenant):
        return membership_join(account=make_account(), community=community).account


def test_found_by_name_proposed_accepted_counted_from_both_sides_and_detached(
    pair: Twins, client_for: Clients
) -> None:
    a, b = pair
    mine = community_in(a, "Chantiers réunis")
    theirs = community_in(b, "Chantiers réunis du Nord")
    community_in(b, "Autre chose")
    for tenant in (a, b):
        partner_logo(tenant)
    sync(a, b)
    runs_a, runs_b = client_for(a, mine.created_by), client_for(b, theirs.created_by)
    console_a = f"/administration/communautes/{mine.slug}/mutualisation/"
    console_b = f"/administration/communautes/{theirs.slug}/mutualisation/"
    page = runs_a.get(f"{console_a}?q=chantiers").content.decode()
    assert "Chantiers réunis du Nord" in page and "Autre chose" not in page
    sent = {"region": b.slug, "community": str(theirs.public_id), "name": "Les chantiers"}
    assert runs_a.post(f"{console_a}proposer/", sent).status_code == 302
    assert "Chantiers réunis du Nord" in runs_a.get(console_a).content.decode()
    with tenant_scope(b):
        (line,) = proposals_of(theirs.public_id)
    assert (line.received, line.name, line.pool_name) == (True, "Chantiers réunis", "Les chantiers")
    assert "Chantiers réunis" in runs_b.get(console_b).content.decode()
    accepted = {"proposal": str(line.public_id)}
    assert runs_b.post(f"{console_b}accepter/", accepted).status_code == 302
    join(a, mine)
    sync(a, b)
    for tenant, own in ((a, mine), (b, theirs)):
        view = seen(tenant, own)
        assert (view.name, view.members) == ("Les chantiers", 3)
        assert view.own.name == own.name
        (partner,) = view.partners
        assert (partner.region, partner.moderators) == (
            ("Beta", "Alpha")[tenant == b],
            [(theirs, mine)[tenant == b].created_by.display_name],
        )
        page = client_for(tenant).get(own.get_absolute_url()).content.decode()
        assert "Les chantiers" in page and partner.region in page
        assert partner.url in page
        emblem = f"/regions-partenaires/{(b, a)[tenant == b].slug}/logo/"
        assert emblem in page, "the logo comes from this host"
    assert runs_a.post(f"{console_a}renommer/", {"name": "Tous aux chantiers"}).status_code == 302
    assert seen(b, theirs).name == "Tous aux chantiers"
    assert "Tous aux chantiers" in runs_b.get(console_b).content.decode()
    assert runs_b.post(f"{console_b}detacher/", {}).status_code == 302
    assert seen(a, mine) is seen(b, theirs) is None
    with tenant_scope(a):
        assert pools_of_region() == {}, "a pool of one is none"
        assert Membership.objects.filter(community=mine, status="accepted").count() == 2
        actions = {entry.action for entry in entries_of("community", mine.pk)}
        assert {"pool.proposed", "pool.renamed"} <= actions


def test_a_search_in_a_pooled_community_asks_the_whole_pool(
    pair: Twins, client_for: Clients
) -> None:
    a, b = pair
    mine, theirs = pooled(pair)
    with tenant_scope(b):
        pooling_switch(enabled=True)
        author = make_account()
        membership_join(account=author, community=theirs)
        inside, outside = make_advert(author=author), make_advert(author=author)
        AdvertCommunity.objects.create(advert=inside, community=theirs)
        for advert in (inside, outside):
            advert_agree(advert=advert, account=author)
    drain(b)
    search = (
        "/recherche/?origin=Rennes&origin_code=35238&destination=Vitr%C3%A9&destination_code=35360"
        "&regular=on&weekdays=1&time=07:40"
    )

    def found(address: str) -> int:
        page = client_for(a).get(address)
        assert page.status_code == 200
        return len(set(re.findall("/recherche/via/([0-9a-f-]{36})", page.content.decode())))

    page = mine.get_absolute_url()
    assert (found(search), found(f"{search}&community={mine.slug}")) == (2, 1)
    assert found(f"{page}?onglet=partenaires") == 1
    with tenant_scope(b):
        membership_leave(account=author, community=theirs)
        region_sync()
    drain(b)
    assert (found(search), found(f"{search}&community={mine.slug}")) == (2, 0)
    assert found(f"{page}?onglet=partenaires") == 0
    with tenant_scope(b):
        membership_join(account=author, community=theirs)
        region_sync()
        services.pool_leave(community=theirs, by=theirs.created_by)
    drain(b)
    assert (found(search), found(f"{search}&community={mine.slug}")) == (2, 0)


def test_the_pages_search_and_the_apis_are_of_the_whole_pool_from_both_hosts(
    pair: Twins, client_for: Clients
) -> None:
    mine, theirs = pooled(pair)
    homes = {pair.a.slug: (pair.a, mine), pair.b.slug: (pair.b, theirs)}
    for tenant, community in homes.values():
        with tenant_scope(tenant):
            pooling_switch(enabled=True)
            author = make_account(first_name="Zélie")
            membership_join(account=author, community=community)
            inside, secret, outside = (make_advert(author=author) for _number in range(3))
            for advert in (inside, secret):
                AdvertCommunity.objects.create(advert=advert, community=community)
            for advert in (inside, outside):  # the other one's author does not let it leave
                advert_agree(advert=advert, account=author)
        drain(tenant)
    trip = "origin=35238&destination=35360&regular=true&weekdays=0&page_size=3"
    for tenant, community in homes.values():
        visitor = client_for(tenant)
        page = visitor.get(community.get_absolute_url()).content.decode()
        assert f'<input type="hidden" name="community" value="{community.slug}"' in page
        sent = (
            "/recherche/?origin=Rennes&origin_code=35238&destination=Vitr%C3%A9"
            f"&destination_code=35360&regular=on&weekdays=1&community={community.slug}"
        )
        page = visitor.get(sent).content.decode()
        assert len(set(re.findall("/recherche/via/[0-9a-f-]{36}/", page))) == 1
        assert len(set(re.findall("/annonces/[0-9a-f-]{36}/", page))) == 2
        assert "3 trajets" in page
        answer = visitor.get(f"/api/v1/search/?{trip}&community={community.slug}").json()
        assert answer["count"] == len(answer["results"]) == 3, "of the list, no more"
        (found,) = [one for one in answer["results"] if one["region"]]
        foreign = found["advert"]
        partner = next(home.name for home, _own in homes.values() if home.pk != tenant.pk)
        assert found["region"]["name"] == partner and partner in foreign["author"]
        assert visitor.get(foreign["url"]).status_code == 200 and "/via/" in foreign["url"]
        assert "Zélie" not in json.dumps(foreign, ensure_ascii=False)
        # Nothing but the agreement's two halves: without the filter, what is shared of any kind.
        assert visitor.get(f"/api/v1/search/?{trip}").json()["count"] == 5


@pytest.mark.parametrize("what", ["communities", "statistics"])
def test_the_logo_of_whoever_shares_anything_is_served_here_and_of_nobody_else(
    twins: Twins, _database: None, client_for: Clients, what: str
) -> None:
    a, b = twins
    address = f"/regions-partenaires/{partner_logo(b)}/logo/"
    assert client_for(a).get(address).status_code == 404, "no agreement"
    made = agree(a, b, pools=[what], fields=[])
    answer = client_for(a).get(address)
    assert answer.status_code == 200 and b"".join(answer.streaming_content) == b"a picture"
    assert answer["Cache-Control"] == "public, max-age=600"
    assert client_for(a).get("/regions-partenaires/nulle-part/logo/").status_code == 404
    assert client_for(a).get(f"/regions-partenaires/{a.slug}/logo/").status_code == 404
    with tenant_scope(b):
        agreement_suspend(agreement=made, actor=administrator(b))
    assert client_for(a).get(address).status_code == 404, "at once"


def rows() -> list[Any]:
    """The read model without its dates."""
    with platform_scope(reason="a test reads"):
        return list(
            ListedCommunity.objects.order_by("tenant_id", "community").values_list(
                "tenant_id",
                "community",
                "slug",
                "name",
                "kind",
                "municipality_code",
                "department",
                "members",
                "moderators",
            )
        )


def test_what_is_told_equals_a_recount_and_a_rebuild_gives_the_same_rows(pair: Twins) -> None:
    mine, theirs = pooled(pair)
    alone = community_in(pair.a, "Seule")
    first = join(pair.a, mine)
    left = join(pair.a, mine)
    kept_out = join(pair.a, mine)
    runs = join(pair.b, theirs)
    with tenant_scope(pair.a):
        membership_leave(account=left, community=mine)
        waits = make_community(name="Sur demande", validation="moderator")
        row = membership_join(account=first, community=waits)
        membership_accept(membership=row, by=waits.created_by)
        account_suspend(account=kept_out)
        community_change(community=alone, by=None, name="Seule encore")
    with tenant_scope(pair.b):
        membership_role_set(
            membership=theirs.memberships.get(account=runs), role="moderator", by=theirs.created_by
        )
    sync(*pair)
    view = seen(pair.a, mine)
    assert (view.own.members, view.partners[0].members, view.members) == (2, 2, 4)
    assert view.partners[0].moderators == [theirs.created_by.display_name, runs.display_name]
    with tenant_scope(pair.b):
        assert [one.name for one in find("59", "seule")] == ["Seule encore"]
        # Those who run it are its own members' business once it hides them; it stays counted.
        community_change(community=theirs, by=None, members_hidden=True)
    sync(*pair)
    view = seen(pair.a, mine)
    assert (view.partners[0].members, view.partners[0].moderators) == (2, [])
    with tenant_scope(pair.a):
        community_delete(community=mine, by=None)
    sync(*pair)
    assert seen(pair.b, theirs) is None
    with tenant_scope(pair.a):
        community_restore(community=mine, by=None)
    sync(*pair)
    before = rows()
    assert seen(pair.b, theirs).members == 4, "back in its place"
    with tenant_scope(pair.a):
        assert telling.region_sync() == 0, "nothing is told twice"
    with platform_scope(reason="a test breaks the read model"):
        ListedCommunity.objects.filter(tenant_id=pair.a.pk).update(members=99)
        ListedCommunity.objects.create(
            tenant_id=pair.a.pk, community=uuid4(), name="Intruse", name_key="intruse"
        )
    call_command("rebuild_pool", stdout=io.StringIO())
    assert rows() == before


def test_what_does_not_hold_is_refused_with_a_typed_error_and_audited(pair: Twins) -> None:
    a, b = pair
    mine, theirs = pooled(pair)
    other = community_in(a, "Autre")
    far = community_in(b, "Lointaine")
    sync(a, b)

    def refused(community: Community, code: str, act: str = "pool_propose", **said: Any) -> None:
        with tenant_scope(a):
            with pytest.raises(PooledError) as error:
                getattr(services, act)(community=community, by=community.created_by, **said)
            assert error.value.code == code
            latest = entries_of("community", community.pk)[0]
            assert latest.action == "pool.refused" and latest.note.endswith(code)

    refused(mine, "already_together", region=b.slug, other=theirs.public_id)
    refused(other, "region_already_in", region=b.slug, other=theirs.public_id)
    refused(mine, "region_already_in", region=b.slug, other=far.public_id)
    refused(other, "with_itself", region=a.slug, other=mine.public_id)
    refused(other, "no_agreement", region="nulle-part", other=far.public_id)
    refused(other, "unknown_community", region=b.slug, other=uuid4())
    refused(other, "name_invalid", region=b.slug, other=far.public_id, name="  a ")
    refused(other, "not_pooled", "pool_leave")
    refused(other, "not_waiting", "proposal_accept", proposal=uuid4())
    with tenant_scope(a):
        services.pool_propose(
            community=other, by=other.created_by, region=b.slug, other=far.public_id
        )
        (line,) = proposals_of(other.public_id)
    refused(other, "already_proposed", region=b.slug, other=far.public_id)
    refused(other, "not_waiting", "proposal_accept", proposal=line.public_id)
    # Both have been pooled with others meanwhile: a community is in one pool.
    with platform_scope(reason="a test pools them elsewhere"):
        for tenant, community in ((a, other), (b, far)):
            PoolMember.objects.create(
                pool=Pool.objects.create(name="Ailleurs"),
                tenant_id=tenant.pk,
                community=community.public_id,
            )
    refused(other, "already_pooled", region=b.slug, other=far.public_id)


def test_agreements_decide_at_once_and_what_none_covers_goes_with_a_receipt(
    twins: Twins, _database: None, client_for: Clients
) -> None:
    a, b = twins
    made = agree(a, b, pools=["communities"], fields=[])
    mine, theirs = pooled(twins)
    assert seen(a, mine).partners[0].moderators == [], "the agreement does not tell names"
    page = mine.get_absolute_url()
    assert "Atelier du Pont nord" in client_for(a).get(page).content.decode()
    with tenant_scope(b):
        agreement_suspend(agreement=made, actor=administrator(b))
    assert seen(a, mine) is seen(b, theirs) is None
    assert "Atelier du Pont nord" not in client_for(a).get(page).content.decode()
    with tenant_scope(a):
        assert find("35", "atelier") == []
    assert pooled_purge(a) == pooled_purge(b) == 0, "a suspension removes nothing"
    with tenant_scope(b):
        agreement_resume(agreement=made, actor=administrator(b))
    assert seen(a, mine).members == 2
    with tenant_scope(a):
        agreement_end(agreement=made, actor=administrator(a))
    assert seen(a, mine) is None
    assert (pooled_purge(a), pooled_purge(b)) == (1, 0), "the last one goes with the last but one"
    with platform_scope(reason="a test counts"):
        assert not ListedCommunity.objects.exists() and not PoolMember.objects.exists()
        receipts = Act.objects.filter(what=Act.What.PURGED).order_by("pk")
        assert [one.content for one in receipts] == [
            {"communities": 1, "detached": 1},
            {"communities": 1, "detached": 0},
        ]
    with tenant_scope(a):
        assert Community.objects.get(pk=mine.pk).is_active, "intact"
        assert mine.memberships.count() == 1


def test_a_region_that_nobody_projects_ages_out_of_pools_until_somebody_does(pair: Twins) -> None:
    """Who runs a community there may have left since: nothing of it is told; nothing is lost."""
    a, b = pair
    mine, _theirs = pooled(pair)
    region_project(b)
    assert seen(a, mine).partners[0].moderators
    with platform_scope(reason="a test stops the clock"):
        Backlog.objects.update(seen_at=timezone.now() - timedelta(hours=25))
    assert seen(a, mine) is None
    with tenant_scope(a):
        assert find("35", "atelier") == []
    region_project(b)
    assert seen(a, mine).members == 2


def test_what_was_on_its_way_when_an_agreement_ended_goes_too(
    twins: Twins, _database: None
) -> None:
    """The projector stood still meanwhile: what it brings late stays no longer than a minute."""
    a, b = twins
    made = agree(a, b, pools=["communities"])
    community_in(a, "Atelier du Pont")
    with tenant_scope(a):
        telling.region_sync()
        agreement_end(agreement=made, actor=administrator(a))
    pooled_purge(a)
    drain(a)
    sync(a)
    with platform_scope(reason="a test counts"):
        assert not ListedCommunity.objects.exists()


def test_an_agreement_bound_to_a_departement_covers_communities_one_of_which_lies_there(
    twins: Twins, _database: None
) -> None:
    a, b = twins
    agree(a, b, pools=["communities"], departments=["35", "62"])
    mine, theirs = pooled(twins)
    assert seen(a, mine).members == seen(b, theirs).members == 2
    with tenant_scope(b):
        assert [one.name for one in find("59", "atelier")] == ["Atelier du Pont"]
    agree(a, b, pools=["communities"], departments=["62"])
    assert seen(a, mine) is seen(b, theirs) is None, "the stricter of both holds"


def test_those_who_run_a_pool_answer_for_their_own_region_only(
    pair: Twins, client_for: Clients
) -> None:
    mine, theirs = pooled(pair)
    with tenant_scope(pair.b):
        community_change(community=theirs, by=None, validation="moderator")
        asks = membership_join(account=make_account(), community=theirs)
    foreign = client_for(pair.a, mine.created_by)
    for path in ("", "membres/", "mutualisation/"):
        assert foreign.get(f"/administration/communautes/{theirs.slug}/{path}").status_code == 404
    said = {"save": asks.pk, f"statut-{asks.pk}": "member"}
    foreign.post(f"/administration/communautes/{theirs.slug}/membres/modifier/", said)
    foreign.post(f"/administration/communautes/{mine.slug}/membres/modifier/", said)
    with tenant_scope(pair.b):
        asks.refresh_from_db()
        assert asks.status == "pending"
    client_for(pair.b, theirs.created_by).post(
        f"/administration/communautes/{theirs.slug}/membres/modifier/", said
    )
    with tenant_scope(pair.b):
        asks.refresh_from_db()
        assert asks.status == "accepted", "the twin: their own may"


def test_joining_tells_partners_by_itself_and_nothing_of_who_joined(pair: Twins) -> None:
    mine, _theirs = pooled(pair)
    with tenant_scope(pair.a):
        with TestCase.captureOnCommitCallbacks(execute=True):
            membership_join(account=make_account(first_name="Zélie"), community=mine)
        (said,) = OutboxEvent.objects.filter(subject=mine.public_id).values_list(
            "payload", flat=True
        )
    assert (said["members"], said["moderators"]) == (2, [mine.created_by.display_name])
    words = json.dumps(said, ensure_ascii=False)
    assert "Zélie" not in words and "@" not in words


def test_a_regions_role_reads_pools_through_its_functions_only(pair: Twins) -> None:
    pooled(pair)
    tables = ("listedcommunity", "pool", "poolmember", "proposal", "poolact")
    with tenant_scope(pair.a), connection.cursor() as cursor:
        for table in tables:
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                cursor.execute(f"SELECT * FROM public.pooled_{table}")


def test_each_side_is_told_what_the_other_does_and_reads_it_afterwards(
    pair: Twins, client_for: Clients
) -> None:
    a, b = pair
    mine, theirs = community_in(a, "Atelier du Pont"), community_in(b, "Atelier du Port")
    sync(a, b)
    runs_a, runs_b = client_for(a, mine.created_by), client_for(b, theirs.created_by)
    console_a = f"/administration/communautes/{mine.slug}/mutualisation/"
    console_b = f"/administration/communautes/{theirs.slug}/mutualisation/"
    propose = {"region": b.slug, "community": str(theirs.public_id)}

    def post(client: StrictClient, path: str, said: dict[str, str], to: Community) -> str:
        """Do it; return the subject of the mail to those who run the other one."""
        mail.outbox.clear()
        with TestCase.captureOnCommitCallbacks(execute=True):
            assert client.post(path, said).status_code == 302
        assert {tuple(one.to) for one in mail.outbox} <= {(to.created_by.email,)}
        return " ".join(one.subject.replace("\xa0", " ") for one in mail.outbox)

    def waiting() -> dict[str, str]:
        with tenant_scope(b):
            (line,) = proposals_of(theirs.public_id)
        return {"proposal": str(line.public_id)}

    page = runs_a.get(f"{console_a}?q=atelier").content.decode()
    assert 'name="name" value="Atelier du Pont"' in page, "a name to choose"
    assert post(runs_a, f"{console_a}proposer/", {**propose, "name": "x" * 300}, theirs) == ""
    assert "3 à 100 caractères" in runs_a.get(console_a).content.decode()
    post(runs_a, f"{console_a}proposer/", {**propose, "name": "Les ateliers"}, theirs)
    assert "Déjà proposée" in runs_a.get(f"{console_a}?q=atelier").content.decode()
    assert "sous le nom « Les ateliers »" in runs_b.get(console_b).content.decode().replace(
        "\xa0", " "
    )
    subject = post(runs_b, f"{console_b}refuser/", waiting(), mine)
    assert subject == f"La région {b.name} refuse de mettre en commun « Atelier du Pont »"
    page = runs_a.get(console_a).content.decode()
    assert "a refusé la proposition" in page, "and does not just vanish"

    post(runs_a, f"{console_a}proposer/", propose, theirs)
    assert "retire sa proposition" in post(runs_a, f"{console_a}retirer/", waiting(), theirs)
    post(runs_a, f"{console_a}proposer/", {**propose, "name": "Les ateliers"}, theirs)
    assert "accepte" in post(runs_b, f"{console_b}accepter/", waiting(), mine)
    post(runs_b, f"{console_b}renommer/", {"name": "y" * 300}, mine)
    assert "3 à 100 caractères" in runs_b.get(console_b).content.decode()
    assert "renomme" in post(runs_b, f"{console_b}renommer/", {"name": "Ateliers"}, mine)
    assert "détache" in post(runs_b, f"{console_b}detacher/", {}, mine)
    for client, path in ((runs_a, console_a), (runs_b, console_b)):
        page = client.get(path).content.decode()
        assert "a renommé la communauté mutualisée" in page and "a détaché" in page
    page = runs_a.get(f"/administration/communautes/{mine.slug}/historique/").content.decode()
    assert "name_invalid" not in page and "pool.proposed" not in page
    assert "Proposer la mise en commun : le nom" in page.replace("\xa0", " ")
