"""The référents' two guides, step by step and label by label, in no more clicks than they take.

The number of clicks of each step is the guide's, written here by hand; typing is no click, sending
a form is one. What they say of other rooms (widget, dashboard) is followed where those are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Live
from tests.browser.people import Person
from tests.browser.watch import fits
from tests.permissions.world import HERE, PASSWORD

NAME = "Hotel de Ville de Rennes"
LIST_COLUMNS = (
    *("ID", "Image", "Nom", "Filtres additionnels", "Nombre de membres", "Référent"),
    *("Type de validation", "Date de création", "Actions"),
)
MEMBER_COLUMNS = (
    *("Membre", "Prénom", "Nom", "Statut", "Accepte les emails", "Rejoint le", "Accepté le"),
    *("Refusé le", "Dernière connexion", "Type d'annonces", "Actions"),
)
DETAIL = (
    *("ID", "Nom", "Nombre de membres", "Référent", "Type de validation", "Image actuelle"),
    *("Nouvelle image", "Annonces masquées dans les résultats", "Membres cachés", "Adresse"),
    *("Présentation courte", "Paramètres", "Membres visibles", "Annonces visibles"),
    *("Validation automatique", "Créée le", "Mise à jour le"),
)
SEARCH = ("Lieu de départ", "Lieu d'arrivée", "Trajet régulier", "Date de départ", "Rechercher")


def shows(place: Locator | Page, *labels: str) -> None:
    """Expect every label, each at the beginning of something that is read."""
    for label in labels:
        pattern = re.compile(r"^\s*" + re.escape(label).replace("'", "['’]"))
        expect(place.get_by_text(pattern).locator("visible=true").first).to_be_visible()


@dataclass
class Walk:
    """A reader of the guide at a browser, whose clicks are counted."""

    page: Page
    clicks: int = 0

    @contextmanager
    def step(self, name: str, *, clicks: int) -> Iterator[None]:
        """Follow a step that takes so many clicks in the guide, or fewer."""
        self.clicks = 0
        yield
        assert self.clicks <= clicks, (
            f"« {name} » takes {self.clicks} clicks, {clicks} in the guide"
        )

    def press(self, place: Locator | str, role: str = "link") -> None:
        """Click what is named so in the page's own part, or what was found."""
        if isinstance(place, str):
            named = re.compile(r"^\s*" + re.escape(place).replace("'", "['’]"))
            found = self.page.get_by_role("main").get_by_role(role, name=named)  # type: ignore[arg-type]
            place = found.locator("visible=true").first
        place.click()
        self.clicks += 1

    def chooses(self, place: Locator, label: str) -> None:
        """Choose in a list: it opens with one click, and takes another."""
        place.select_option(label=label)
        self.clicks += 2


def test_create_a_community_and_come_to_administer_it(
    live: Live, window: Callable[..., Page]
) -> None:
    """« Guide des référent·e·s »: steps 2 and 3 (step 1, the account, is the first path's)."""
    region = live.filled.tenant.slug
    page = window(cookies=live.cookies(region, live.filled.sessions["referent"]))
    soizic, walk = Person(page, live, "Soizic", HERE.surname), Walk(page)

    with walk.step("Étape 2 : créez votre communauté", clicks=2):
        soizic.go(region, "/communautes/")
        soizic.reads("Les communautés disponibles")
        walk.press("Créer ma communauté")
        # What it commits to, where to write in doubt; the logo to have at hand.
        for words in ("À quoi vous engagez-vous ?", "50 personnes", "animations", "200 × 200"):
            soizic.reads(words)
        soizic.types("Nom", NAME)
        soizic.ticks("Entreprise")
        soizic.types("Présentation courte", "Pour l'ensemble des agents.")
        soizic.types("Description détaillée", "Le domicile-travail entre collègues.")
        soizic.chooses_place("Commune", "renn", "Rennes (35)")
        walk.press("Créer ma communauté", "button")
        soizic.reads("Votre communauté est créée")

    with walk.step("Étape 3 : personnalisez votre communauté", clicks=2):
        walk.press("Voir la page de ma communauté")
        shows(page, NAME, "1 membre", "Publier une annonce", "Quitter la communauté", *SEARCH)
        shows(page, "Chercher un trajet dans la communauté", "Ils nous ont rejoints")
        walk.press("Administrer ma communauté")
        shows(page, "Édition de la communauté")

    with walk.step("Supprimer la communauté", clicks=2):  # the guide's says nothing of what goes
        walk.press("Supprimer")
        page.locator("[name=name]").fill(NAME)
        walk.press("Supprimer", "button")
        expect(page.get_by_role("button", name="Rétablir")).to_be_visible()


