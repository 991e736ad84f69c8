"""A registration in progress, kept on the server: what was typed, step by step, then the code.

Nothing is written about the person until the code proves that the address is theirs: no account
waits unverified, nobody's address can be taken by somebody else, and the answer to the last step
is the same whether the address already has an account or not (its owner is told by mail).
"""

from __future__ import annotations

import logging
import time
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import get_language

from core.accounts.codes import CodeState, Verdict
from core.accounts.models import Account, AccountSettings
from core.accounts.services import AccountDraft, account_create_verified
from core.accounts.site.registration_forms import (
    CredentialsForm,
    IdentityForm,
    ResidenceForm,
    StepForm,
)
from core.notifications.hosts import site_url
from core.notifications.services import mail_send
from tenants.errors import PasserelleError

logger = logging.getLogger(__name__)
SESSION_KEY = "registration"
LIFE = 2 * 3600  # seconds without a step, after which what was typed is forgotten
STEPS = 3


class Signup:
    """One visitor's registration."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        state = request.session.get(SESSION_KEY)
        if not state or time.time() - state.get("touched", 0) > LIFE:
            state = {"typed": {}, "password": "", "next": "", "code": {}, "accepted": False}
        self._state: dict[str, Any] = state
        self.code = CodeState(state["code"])

    # --- what is kept -----------------------------------------------------------------------------
    def _save(self) -> None:
        self._state["touched"] = time.time()
        self._request.session[SESSION_KEY] = self._state

    def forget(self) -> None:
        """Forget everything."""
        self._request.session.pop(SESSION_KEY, None)

    @property
    def next(self) -> str:
        """Where the person was going when they began; empty for nowhere."""
        return str(self._state["next"])

    def begin(self, next_path: str) -> None:
        """Remember where the person was going."""
        if next_path:
            self._state["next"] = next_path
            self._save()

    def suggest(self, *, next_path: str, email: str, first_name: str, last_name: str) -> None:
        """Fill in what somebody who invites the person knows; all of it can be changed.

        What was typed already stays.
        """
        self.begin(next_path)
        self._state["typed"].setdefault("1", {"email": [email]})
        self._state["typed"].setdefault("2", {"first_name": [first_name], "last_name": [last_name]})
        self._save()

    def remember(self, step: int, data: QueryDict, form: StepForm) -> None:
        """Keep what was typed, as typed; of the password, the hash of an accepted one."""
        kept = tuple(name for name in form.fields if name != "password")
        self._state["typed"][str(step)] = {
            name: data.getlist(name)
            for name in data
            # Controls of several parts send « field_part ».
            if name in kept or name.startswith(tuple(f"{field}_" for field in kept))
        }
        if isinstance(form, CredentialsForm):
            self._state["password"] = form.password_hash
        self._save()

    def typed(self, step: int) -> QueryDict | None:
        """Return what was typed at a step, or ``None`` when it was never reached."""
        kept = self._state["typed"].get(str(step))
        if kept is None:
            return None
        data = QueryDict("", mutable=True)
        for name, values in kept.items():
            data.setlist(name, values)
        return data

    def form(self, step: int, data: Any = None, *, silent: bool = False) -> StepForm:
        """Return a step's form over ``data``, or over what was typed before."""
        data = self.typed(step) if data is None else data
        silent = silent and data is not None
        if step == 1:
            return CredentialsForm(data, silent=silent, known_hash=self._state["password"])
        return (IdentityForm if step == 2 else ResidenceForm)(data, silent=silent)

    def first_unfinished(self) -> int:
        """Return the first step that is not right yet; ``STEPS + 1`` when all are."""
        for step in range(1, STEPS + 1):
            form = self.form(step)
            if not form.is_bound or not form.is_valid():
                return step
            if step == 1 and not self._state["password"]:
                return step
        return STEPS + 1

    # --- the code ---------------------------------------------------------------------------------
    @property
    def email(self) -> str:
        """The address being registered; empty before step 1 is right."""
        form = self.form(1)
        return str(form.cleaned_data["email"]) if form.is_bound and form.is_valid() else ""

    @property
    def submitted(self) -> bool:
        """Whether « Je m'inscris » was accepted, so that a code is awaited."""
        return bool(self._state["accepted"])

    def submit(self) -> None:
        """Accept the third step and send the first code."""
        if not self._state["accepted"]:
            self._state["accepted"] = time.time()
        self.send_code()

    def send_code(self) -> None:
        """Send a new code; to an address that has an account, a mail that says so instead.

        Both ways do the same work and leave the same state, so they take the same time.
        """
        email = self.email
        code = self.code.issue(email)
        exists = Account.objects.filter(email=email).exists()
        mail_send(
            template="accounts/mails/account_exists" if exists else "accounts/mails/code",
            to=email,
            context={
                "code": "" if exists else code,
                "reset_url": site_url(reverse("account_reset_password")),
                "sign_in_url": site_url(reverse("account_login")),
            },
        )
        if exists:
            self.code.issue_nothing()
        self._save()

    def change_email(self, email: str) -> None:
        """Put another address in step 1, as if it had been typed there."""
        self._state["typed"]["1"]["email"] = [email]
        self._save()

    def check(self, typed: str) -> Verdict:
        """Try a code."""
        verdict = self.code.check(typed, self.email)
        self._save()
        return verdict

    # --- the end ----------------------------------------------------------------------------------
    @transaction.atomic
    def complete(self) -> tuple[Account, list[str]]:
        """Make the account; return it with the names of the extras that could not be done.

        Raises ``EmailTakenError`` when the address has got an account meanwhile.
        """
        credentials, identity, residence = (self.form(step) for step in (1, 2, 3))
        for form in (credentials, identity, residence):
            form.is_valid()
        assert isinstance(residence, ResidenceForm)
        who = identity.cleaned_data
        account = account_create_verified(
            draft=AccountDraft(
                email=credentials.cleaned_data["email"],
                phone=credentials.cleaned_data["phone"],
                password_hash=self._state["password"],
                first_name=who["first_name"],
                last_name=who["last_name"],
                title=who["title"],
                birth_date=who["birth_date"],
                language=get_language() or "",
                charter_version=AccountSettings.current().charter_version,
                news=bool(residence.cleaned_data.get("news")),
            )
        )
        return account, self._complete_extras(account, residence)

    def _complete_extras(self, account: Account, residence: ResidenceForm) -> list[str]:
        skipped = []
        for extra in residence.extras:
            cleaned = residence.cleaned_for(extra)
            try:
                if cleaned is None:
                    raise forms.ValidationError("")
                with transaction.atomic():
                    extra.complete(account=account, cleaned=cleaned)
            except (forms.ValidationError, PasserelleError):
                # The account matters more: what was chosen here can be done again in the profile.
                logger.warning("registration extra %s was refused after the code", extra.name)
                skipped.append(extra.name)
        return skipped
