"""The référents' two guides, step by step and label by label, in no more clicks than they take.

What they say of other rooms (widget, dashboard, toolbox, contact form) is followed where those are.
"""

from __future__ import annotations

import re
from collections.abc import Callable

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


def shows(place: Locator | Page, *labels: str) -> None:
    """Expect every label, each at the beginning of something that is read."""
    for label in labels:
        pattern = re.compile(r"^\s*" + re.escape(label).replace("'", "['’]"))
        expect(place.get_by_text(pattern).locator("visible=true").first).to_be_visible()


def test_create_a_community_and_come_to_administer_it(
    live: Live, window: Callable[..., Page]
) -> None:
    """« Guide des référent·e·s »: steps 2 and 3 (step 1, the account, is the first path's)."""
    region = live.filled.tenant.slug
    soizic = Person(
        window(cookies=live.cookies(region, live.filled.sessions["referent"])),
        *(live, "Soizic", HERE.surname),
    )
    # Étape 2: from « Les communautés disponibles », the button « Créer ma communauté ».
    soizic.go(region, "/communautes/")
    soizic.reads("Les communautés disponibles")
    soizic.page.get_by_role("main").get_by_role("link", name="Créer ma communauté").first.click()
    soizic.reads("50 personnes")
    soizic.reads("animations")
    soizic.page.get_by_role("main").locator(".actions .btn--primary").click()
    soizic.types("Nom", NAME)
    soizic.ticks("Entreprise")
    soizic.types("Présentation courte", "Pour l'ensemble des agents.")
    soizic.types("Description détaillée", "Le domicile-travail entre collègues.")
    soizic.chooses_place("Commune", "renn", "Rennes (35)")
    soizic.reads("200 × 200")
    soizic.button("Créer ma communauté").click()
    soizic.reads("Votre communauté est créée")
    # Étape 3: « Administrer ma communauté », from there as from the page of the community.
    shows(soizic.page.get_by_role("main"), "Administrer ma communauté")
    soizic.follow("Voir la page de ma communauté")
    page = soizic.page
    shows(page, NAME, "1 membre", "Publier une annonce", "Quitter la communauté")
    shows(page, "Ils nous ont rejoints", "Liste des membres")
    soizic.follow("Administrer ma communauté")
    shows(page, "Édition de la communauté")
    # « Supprimer », which says what goes.
    soizic.follow("Supprimer")
    page.locator("[name=name]").fill(NAME)
    soizic.button("Supprimer").click()
    expect(page.get_by_role("button", name="Rétablir")).to_be_visible()


def test_manage_a_community_from_the_admin_host(live: Live, window: Callable[..., Page]) -> None:
    """« Guide référent de communauté », from « Connexion » to « Gérer le statut des membres »."""
    host = f"admin.{live.filled.tenant.slug}"
    page = window()

    # « Connexion depuis le site administratif »: the address of the guide, its three labels.
    page.goto(live.url(host, "/connect.html"))
    page.get_by_label("Identifiant").fill("referent@example.org")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Connexion", exact=True).click()

    # « Page d'accueil », then « Rubrique Communauté ».
    menu = page.get_by_role("complementary", name="Menu")
    shows(menu, "Accueil", "Communautés", "Thème sombre", "Se déconnecter")
    menu.get_by_role("link", name="Communautés").click()
    expect(page.get_by_role("heading", name="Liste des communautés")).to_be_visible()
    shows(page, "Ajouter", "Import d'usagers", "Rafraîchir")
    shows(page.locator("thead"), *LIST_COLUMNS)

    # « Éditer les informations de ma communauté »; the four validations, in words.
    page.get_by_role("link", name=f"Éditer {HERE.community}", exact=True).click()
    shows(page, "Édition de la communauté", "Détail", "Membres", *DETAIL)
    expect(page.get_by_label("Type de validation").locator("option")).to_have_text(
        [re.compile(words) for words in ("automatique", "modérateur", "domaine", "sécurisée")]
    )
    page.get_by_label("Présentation courte").fill("Pour venir travailler ensemble, chaque jour.")
    shows(page, "Supprimer")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="enregistrée")).to_be_visible()

    # « Consulter les informations des membres ».
    page.get_by_role("link", name="Membres", exact=False).first.click()
    shows(page.locator("thead"), *MEMBER_COLUMNS)
    expect(page.get_by_label("Rechercher un membre")).to_be_visible()
    expect(page.get_by_role("link", name="Ajouter un membre")).to_be_visible()

    # « Gérer le statut des membres »: the disk appears after a change, and saves it.
    row = page.get_by_role("row").filter(has_text="Maëlle")
    shows(row, "Retirer")
    expect(row.get_by_role("combobox").locator("option")).to_have_text(
        ["Membre", re.compile("^Modérateur"), "En attente", "Refusé"]
    )
    disk = row.get_by_role("button", name="Enregistrer le statut")
    expect(disk).to_be_hidden()
    row.get_by_role("combobox").select_option(label="En attente")
    disk.click()
    expect(page.get_by_role("status").filter(has_text="en attente")).to_be_visible()
    page.get_by_role("button", name="Annuler").click()
    expect(row.get_by_role("combobox")).to_have_value("member")

    # Several at once: the bar appears with the first choice.
    bar = page.get_by_role("button", name="Refuser")
    expect(bar).to_be_hidden()
    row.get_by_role("checkbox").check()
    expect(page.get_by_text("1 ligne choisie")).to_be_visible()
    expect(bar).to_be_visible()
    fits(page)