def test_join_and_quit_a_community(live: Live, window: Callable[..., Page]) -> None:
    """« Comment fonctionnent les communautés ? », « Page de votre communauté », the members."""
    region = live.filled.tenant.slug
    page = window(cookies=live.cookies(region, live.filled.sessions["other"]))
    yann, walk = Person(page, live, "Yann", HERE.surname), Walk(page)
    community = live.filled.path("/communautes/{community}/")

    yann.go(region, community)
    shows(page, HERE.community, "Publier une annonce", *SEARCH)
    told = re.search(r"(\d+) membres", page.locator("main").inner_text())
    assert told, "the page says how many they are"
    members = int(told[1]) + 1  # with Yann; others of these tests may have joined before
    with walk.step("Rejoindre la communauté", clicks=1):
        walk.press("Rejoindre la communauté", "button")
        yann.reads("Vous avez rejoint")
    with walk.step("Liste des membres", clicks=1):
        walk.press("Liste des membres")
        shows(page.locator("thead"), "Nom", "Actions", "Profil", "Date")
        shows(
            page, "Nombre de lignes par page", f"1–{members} sur {members}", "Ils nous ont rejoints"
        )
        shows(page.get_by_role("row").filter(has_text="Soizic"), "Référent")
        fits(page)
    with walk.step("Chercher un trajet dans la communauté", clicks=1):
        yann.chooses_place("Lieu de départ", "vitr", "Vitré (35)")
        walk.press("Rechercher", "button")
        expect(page.get_by_role("link", name=re.compile(HERE.community)).first).to_be_visible()
    yann.go(region)
    with walk.step("Quitter la communauté", clicks=4):
        walk.press(page.get_by_role("banner").get_by_role("link", name="Mes communautés").first)
        walk.press(HERE.community)
        walk.press("Quitter la communauté")
        walk.press(page.get_by_role("dialog").get_by_role("button", name="Quitter la communauté"))
        yann.reads("Vous avez quitté")


