"""OG-16, OG-17: three steps, then a code; nothing of a person is written before it is right."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django import forms
from django.conf import settings
from django.core import mail
from django.utils import timezone

from core.accounts import registration
from core.accounts.models import Account, AccountSettings, Consent
from core.accounts.registration import RegistrationExtra
from tenants.context import tenant_scope
from tenants.models import Tenant
from tests.conftest import Twins
from tests.core.people import (
    CODE_PAGE,
    IDENTITY,
    PASSWORD,
    REGISTER,
    RESIDENCE,
    SIGN_IN,
    STEP_1,
    STEP_2,
    STEP_3,
    Browser,
    browser_of,
    code_for,
    errors_of,
    mails_to,
    member,
    neutral,
)

EMAIL = STEP_1["email"]


@pytest.fixture
def browser(tenant: Tenant) -> Browser:
    return browser_of(tenant)


def test_a_person_registers(browser: Browser, tenant: Tenant) -> None:
    page = browser.get(REGISTER)
    for label in ("Email", "Téléphone portable", "Mot de passe", "Au moins 10 caractères"):
        assert label in page.content.decode()
    browser.post(REGISTER, STEP_1)
    page = browser.get(IDENTITY)
    for label in ("Prénom", "Nom", "Civilité", "Date de naissance", "Précédent", "Suivant"):
        assert label in page.content.decode()
    browser.post(IDENTITY, STEP_2)
    page = browser.get(RESIDENCE).content.decode()
    for label in ("Commune de résidence", "Je m’inscris", "actualités du service"):
        assert label in page
    answer = browser.post(RESIDENCE, STEP_3)
    assert answer.headers["Location"] == CODE_PAGE
    assert not Account.objects.filter(email=EMAIL).exists()

    page = browser.get(CODE_PAGE).content.decode()
    assert 'autocomplete="one-time-code"' in page
    assert 'inputmode="numeric"' in page
    answer = browser.post(CODE_PAGE, {"action": "verify", "code": code_for(EMAIL)})
    assert answer.headers["Location"] == "/"

    home = browser.get("/").content.decode()
    assert "Bienvenue, Élodie" in home
    assert "Bienvenue, Élodie" not in browser.get("/").content.decode()
    account = browser.account
    assert account is not None
    assert account.email == EMAIL
    assert account.phone == "+33612345678"
    assert account.display_name == "Élodie L."
    assert account.birth_date == date(1990, 3, 4)
    assert account.residence_code == "35238"
    assert account.check_password(PASSWORD)
    assert EmailAddress.objects.get(user=account).verified
    consents = account.consents.values_list("kind", "version", "withdrawn_at")
    assert list(consents) == [("charter", "1", None)]


def test_the_progress_says_where_one_is(browser: Browser) -> None:
    browser.post(REGISTER, STEP_1)
    page = browser.get(IDENTITY).content.decode()
    assert page.count('aria-current="step"') == 1
    assert "Étape 2 sur 3" in page


def test_the_news_are_a_choice_of_their_own(browser: Browser) -> None:
    browser.post(REGISTER, STEP_1)
    browser.post(IDENTITY, STEP_2)
    page = browser.get(RESIDENCE)
    assert not page.context["form"]["news"].value()
    browser.post(RESIDENCE, {**STEP_3, "news": "on"})
    browser.post(CODE_PAGE, {"code": code_for(EMAIL)})
    kinds = Consent.objects.filter(account__email=EMAIL).values_list("kind", flat=True)
    assert sorted(kinds) == ["charter", "news"]


def test_the_charter_must_be_accepted(browser: Browser) -> None:
    browser.post(REGISTER, STEP_1)
    browser.post(IDENTITY, STEP_2)
    answer = browser.post(RESIDENCE, {"residence": "Rennes (35)", "news": "on"})
    assert answer.status_code == 200
    assert list(errors_of(answer)) == ["charter"]
    assert not mail.outbox


def test_going_back_and_forth_keeps_everything(browser: Browser) -> None:
    browser.post(REGISTER, STEP_1)
    answer = browser.post(IDENTITY, {**STEP_2, "birth_date": "never", "go": "previous"})
    assert answer.headers["Location"] == REGISTER
    page = browser.get(REGISTER)
    assert page.context["form"]["email"].value() == EMAIL
    assert page.context["form"]["phone"].value() == STEP_1["phone"]
    assert "Votre mot de passe est gardé" in page.content.decode()
    assert not errors_of(page)
    browser.post(REGISTER, {**STEP_1, "password": ""})  # kept
    page = browser.get(IDENTITY)
    assert page.context["form"]["birth_date"].value() == "never"
    assert page.context["form"]["first_name"].value() == "Élodie"
    assert not errors_of(page)


def test_nothing_typed_is_lost_on_an_error(browser: Browser) -> None:
    answer = browser.post(REGISTER, {**STEP_1, "phone": "12"})
    assert answer.status_code == 200
    assert answer.context["form"]["email"].value() == EMAIL
    assert answer.context["form"]["phone"].value() == "12"
    # The password was fine: it is not asked again.
    assert browser.post(REGISTER, {**STEP_1, "password": ""}).status_code == 302


def test_the_password_is_kept_as_a_hash_only(browser: Browser) -> None:
    browser.register()
    kept = str(dict(browser.session.items()))
    assert PASSWORD not in kept
    assert "argon2" in kept
    assert code_for(EMAIL) not in kept


def test_steps_cannot_be_skipped(browser: Browser) -> None:
    assert browser.get(RESIDENCE).headers["Location"] == REGISTER
    assert browser.get(CODE_PAGE).headers["Location"] == REGISTER
    browser.post(REGISTER, STEP_1)
    assert browser.get(RESIDENCE).headers["Location"] == IDENTITY
    assert browser.post(RESIDENCE, STEP_3).headers["Location"] == IDENTITY
    assert not mail.outbox


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0612345678", "+33612345678"),
        ("06.12.34.56.78", "+33612345678"),
        ("+33 6 12 34 56 78", "+33612345678"),
        ("0033612345678", "+33612345678"),
        ("02 99 12 34 56", "+33299123456"),
        ("0692 12 34 56", "+262692123456"),
        ("0690 12 34 56", "+590690123456"),
        ("+687 75 12 34", "+687751234"),
    ],
)
def test_telephones_of_france_and_overseas(browser: Browser, typed: str, stored: str) -> None:
    browser.register(phone=typed)
    browser.post(CODE_PAGE, {"code": code_for(EMAIL)})
    assert Account.objects.get(email=EMAIL).phone == stored


@pytest.mark.parametrize(
    "typed", ["", "12", "0899 12 34 56", "+44 20 7946 0958", "+1 212 555 0100", "112", "06 12"]
)
def test_other_telephones_are_refused(browser: Browser, typed: str) -> None:
    answer = browser.post(REGISTER, {**STEP_1, "phone": typed})
    assert list(errors_of(answer)) == ["phone"]


@pytest.mark.parametrize("typed", ["", "pierre", "pierre@", "a b@example.org", "x" * 250 + "@a.fr"])
def test_addresses_that_are_none(browser: Browser, typed: str) -> None:
    answer = browser.post(REGISTER, {**STEP_1, "email": typed})
    assert "email" in errors_of(answer)


@pytest.mark.parametrize(
    "typed", ["", "court", "1234567890123", "motdepasse", "elodie@example.org", "x" * 129]
)
def test_weak_passwords_are_refused(browser: Browser, typed: str) -> None:
    answer = browser.post(REGISTER, {**STEP_1, "password": typed})
    assert list(errors_of(answer)) == ["password"]


@pytest.mark.parametrize("name", ["first_name", "last_name"])
@pytest.mark.parametrize(
    ("typed", "fine"),
    [
        ("Élodie", True),
        ("Jean-Pierre", True),
        ("  Le   Goff ", True),
        ("O’Connor", True),
        ("D'Artagnan", True),
        ("Ngũgĩ", True),
        ("李", True),
        ("", False),
        ("   ", False),
        ("R2D2", False),
        ("https://example.org", False),
        ("<b>Bob</b>", False),
        ("é" * 81, False),
    ],
)
def test_names(browser: Browser, name: str, typed: str, fine: bool) -> None:
    browser.post(REGISTER, STEP_1)
    answer = browser.post(IDENTITY, {**STEP_2, name: typed})
    assert (answer.status_code == 302) is fine
    if not fine:
        assert list(errors_of(answer)) == [name]


def years_ago(years: int, *, days: int = 0) -> str:
    today = timezone.localdate()
    day = min(today.day, 28)
    return (date(today.year - years, today.month, day) + timedelta(days=days)).isoformat()


@pytest.mark.parametrize(
    ("typed", "fine"),
    [
        (years_ago(18, days=-1), True),
        (years_ago(40), True),
        ("04/03/1990", True),
        (years_ago(17), False),
        (years_ago(0, days=40), False),
        (years_ago(150), False),
        ("31/02/1990", False),
        ("", False),
        ("hier", False),
    ],
)
def test_dates_of_birth(browser: Browser, typed: str, fine: bool) -> None:
    browser.post(REGISTER, STEP_1)
    answer = browser.post(IDENTITY, {**STEP_2, "birth_date": typed})
    assert (answer.status_code == 302) is fine
    if not fine:
        assert list(errors_of(answer)) == ["birth_date"]


def test_the_eighteenth_birthday_is_old_enough() -> None:
    from core.accounts.rules import age_on

    assert age_on(date(2007, 11, 22), date(2025, 11, 21)) == 17
    assert age_on(date(2007, 11, 22), date(2025, 11, 22)) == 18
    assert age_on(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert age_on(date(2008, 2, 29), date(2026, 3, 1)) == 18


def test_a_region_may_let_minors_register(browser: Browser) -> None:
    AccountSettings.objects.update(minors_allowed=True)
    browser.post(REGISTER, STEP_1)
    assert browser.post(IDENTITY, {**STEP_2, "birth_date": years_ago(16)}).status_code == 302
    answer = browser.post(IDENTITY, {**STEP_2, "birth_date": years_ago(14)})
    assert list(errors_of(answer)) == ["birth_date"]


@pytest.mark.parametrize("title", ["", "lord"])
def test_titles(browser: Browser, title: str) -> None:
    browser.post(REGISTER, STEP_1)
    assert list(errors_of(browser.post(IDENTITY, {**STEP_2, "title": title}))) == ["title"]


def test_the_municipality_is_a_real_one(browser: Browser) -> None:
    browser.post(REGISTER, STEP_1)
    browser.post(IDENTITY, STEP_2)
    for typed in ("", "99999", "Atlantide"):
        answer = browser.post(RESIDENCE, {**STEP_3, "residence": typed})
        assert list(errors_of(answer)) == ["residence"], typed


def test_a_wrong_code_five_times_kills_it(browser: Browser) -> None:
    browser.register()
    right = code_for(EMAIL)
    wrong = "000000" if right != "000000" else "000001"
    for _attempt in range(5):
        answer = browser.post(CODE_PAGE, {"code": wrong})
        assert "code" in errors_of(answer)
    answer = browser.post(CODE_PAGE, {"code": right})
    assert "ne fonctionne plus" in answer.content.decode()
    assert not Account.objects.filter(email=EMAIL).exists()
    browser.post(CODE_PAGE, {"action": "resend"})
    assert browser.post(CODE_PAGE, {"code": code_for(EMAIL)}).headers["Location"] == "/"


def test_something_that_is_no_code_costs_no_try(browser: Browser) -> None:
    browser.register()
    for _attempt in range(6):
        assert "code" in errors_of(browser.post(CODE_PAGE, {"code": "12"}))
    right = code_for(EMAIL)
    spaced = f" {right[:3]} {right[3:]} "
    assert browser.post(CODE_PAGE, {"code": spaced}).headers["Location"] == "/"


def test_an_old_code_is_dead(browser: Browser) -> None:
    browser.register()
    session = browser.session
    state = session["registration"]
    state["code"]["at"] -= 15 * 60 + 1
    session["registration"] = state
    session.save()
    answer = browser.post(CODE_PAGE, {"code": code_for(EMAIL)})
    assert "ne fonctionne plus" in answer.content.decode()


def test_another_code_replaces_the_former(browser: Browser) -> None:
    browser.register()
    former = code_for(EMAIL)
    browser.post(CODE_PAGE, {"action": "resend"})
    latter = code_for(EMAIL)
    if former != latter:
        assert "code" in errors_of(browser.post(CODE_PAGE, {"code": former}))
    assert browser.post(CODE_PAGE, {"code": latter}).headers["Location"] == "/"


def test_codes_are_not_sent_without_end(browser: Browser) -> None:
    browser.register()
    for _sending in range(6):
        browser.post(CODE_PAGE, {"action": "resend"})
    assert len(mails_to(EMAIL)) == 4


def test_one_address_is_not_flooded_from_many_sessions(tenant: Tenant) -> None:
    statuses = []
    for _visitor in range(8):
        browser = browser_of(tenant)
        browser.post(REGISTER, STEP_1)
        browser.post(IDENTITY, STEP_2)
        statuses.append(browser.post(RESIDENCE, STEP_3).status_code)
    assert statuses == [302] * 6 + [429] * 2
    assert len(mails_to(EMAIL)) == 6


def test_guesses_are_counted_over_sessions(tenant: Tenant) -> None:
    statuses = []
    for _visitor in range(6):
        browser = browser_of(tenant)
        browser.register()
        statuses += [browser.post(CODE_PAGE, {"code": "000000"}).status_code for _ in range(4)]
    assert statuses == [200] * 20 + [429] * 4


def test_the_address_can_be_corrected(browser: Browser) -> None:
    browser.register(email="elodi@example.org")
    lost = code_for("elodi@example.org")
    answer = browser.post(CODE_PAGE, {"action": "change", "email": "nowhere"})
    assert answer.context["other_form"].errors
    browser.post(CODE_PAGE, {"action": "change", "email": " Elodie@Example.org "})
    assert "code" in errors_of(browser.post(CODE_PAGE, {"code": lost}))
    browser.post(CODE_PAGE, {"code": code_for(EMAIL)})
    account = browser.account
    assert account is not None
    assert account.email == EMAIL
    assert not Account.objects.filter(email="elodi@example.org").exists()


def test_where_the_person_was_going(browser: Browser) -> None:
    browser.get(f"{REGISTER}?next=/communautes/")
    browser.register()
    answer = browser.post(CODE_PAGE, {"code": code_for(EMAIL)})
    assert answer.headers["Location"] == "/communautes/"


@pytest.mark.parametrize("address", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_never_to_another_host(browser: Browser, address: str) -> None:
    browser.get(REGISTER, {"next": address})
    browser.register()
    answer = browser.post(CODE_PAGE, {"code": code_for(EMAIL)})
    assert answer.headers["Location"] == "/"


# --- the same answer whether an account exists or not --------------------------------------------
def test_the_answers_do_not_tell_who_has_an_account(tenant: Tenant) -> None:
    member("known@example.org")
    pages: dict[str, list[str]] = {}
    for address in ("known@example.org", "unknown@example.org"):
        browser = browser_of(tenant)
        answers = [
            browser.post(REGISTER, {**STEP_1, "email": address}),
            browser.post(IDENTITY, STEP_2),
            browser.post(RESIDENCE, STEP_3),
            browser.get(CODE_PAGE),
            browser.post(CODE_PAGE, {"code": "000000"}),
            browser.post(CODE_PAGE, {"action": "resend"}),
            browser.get(CODE_PAGE),
            browser.post(CODE_PAGE, {"action": "change", "email": address}),
            *(browser.post(CODE_PAGE, {"code": "000000"}) for _ in range(6)),
        ]
        pages[address] = [
            f"{answer.status_code} {answer.headers.get('Location')} {neutral(answer, address)}"
            for answer in answers
        ]
        # Nor do the session's shape and size.
        kept = browser.session["registration"]
        pages[address].append(str({key: type(value) for key, value in kept["code"].items()}))
    assert pages["known@example.org"] == pages["unknown@example.org"]
    assert "déjà un compte" in mails_to("known@example.org")[-1].subject
    assert len(mails_to("known@example.org")) == len(mails_to("unknown@example.org"))


def test_the_time_does_not_tell_either(tenant: Tenant) -> None:
    member("known@example.org")
    times: dict[str, list[float]] = {"known": [], "unknown": []}
    for _round in range(4):
        for who, taken in times.items():
            browser = browser_of(tenant)
            browser.post(REGISTER, {**STEP_1, "email": f"{who}@example.org"})
            browser.post(IDENTITY, STEP_2)
            start = time.process_time()
            browser.post(RESIDENCE, STEP_3)
            taken.append(time.process_time() - start)
    known, unknown = (min(taken) for taken in times.values())
    assert 0.4 < known / unknown < 2.5


def test_two_people_race_for_one_address(tenant: Tenant) -> None:
    first, second = browser_of(tenant), browser_of(tenant)
    first.register()
    first_code = code_for(EMAIL)
    second.register()
    second_code = code_for(EMAIL)
    assert first.post(CODE_PAGE, {"code": first_code}).headers["Location"] == "/"
    answer = second.post(CODE_PAGE, {"code": second_code})
    assert answer.headers["Location"] == SIGN_IN
    assert "déjà un compte" in second.get(SIGN_IN).content.decode()
    assert Account.objects.filter(email=EMAIL).count() == 1


# --- hosts and regions ----------------------------------------------------------------------------
def test_a_registration_stays_in_its_region(tenant: Tenant, twins: Twins) -> None:
    browser = browser_of(tenant)
    browser.register()
    other = browser_of(twins.b)
    other.cookies[settings.SESSION_COOKIE_NAME] = browser.session.session_key
    assert other.get(CODE_PAGE).headers["Location"] == REGISTER
    with tenant_scope(twins.b):
        assert not Account.objects.filter(email=EMAIL).exists()


def test_a_member_of_one_region_registers_in_the_other(tenant: Tenant, twins: Twins) -> None:
    member(EMAIL)
    other = browser_of(twins.b)
    other.register()
    assert other.post(CODE_PAGE, {"code": code_for(EMAIL)}).headers["Location"] == "/"


def test_nobody_registers_on_the_platform(tenant: Tenant) -> None:
    platform = Browser("platform.localhost", None)
    for path in (REGISTER, IDENTITY, RESIDENCE, CODE_PAGE):
        assert platform.get(path).status_code == 404


def test_the_console_sends_newcomers_to_the_site(tenant: Tenant) -> None:
    console = browser_of(tenant, "admin.alpha.localhost")
    answer = console.get(REGISTER)
    assert answer.headers["Location"] == "http://alpha.localhost/compte/inscription/"


def test_someone_signed_in_does_not_register(browser: Browser) -> None:
    member()
    browser.sign_in("pierre@example.org")
    assert browser.get(REGISTER).headers["Location"] == "/"


# --- what upper floors add ------------------------------------------------------------------------
class Shirt(RegistrationExtra):
    name = "shirt"
    order = 90
    refused = False

    def fields(self) -> Mapping[str, forms.Field]:
        return {"shirt": forms.ChoiceField(choices=[("s", "S"), ("m", "M")], required=False)}

    def clean(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        if cleaned.get("shirt") == "m":
            raise forms.ValidationError({"shirt": "none left"})
        return cleaned

    def complete(self, *, account: Account, cleaned: Mapping[str, Any]) -> None:
        account.last_name = f"{account.last_name} {cleaned['shirt']}"
        account.save()
        if self.refused:
            raise forms.ValidationError("no")


@pytest.fixture
def shirt() -> Iterator[Shirt]:
    extra = Shirt()
    registration.register_extra(extra)
    yield extra
    registration._extras.pop("shirt")


def test_an_extra_is_checked_and_done(browser: Browser, shirt: Shirt) -> None:
    browser.post(REGISTER, STEP_1)
    browser.post(IDENTITY, STEP_2)
    answer = browser.post(RESIDENCE, {**STEP_3, "shirt": "m"})
    assert errors_of(answer) == {"shirt": ["none left"]}
    browser.post(RESIDENCE, {**STEP_3, "shirt": "s"})
    browser.post(CODE_PAGE, {"code": code_for(EMAIL)})
    assert Account.objects.get(email=EMAIL).last_name == "Le Goff s"


def test_an_extra_that_refuses_late_does_not_cost_the_account(
    browser: Browser, shirt: Shirt
) -> None:
    browser.register()
    shirt.refused = True
    assert browser.post(CODE_PAGE, {"code": code_for(EMAIL)}).headers["Location"] == "/"
    assert "Refaites-le depuis votre profil" in browser.get("/").content.decode()
    assert Account.objects.get(email=EMAIL).last_name == "Le Goff"
