"""Imports: verdicts that tell nothing of who has an account, rows done once, people told."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.storage import storages
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communities.communities.memberships import (
    membership_add,
    membership_leave,
    membership_refuse,
    membership_remove,
)
from communities.communities.models import AuthorisedIdentifier, Community, Membership
from communities.communities.services import membership_join
from communities.imports import columns, invitations, running, services
from communities.imports.errors import ImportMovedError, NoColumnError, RowsRefusedError
from communities.imports.models import Import, ImportRow, Invitation
from core.accounts import inventory
from core.accounts.models import Account
from core.accounts.services import role_grant
from core.audit.queries import entries_of
from core.sheets.errors import SheetUnreadableError
from tenants.errors import InvalidTokenError
from tenants.models import Tenant
from tests.factories import make_account, make_community

pytestmark = pytest.mark.usefixtures("tenant")


@pytest.fixture
def runner() -> Account:
    return make_account()


@pytest.fixture
def community(runner: Account) -> Community:
    return make_community(runner)


@pytest.fixture
def settled(django_capture_on_commit_callbacks: Any) -> Callable[..., Any]:
    """Return a function that calls another, then does what it left for after the commit."""

    def settle(call: Callable[..., Any], **told: Any) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            result = call(**told)
        return result

    return settle


def table(*lines: str, heading: str = "Courriel;Prénom;Nom;Statut") -> bytes:
    return "\r\n".join((heading, *lines)).encode()


def begin(community: Community, by: Account, *lines: str, **told: Any) -> Import:
    return services.import_begin(
        kind="members",
        community=community,
        by=by,
        file_name=told.pop("name", "équipe.csv"),
        content=told.pop("content", None) or table(*lines, **told),
    )


def run(settled: Any, made: Import, by: Account, mode: str = "valid") -> Import:
    settled(services.import_start, of=made, mode=mode, by=by)
    made.refresh_from_db()
    return made


def verdicts(made: Import) -> dict[int, tuple[str, str]]:
    return {row.number: (row.verdict, row.reason) for row in made.lines.order_by("number")}


def test_each_row_has_a_verdict_that_tells_nothing_of_accounts(
    community: Community, runner: Account
) -> None:
    member, stranger, left, waiting = (make_account() for _ in range(4))
    membership_join(account=member, community=community)
    membership_join(account=left, community=community)
    membership_leave(account=left, community=community)
    membership_join(account=waiting, community=community)
    Membership.objects.filter(account=waiting).update(status="pending")
    made = begin(
        community,
        runner,
        f"{member.email.upper()};A;B;1",
        f"{stranger.email};A;B;Membre",
        "nobody@example.org;A;B;",
        f"{left.email};A;B;membre",
        f"{waiting.email};A;B;Accepté·e",
        f"{stranger.email};A;B;",
        "perdu@;A;B;1",
        ";A;B;1",
        "new@example.org;A;B;Pape",
        "refused@example.org;A;B;3",
        f"{runner.email};A;B;1",
        f"mod@example.org;{'x' * 81};B;Référent·e",
    )
    assert verdicts(made) == {
        2: ("member", ""),
        3: ("new", ""),
        4: ("new", ""),
        5: ("new", ""),
        6: ("change", "accepts"),
        7: ("repeated", "same_row"),
        8: ("refused", "bad_email"),
        9: ("refused", "no_email"),
        10: ("refused", "bad_standing"),
        11: ("outside", "refused_outside"),
        12: ("member", "oneself"),
        13: ("refused", "long_name"),
    }
    assert made.verdicts["new"] == 3 and made.state == "ready"
    assert Membership.objects.filter(community=community).count() == 4, "a dry run"
    assert not Invitation.objects.exists()


def test_people_join_or_are_invited_and_a_second_time_changes_nothing(
    community: Community, runner: Account, settled: Any
) -> None:
    known, suspended, boss = make_account(), make_account(is_active=False), make_account()
    lines = (
        f"{known.email};Zoé;Roy;1",
        f"{suspended.email};Al;Bo;1",
        f"{boss.email};Ed;Du;2",
        "léa@example.org;;;1",
        "luc@example.org;Luc;Le Bris;2",
        "eva@example.org;Eva;Coz;0",
    )
    made = run(settled, begin(community, runner, *lines), runner)
    assert (made.state, made.done, made.outcomes) == ("done", 6, {"done": 5, "refused": 1})
    added = {row.account_id: row for row in Membership.objects.filter(community=community)}
    assert added.keys() == {runner.pk, known.pk, boss.pk}
    assert (added[known.pk].status, added[known.pk].role) == ("accepted", "member")
    assert (added[known.pk].through, added[known.pk].answered_by) == ("added", runner)
    assert added[boss.pk].role == "moderator"
    invited = {one.email: one for one in Invitation.objects.all()}
    assert {one.email: one.standing for one in invited.values()} == {
        "luc@example.org": "moderator",
        "eva@example.org": "pending",
    }
    assert sorted(one.to[0] for one in mail.outbox) == sorted(
        [known.email, boss.email, "eva@example.org", "luc@example.org"]
    )
    assert Account.objects.filter(email="luc@example.org").count() == 0
    history = [(one.action, one.subject) for one in entries_of("community", community.pk)]
    assert ("membership.added", known) in history
    done = entries_of("community", community.pk).filter(action="import.done").get()
    assert done.actor == runner and done.batch == made.batch
    assert done.changes["file_name"] == ["", "équipe.csv"]
    assert done.changes["rows_done"] == ["", 5]

    mail.outbox.clear()
    again = run(settled, begin(community, runner, *lines), runner)
    assert again.state == "done" and mail.outbox == []
    assert Membership.objects.filter(community=community).count() == 3
    assert Invitation.objects.count() == 2


def test_an_import_does_what_the_moderators_click_does(
    community: Community, runner: Account, settled: Any
) -> None:
    """Adding by file and « Ajouter un membre » leave the same membership and the same history."""
    by_file, by_hand = make_account(), make_account()
    run(settled, begin(community, runner, f"{by_file.email};;;1"), runner)
    settled(membership_add, community=community, account=by_hand, by=runner)
    ways = [
        {
            name: getattr(Membership.objects.get(account=one), name)
            for name in ("status", "role", "through", "message", "reason", "answered_by_id")
        }
        for one in (by_file, by_hand)
    ]
    assert ways[0] == ways[1]
    lines = entries_of("community", community.pk).filter(action="membership.added")
    assert {one.subject: one.changes for one in lines} == {by_file: {}, by_hand: {}}
    assert len({one.subject for one in mail.outbox}) == 1 and len(mail.outbox) == 2


def test_who_left_is_asked_who_was_removed_is_added_who_was_refused_stays_so(
    community: Community, runner: Account, settled: Any
) -> None:
    left, removed, refused = make_account(), make_account(), make_account()
    for one in (left, removed, refused):
        membership_join(account=one, community=community)
    membership_leave(account=left, community=community)
    membership_remove(membership=Membership.objects.get(account=removed), by=runner)
    membership_refuse(membership=Membership.objects.get(account=refused), by=runner)
    lines = (f"{left.email};;;", f"{removed.email};;;", f"{refused.email};;;Refusé")
    run(settled, begin(community, runner, *lines), runner)
    status = dict(Membership.objects.values_list("account_id", "status"))
    assert [status[one.pk] for one in (left, removed, refused)] == ["left", "accepted", "refused"]
    assert list(Invitation.objects.values_list("email", flat=True)) == [left.email]


def test_statuses_change_but_a_moderator_stays(
    community: Community, runner: Account, settled: Any
) -> None:
    other, helper = make_account(), make_account()
    membership_add(community=community, account=other, by=runner)
    membership_add(community=community, account=helper, by=runner, role="moderator")
    made = begin(community, helper, f"{other.email};;;2", f"{runner.email};;;Refusé·e")
    assert verdicts(made) == {2: ("change", "promotes"), 3: ("change", "refuses")}
    run(settled, made, helper)
    rows = {row.account_id: row for row in Membership.objects.filter(community=community)}
    assert rows[other.pk].role == "moderator" and rows[runner.pk].status == "refused"
    Membership.objects.filter(account=other).update(role="member")
    alone = begin(community, make_admin(), f"{helper.email};;;1")
    assert verdicts(alone) == {2: ("refused", "last_moderator")}


def make_admin() -> Account:
    admin: Account = make_account()
    role_grant(account=admin, role="administrator")
    return admin


# --- all or nothing, interruptions, turns ---------------------------------------------------------
def test_all_or_nothing(community: Community, runner: Account, settled: Any) -> None:
    broken = begin(community, runner, "a@example.org;;;", "perdu;;;")
    with pytest.raises(RowsRefusedError):
        services.import_start(of=broken, mode="all", by=runner)
    boss = make_account()
    membership_add(community=community, account=boss, by=runner, role="moderator")
    made = begin(community, runner, "a@example.org;;;", f"{boss.email};;;1")
    assert "refused" not in made.verdicts
    Membership.objects.filter(account=runner).update(role="member")  # meanwhile
    admin = make_admin()
    run(settled, made, admin, mode="all")
    assert (made.state, made.problem, made.done) == ("ready", "rows", 0)
    assert verdicts(made)[3] == ("refused", "last_moderator")
    assert not Invitation.objects.exists() and mail.outbox == []
    membership_add(community=community, account=admin, by=None, role="moderator")
    services.import_read_again(of=made, encoding="utf-8", separator=";")
    made.refresh_from_db()
    run(settled, made, admin, mode="all")
    assert (made.state, made.outcomes) == ("done", {"done": 2})


def test_an_interrupted_import_goes_on_where_it_stopped(
    community: Community, runner: Account, settled: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "CHUNK", 2)
    made = begin(community, runner, *(f"p{n}@example.org;;;" for n in range(5)))
    real, calls = invitations.invitations_make, []

    def failing(**told: Any) -> int:
        calls.append(told)
        if len(calls) == 2:
            raise OSError("the disk went away with p3@example.org")
        return real(**told)

    monkeypatch.setattr("communities.imports.people.invitations_make", failing)
    run(settled, made, runner)
    assert (made.state, made.problem, made.at_row, made.done) == ("stopped", "error", 3, 2)
    assert Invitation.objects.count() == 2
    settled(services.import_resume, of=made, by=runner)
    made.refresh_from_db()
    assert (made.state, made.done, made.outcomes) == ("done", 5, {"done": 5})
    assert Invitation.objects.count() == 5 and len(mail.outbox) == 5


def test_what_a_dead_worker_left_is_taken_up_three_times_then_told(
    community: Community, runner: Account, settled: Any
) -> None:
    made = begin(community, runner, "a@example.org;;;")
    long_ago = timezone.now() - timedelta(minutes=3)
    left = {"state": "running", "attempts": 1, "touched_at": long_ago}
    Import.objects.filter(pk=made.pk).update(mode="valid", **left)
    settled(running.sweep, now=timezone.now())
    made.refresh_from_db()
    assert (made.state, made.attempts) == ("done", 2)
    Import.objects.filter(pk=made.pk).update(**{**left, "attempts": 3})
    running.sweep(timezone.now())
    made.refresh_from_db()
    assert (made.state, made.problem) == ("stopped", "interrupted")


def test_an_import_waits_for_the_one_under_way(
    community: Community, runner: Account, settled: Any
) -> None:
    first, second = (begin(community, runner, f"{n}@example.org;;;") for n in "ab")
    Import.objects.filter(pk=first.pk).update(state="running", claim=first.public_id, mode="valid")
    run(settled, second, runner)
    assert second.state == "queued"
    first.refresh_from_db()
    settled(running._end, claimed=first, state="done", problem="")
    second.refresh_from_db()
    assert second.state == "done"


def test_who_may_no_longer_import_does_not(
    community: Community, runner: Account, settled: Any
) -> None:
    helper = make_account()
    membership_add(community=community, account=helper, by=runner, role="moderator")
    made = begin(community, helper, "a@example.org;;;")
    services.import_start(of=made, mode="valid", by=helper)
    membership_remove(membership=Membership.objects.get(account=helper), by=runner)
    running.import_run(made.pk)
    made.refresh_from_db()
    assert made.state == "stopped" and not Invitation.objects.exists()


def test_each_step_asks_for_its_state(community: Community, runner: Account, settled: Any) -> None:
    made = run(settled, begin(community, runner, "a@example.org;;;"), runner)
    assert services.import_start(of=made, mode="valid", by=runner).state == "done", "a double click"
    for step in (
        lambda: services.import_drop(of=made, by=runner),
        lambda: services.import_read_again(of=made, encoding="utf-8", separator=";"),
    ):
        with pytest.raises(ImportMovedError):
            step()


# --- the file -------------------------------------------------------------------------------------
def test_a_file_may_be_read_again_otherwise(community: Community, runner: Account) -> None:
    content = "Mail;Prénom\nzoé@example.org;Zoé\nb@example.org;Chloé".encode("mac-roman")
    made = begin(community, runner, content=content)
    assert (made.encoding, made.separator) == ("mac-roman", ";")
    assert made.columns == [["Mail", "email"], ["Prénom", "first_name"]]
    again = services.import_read_again(of=made, encoding="cp1252", separator=";")
    assert again.columns[1] != ["Prénom", "first_name"]
    assert verdicts(again)[3] == ("new", "")
    assert services.import_read_again(of=again, encoding="utf-8", separator="|").state == "columns"


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4", b"Nom;Age\nZoe;12", b"x" * 5_300_000])
def test_a_file_that_cannot_be_imported_leaves_nothing(
    community: Community, runner: Account, content: bytes
) -> None:
    with pytest.raises((SheetUnreadableError, NoColumnError)):
        services.import_begin(
            kind="members", community=community, by=runner, file_name="x.csv", content=content
        )
    assert not Import.objects.exists()


@pytest.mark.parametrize(
    ("heading", "fields"),
    [
        (
            "E-mail,Given name,Family name,Status,ID",
            "email first_name last_name standing identifier",
        ),
        ("ADRESSE E-MAIL,PRENOM,NOM DE FAMILLE,STATUT", "email first_name last_name standing"),
        ("givenName,familyName,email,telephone,status", "first_name last_name email  standing"),
        ("Prénom,Nom,Courriel,Email", "first_name last_name email "),
    ],
)
def test_columns_are_known_by_many_names(heading: str, fields: str) -> None:
    assert columns.fields_of("members", heading.split(",")) == fields.split(" ")


def test_words_of_the_former_platform() -> None:
    assert [columns.standing_of(one) for one in ("0", "1", "2", "3")] == [
        "pending",
        "member",
        "moderator",
        "refused",
    ]
    assert [columns.validation_of(one) for one in ("0", "1", "2", "3")] == [
        "automatic",
        "moderator",
        "domain",
        "secured",
    ]
    assert columns.standing_of("Modérateur·rice") == columns.standing_of("RÉFÉRENTE") == "moderator"
    assert columns.validation_of("Validation sécurisée") == "secured"
    assert columns.standing_of("") == "" and columns.standing_of("chef") is None


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    bad=st.lists(
        st.text(alphabet=st.sampled_from('";,|\t=+-@\0\x1aé€a1\u2028'), max_size=40), max_size=20
    ),
    codec=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
)
def test_no_file_loses_a_good_row(
    bad: list[str], codec: str, community: Community, runner: Account
) -> None:
    lines = [f"good{n}@example.org;Zoé;Le Goff;1" for n in range(12)]
    for place, line in enumerate(bad):
        lines.insert(place * 2 % len(lines), line)
    content = table(*lines).decode().encode(codec, "replace")
    made = begin(community, runner, content=content)
    if made.separator != ";":
        made = services.import_read_again(of=made, encoding=made.encoding, separator=";")
    good = made.lines.filter(verdict="new", last_name="Le Goff").values_list("email", flat=True)
    assert sorted(good) == sorted(f"good{n}@example.org" for n in range(12))


def test_a_file_without_headings_is_a_list_of_addresses(
    community: Community, runner: Account
) -> None:
    made = begin(community, runner, content=b"a@example.org\nb@example.org\n")
    assert made.total == 2 and set(verdicts(made)) == {1, 2}


# --- communities ----------------------------------------------------------------------------------
def test_communities_are_made_once_and_run_by_whom_the_file_names(settled: Any) -> None:
    admin, referent = make_admin(), make_account()
    content = (
        "Nom;Type;Adresse;Code postal;Commune;Type de validation;Domaines;Annonces masquées;"
        "Référent\n"
        f"Mairie;Organisation;Place;35500;Vitré;2;vitre.example;oui;{referent.email}\n"
        "Ligne 12;Ligne de covoiturage;;;Rennes;0;;;neuf@example.org\n"
        "Mairie;1;;;Vitré;;;;\n"
        "Lille;territoire;;59000;Lille;;;;\n"
        "Campus;campus;4 rue du Thabor, 35000, Rennes;;;1;;;\n"
        "X;;;;Rennes;;;;\n"
        "Parc;;;;Rennes;2;;;\n"
    ).encode("cp1252")
    told = {"kind": "communities", "community": None, "by": admin, "file_name": "c.csv"}
    made = services.import_begin(content=content, **told)
    assert verdicts(made) == {
        2: ("create", ""),
        3: ("create", ""),
        4: ("refused", "bad_kind"),
        5: ("refused", "elsewhere"),
        6: ("create", ""),
        7: ("refused", "no_name"),
        8: ("refused", "no_domains"),
    }
    run(settled, made, admin)
    assert made.outcomes == {"done": 3, "refused": 4}
    mairie = Community.objects.get(name="Mairie")
    assert (mairie.validation, mairie.adverts_hidden) == ("domain", True)
    assert mairie.place_label == "Place, Vitré"
    assert mairie.created_by == referent
    line = Community.objects.get(name="Ligne 12")
    assert line.kind == "line" and line.created_by == admin
    assert Invitation.objects.get().standing == "moderator"
    campus = Community.objects.get(name="Campus")
    assert (campus.place_label, campus.organisation_kind) == ("4 rue du Thabor, Rennes", "campus")
    again = services.import_begin(content=content, **told)
    assert again.verdicts == {"exists": 3, "refused": 4}
    run(settled, again, admin)
    assert Community.objects.filter(name="Mairie").count() == 1


# --- invitations ----------------------------------------------------------------------------------
def invited(community: Community, runner: Account, standing: str = "member") -> Invitation:
    who = invitations.Invited("neuf@example.org", "Neuf", "Roy", standing)
    invitations.invitations_make(community=community, people=[who], by=runner)
    return Invitation.objects.get(email="neuf@example.org")


def test_an_invitation_is_used_once(community: Community, runner: Account) -> None:
    invitation = invited(community, runner, "moderator")
    token = invitations.token_of(invitation)
    guest = make_account(email="neuf@example.org")
    found = invitations.invitation_of(token)
    membership = invitations.invitation_accept(invitation=found, account=guest)
    assert (membership.status, membership.role) == ("accepted", "moderator")
    for call in (
        lambda: invitations.invitation_of(token),
        lambda: invitations.invitation_accept(invitation=found, account=make_account()),
    ):
        with pytest.raises(InvalidTokenError):
            call()


def test_only_the_invited_address_becomes_a_moderator(
    community: Community, runner: Account
) -> None:
    invitation = invited(community, runner, "moderator")
    membership = invitations.invitation_accept(invitation=invitation, account=make_account())
    assert membership.role == "member"


def test_an_invitation_ends(community: Community, runner: Account, twins: Any) -> None:
    from tenants.context import tenant_scope

    invitation = invited(community, runner)
    token = invitations.token_of(invitation)
    with tenant_scope(twins.b), pytest.raises(InvalidTokenError):
        invitations.invitation_of(token)
    Invitation.objects.update(created_at=timezone.now() - timedelta(days=91))
    with pytest.raises(InvalidTokenError):
        invitations.invitation_of(token)
    invitations.purge(timezone.now())
    assert not Invitation.objects.exists()


def test_who_declines_is_not_invited_again(
    community: Community, runner: Account, settled: Any
) -> None:
    invitation = invited(community, runner)
    settled(invitations.invitation_decline, invitation=invitation)
    invitation.refresh_from_db()
    assert invitation.first_name == "" and invitation.declined_at
    mail.outbox.clear()
    Invitation.objects.update(sent_at=timezone.now())
    run(settled, begin(community, runner, "neuf@example.org;Neuf;Roy;"), runner)
    assert mail.outbox == []
    with pytest.raises(InvalidTokenError):
        invitations.invitation_of(invitations.token_of(invitation))


# --- what is kept ---------------------------------------------------------------------------------
def test_files_and_rows_go_after_thirty_days(
    community: Community, runner: Account, settled: Any
) -> None:
    made = run(settled, begin(community, runner, "a@example.org;;;"), runner)
    waiting = begin(community, runner, "b@example.org;;;")
    keys = [made.file, waiting.file]
    assert all(storages["private"].exists(key) for key in keys)
    settled(services.purge, now=timezone.now() + timedelta(days=29))
    assert ImportRow.objects.count() == 2
    settled(services.purge, now=timezone.now() + timedelta(days=31))
    assert not ImportRow.objects.exists()
    assert not any(storages["private"].exists(key) for key in keys)
    assert [one.pk for one in Import.objects.all()] == [made.pk], "what was done is still told"


def test_personal_data(community: Community, runner: Account, settled: Any) -> None:
    person = make_account(email="moi@example.org")
    begin(community, runner, "moi@example.org;Moi;Même;1;K-7", heading="Email;Prénom;Nom;Statut;ID")
    (row,) = inventory.export(person)["imports"]["named_in"]
    assert (row["first_name"], row["identifier"]) == ("Moi", "K-7")
    inventory.remove(person)
    left = ImportRow.objects.get()
    assert (left.email, left.first_name, left.data, left.verdict) == ("", "", {}, "refused")


# --- faces ----------------------------------------------------------------------------------------
@pytest.fixture
def desk(client_for: Any, tenant: Tenant, runner: Account) -> Iterator[Any]:
    yield client_for(tenant, runner)


def upload(content: bytes, name: str = "équipe.csv") -> Any:
    file = io.BytesIO(content)
    file.name = name
    return file


def test_from_the_file_to_the_report(
    desk: Any, community: Community, settled: Any, client_for: Any, tenant: Tenant
) -> None:
    page = desk.get(f"/administration/communautes/import/usagers/?communaute={community.slug}")
    assert f'value="{community.slug}" selected' in page.content.decode()
    bad = desk.post(
        "/administration/communautes/import/usagers/",
        {"community": community.slug, "file": upload(b"Nom\nZoe")},
    )
    assert bad.status_code == 422
    content = table("a@example.org;=1+1;@Roy;1", "perdu;;;")
    sent = desk.post(
        "/administration/communautes/import/usagers/",
        {"community": community.slug, "file": upload(content)},
    )
    address = sent["Location"]
    page = desk.get(address).content.decode()
    for words in (
        "Importer toutes les lignes valables",
        "Sera invité·e ou ajouté·e",
        "Ligne refusée",
        "n’est pas une adresse e-mail.",
        "UTF-8",
    ):
        assert words in page, words
    assert "perdu" not in desk.get(f"{address}?verdict=new").content.decode()
    assert desk.get(f"{address}etat/").json() == {
        "state": "ready",
        "busy": False,
        "done": 0,
        "total": 2,
    }
    settled(desk.post, path=f"{address}importer/", data={"mode": "valid"})
    page = desk.get(address).content.decode()
    assert "L’import est terminé" in page and "Télécharger le rapport" in page
    report = b"".join(desk.get(f"{address}?format=csv")).decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(report), delimiter=";"))
    assert [line["Résultat"] for line in lines] == ["Importé", "Non importé"]
    assert lines[0]["Prénom"] == "'=1+1", "no formula of a stranger's"
    assert "équipe.csv" in desk.get("/administration/communautes/import/").content.decode()

    link = next(one.body for one in mail.outbox if one.to == ["a@example.org"])
    path = "/invitations/" + link.partition("/invitations/")[2].split()[0]
    visitor = client_for(tenant)
    shown = visitor.get(path).content.decode()
    assert community.name in shown and "Créer mon compte" in shown
    assert visitor.post(f"{path}inscription/")["Location"] == "/compte/inscription/"
    assert "a@example.org" in visitor.get("/compte/inscription/").content.decode()
    guest = client_for(tenant, make_account())
    assert guest.post(f"{path}rejoindre/").status_code == 302
    assert guest.get(path).status_code == 404


def test_pages_ask_as_little_of_a_large_file_as_of_a_small_one(
    desk: Any, community: Community, runner: Account, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for many in (2, 60):
        made = begin(community, runner, *(f"p{n}@example.org;;;" for n in range(many)))
        address = f"/administration/communautes/import/{made.public_id}/?lignes=100"
        desk.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(address).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_buttons_are_where_the_guide_has_them(
    desk: Any, client_for: Any, tenant: Tenant, community: Community
) -> None:
    listed = desk.get("/administration/communautes/").content.decode()
    assert (
        "Import d’usagers" in listed
        and "/administration/communautes/import/communautes/" not in listed
    )
    members = desk.get(f"/administration/communautes/{community.slug}/membres/").content.decode()
    assert f"/administration/communautes/import/usagers/?communaute={community.slug}" in members
    admin = client_for(tenant, make_admin())
    listed = admin.get("/administration/communautes/").content.decode()
    assert "/administration/communautes/import/communautes/" in listed


def test_identifiers_come_in_a_workbook_too(community: Community) -> None:
    from communities.communities.identifiers import identifiers_import
    from tests.core.test_sheets import workbook

    content = workbook([["Matricule", "Nom"], [1204, "Zoé"], ["AB-7", "Léo"], [None, "vide"]])
    report = identifiers_import(community=community, content=content, by=None)
    assert (report.added, report.refused) == (2, [[4, "empty"]])
    assert AuthorisedIdentifier.objects.count() == 2