def test_manage_a_community_from_the_admin_host(live: Live, window: Callable[..., Page]) -> None:
    """« Guide référent de communauté », from « Connexion » to « Gérer le statut des membres »."""
    host = f"admin.{live.filled.tenant.slug}"
    page = window()
    walk = Walk(page)

    with walk.step("Connexion depuis le site administratif", clicks=1):
        page.goto(live.url(host, "/connect.html"))
        page.get_by_label("Identifiant").fill("referent@example.org")
        page.locator("[name=password]").fill(PASSWORD)
        walk.press(page.get_by_role("button", name="Connexion", exact=True))
        menu = page.get_by_role("complementary", name="Menu")
        shows(menu, "Accueil", "Communautés", "Thème sombre", "Se déconnecter")

    with walk.step("Rubrique Communauté", clicks=1):
        walk.press(menu.get_by_role("link", name="Communautés"))
        expect(page.get_by_role("heading", name="Liste des communautés")).to_be_visible()
        shows(page, "Ajouter", "Import d'usagers", "Import", "Rafraîchir")
        shows(page.locator("thead"), *LIST_COLUMNS)

    with walk.step("Éditer les informations de ma communauté", clicks=2):
        walk.press(page.get_by_role("link", name=f"Éditer {HERE.community}", exact=True))
        shows(page, "Édition de la communauté", "Détail", "Membres", "Supprimer", *DETAIL)
        page.get_by_label("Présentation courte").fill(
            "Pour venir travailler ensemble, chaque jour."
        )
        walk.press(page.get_by_role("button", name="Enregistrer", exact=True))
        expect(page.get_by_role("status").filter(has_text="enregistrée")).to_be_visible()

    with walk.step("Options avancées", clicks=5):
        validation = page.get_by_label("Type de validation")
        expect(validation.locator("option")).to_have_text(
            [re.compile(words) for words in ("automatique", "modérateur", "domaine", "sécurisée")]
        )
        walk.chooses(validation, "Validation par modérateur")
        for hidden in ("Annonces masquées dans les résultats", "Membres cachés"):
            walk.press(page.get_by_label(hidden))
        walk.press(page.get_by_role("button", name="Enregistrer", exact=True))
        shows(page, "Membres cachés", "Annonces masquées", "Validation par modérateur")
    # As it was, for the tests that follow.
    page.get_by_label("Type de validation").select_option(label="Validation automatique")
    for hidden in ("Annonces masquées dans les résultats", "Membres cachés"):
        page.get_by_label(hidden).click()
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    shows(page, "Membres visibles", "Annonces visibles")

    with walk.step("Consulter les informations des membres", clicks=1):
        walk.press(page.get_by_role("link", name="Membres", exact=False).first)
        shows(page.locator("thead"), *MEMBER_COLUMNS)
        expect(page.get_by_label("Rechercher un membre")).to_be_visible()

    row = page.get_by_role("row").filter(has_text="Maëlle")
    with walk.step("Gérer le statut des membres", clicks=3):
        shows(row, "Retirer")
        standing = row.get_by_role("combobox")
        expect(standing.locator("option")).to_have_text(
            ["Membre", re.compile("^Modérateur"), "En attente", "Refusé"]
        )
        disk = row.get_by_role("button", name="Enregistrer le statut")
        expect(disk).to_be_hidden()
        walk.chooses(standing, "En attente")
        walk.press(disk)
        expect(page.get_by_role("status").filter(has_text="en attente")).to_be_visible()
    page.get_by_role("button", name="Annuler").click()
    expect(row.get_by_role("combobox")).to_have_value("member")

    # Several at once: the bar appears with the first choice.
    refuse = page.get_by_role("button", name="Refuser")
    expect(refuse).to_be_hidden()
    row.get_by_role("checkbox").check()
    expect(page.get_by_text("1 ligne choisie")).to_be_visible()
    expect(refuse).to_be_visible()
    fits(page)

    with walk.step("Retirer", clicks=1):
        walk.press(row.get_by_role("button", name="Retirer"))
        expect(page.get_by_role("status").filter(has_text="ne fait plus partie")).to_be_visible()
    page.get_by_role("button", name="Annuler").click()
    expect(row).to_be_visible()

    with walk.step("Ajouter un membre", clicks=2):
        walk.press("Ajouter un membre")
        page.get_by_label("Adresse e-mail").fill("nouvelle@example.org")
        walk.press("Ajouter un membre", "button")
        expect(page.get_by_role("status").filter(has_text="invitation")).to_be_visible()

    with walk.step("Se déconnecter", clicks=1):
        walk.press(menu.get_by_role("button", name="Se déconnecter"))
        expect(page.get_by_label("Identifiant")).to_be_visible()


def test_the_way_from_the_site_to_the_console(live: Live, window: Callable[..., Page]) -> None:
    """« Connexion depuis l'espace communauté »: sign in, « Mes communautés », one's own."""
    page = window()
    walk = Walk(page)
    with walk.step("Connexion depuis l'espace communauté", clicks=5):
        page.goto(live.url(live.filled.tenant.slug))
        walk.press(page.get_by_role("banner").get_by_role("link", name="Se connecter").first)
        page.get_by_label("Email").fill("referent@example.org")
        page.locator("[name=password]").fill(PASSWORD)
        walk.press("Se connecter", "button")
        walk.press(page.get_by_role("banner").get_by_role("link", name="Mes communautés").first)
        walk.press(page.get_by_role("link", name=HERE.community, exact=True))
        walk.press("Administrer ma communauté")
        shows(page, "Édition de la communauté")
