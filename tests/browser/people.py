"""A person at a browser: what they read, type and press, by the words on the page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import Live
from tests.browser.mailbox import code_for
from tests.browser.watch import fits


@dataclass(frozen=True, slots=True)
class Person:
    """Someone with a window of their own."""

    page: Page
    live: Live
    first_name: str
    last_name: str
    scripts: bool = True
    """Whether their browser runs JavaScript."""

    @property
    def email(self) -> str:
        """Their address."""
        return f"{self.first_name}.{self.last_name}@example.org".lower()

    @property
    def password(self) -> str:
        """Their password."""
        return f"un long chemin pour {self.last_name}"

    # --- looking ----------------------------------------------------------------------------------
    def look(self) -> None:
        """Look at the whole page: nothing is too wide, nothing out of anybody's reach."""
        fits(self.page, scripts=self.scripts)
        if self.scripts:
            found = violations(self.page)
            assert found == [], found

    @property
    def path(self) -> str:
        """Where they are, without what the address asks."""
        return urlsplit(self.page.url).path

    def reads(self, words: str) -> None:
        """Expect words on the page, typography aside."""
        expect(
            self.page.locator("main, [role=status], [role=alert]")
            .filter(has_text=re.compile(_loose(words)))
            .first
        ).to_be_visible()

    def go(self, host: str, path: str = "/") -> int:
        """Type an address; return the status of the answer."""
        response = self.page.goto(self.live.url(host, path))
        assert response is not None
        return response.status

    # --- pressing and typing ----------------------------------------------------------------------
    def button(self, words: str) -> Locator:
        """Return the button with these words."""
        return self.page.get_by_role("button", name=_words(words)).first

    def follow(self, words: str) -> None:
        """Press a link of the page, or of the menu where the window is too small to show it."""
        link = self.page.get_by_role("link", name=_words(words)).locator("visible=true")
        if link.count() == 0:
            self.page.locator("summary", has_text="Menu").click()
        link.first.click()

    def types(self, label: str, text: str) -> None:
        """Fill a field."""
        self.page.get_by_label(_words(label)).locator("visible=true").first.fill(text)

    def ticks(self, label: str) -> None:
        """Press the words beside a box or a choice, as a finger does."""
        words = self.page.locator("label").filter(has_text=re.compile(_loose(label), re.I))
        pressed = words.locator("visible=true").first
        box = self.page.locator(f"[id='{pressed.get_attribute('for')}']")
        if not box.is_checked():
            # At its beginning: further on it may be a link.
            pressed.click(position={"x": 4, "y": 4})
        expect(box).to_be_checked()

    def chooses_place(self, label: str, typed: str, place: str) -> None:
        """Choose a municipality: from the list as one types, or by its name without scripts."""
        field = self.page.get_by_label(_words(label)).locator("visible=true").first
        if not self.scripts:
            field.fill(place)
            return
        field.fill("")
        field.press_sequentially(typed)
        self.page.get_by_role("option", name=_words(place)).first.click()
        expect(field).to_have_value(place)

    # --- the path of a member -----------------------------------------------------------------
    def registers(self, host: str) -> None:
        """« S'inscrire » in three steps, then the code of the mail."""
        self.go(host)
        self.look()
        self.follow("S'inscrire")
        self.look()
        self.types("Email", self.email)
        self.types("Téléphone portable", "06 12 34 56 78")
        self.page.locator("[name=password]").fill(self.password)
        self.button("Suivant").click()
        self.types("Prénom", self.first_name)
        self.types("Nom", self.last_name)
        self.ticks("Madame")
        self.types("Date de naissance", "1990-05-04")
        self.look()
        self.button("Suivant").click()
        self.chooses_place("Commune de résidence", "renn", "Rennes (35)")
        self.ticks("J'accepte la charte")
        self.look()
        self.button("Je m'inscris").click()
        self.types("Code", code_for(self.live.mails, self.email))
        self.look()
        self.button("Confirmer").click()
        self.reads(f"Bienvenue, {self.first_name}")
        self.look()

    def signs_in(self, host: str, *, email: str, password: str) -> None:
        """« Se connecter »."""
        self.go(host)
        self.follow("Se connecter")
        self.types("Email", email)
        self.page.locator("[name=password]").fill(password)
        self.button("Se connecter").click()

    def joins(self, community: str) -> None:
        """« Rejoindre la communauté », from the list of communities."""
        self.follow("Communautés")
        self.look()
        if self.page.get_by_role("link", name=_words(community)).count() == 0:
            # On a phone the bar leads to one's own communities, of which there are none yet.
            self.follow("Les communautés disponibles")
            self.look()
        self.follow(community)
        self.look()
        self.button("Rejoindre la communauté").click()
        self.reads("Vous avez rejoint")
        self.look()

    def publishes(self, community: str, *, origin: str, destination: str) -> str:
        """Publish a regular advert as driver in a community; return its address' path."""
        self.page.get_by_role("main").get_by_role(
            "link", name=_words("Publier une annonce")
        ).first.click()
        self.look()
        self.ticks("Conducteur·rice")
        self.continues()
        self.ticks("Régulier")
        self.page.locator("[name=time_0]").fill("07:40")
        self.page.locator("[name=return_0]").fill("17:30")
        self.continues()
        self.chooses_place("Lieu de départ", _name(origin), origin)
        self.chooses_place("Lieu d'arrivée", _name(destination), destination)
        self.ticks(community)
        self.continues()
        self.types("Nombre de places", "2")
        self.continues()
        self.continues()
        self.types("Votre message", "Je pars à l'heure.")
        self.continues()
        self.reads(_name(destination))
        self.look()
        self.button("Publier").click()
        self.reads("Votre annonce est en ligne")
        self.look()
        return self.page.url.partition(".localhost")[2].partition("/")[2]

    def continues(self) -> None:
        """« Continuer », to the next step of an advert."""
        self.look()
        step = self.page.locator("[aria-current=step]").inner_text()
        self.button("Continuer").last.click()
        expect(self.page.locator("[aria-current=step]")).not_to_have_text(step)

    def searches(self, host: str, *, origin: str, destination: str) -> None:
        """« Rechercher » a regular ride from the home page."""
        self.go(host)
        self.chooses_place("Lieu de départ", _name(origin), origin)
        self.chooses_place("Lieu d'arrivée", _name(destination), destination)
        self.ticks("Trajet régulier")
        self.button("Rechercher").click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(_name(destination))
        self.look()


def _name(place: str) -> str:
    """Return a municipality's name without its département."""
    return place.partition(" (")[0]


def _loose(words: str) -> str:
    """Return a pattern that does not mind which apostrophe and which space are written."""
    return re.escape(words).replace("'", "['’]").replace(r"\ ", r"\s")


def _words(words: str) -> re.Pattern[str]:
    """Return a pattern for a label that begins with these words."""
    return re.compile(r"^\s*" + _loose(words), re.I)
