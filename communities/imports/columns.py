"""What headings and cells of an imported file mean, whatever their accents, capitals and language.

The names and codes of the former platform's exports are among them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MEMBERS: Final = "members"
COMMUNITIES: Final = "communities"

LABELS: Final[dict[str, str | Promise]] = {
    "email": _("E-mail address"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "standing": _("Status in the community"),
    "identifier": _("Identifier in the file"),
    "name": _("Community name"),
    "kind": _("Community type"),
    "short_description": _("Short description"),
    "description": _("Description"),
    "address": _("Address"),
    "municipality": _("Municipality"),
    "postcode": _("Postal code"),
    "insee": _("INSEE code of the municipality"),
    "validation": _("Validation type"),
    "domains": _("Allowed domains"),
    "adverts_hidden": _("Adverts hidden in results"),
    "members_hidden": _("Hidden members"),
    "referent": _("Address of who runs it"),
}
"""What each known column is, in words."""

_SPOKEN: Final[dict[str, dict[str, str]]] = {
    MEMBERS: {
        "email": "email|e mail|mail|courriel|adresse mail|adresse email|adresse e mail|"
        "adresse electronique|adresse courriel|email address|e mail address|user email|login",
        "first_name": "prenom|first name|firstname|given name|user given name|forename",
        "last_name": "nom|nom de famille|last name|lastname|family name|surname|user family name",
        "standing": "statut|status|statut du membre|etat|role|member status|standing|"
        "status in the community|statut dans la communaute",
        "identifier": "id|identifiant|identifier|matricule|user id|id utilisateur|external id|"
        "numero|reference",
    },
    COMMUNITIES: {
        "name": "nom|name|nom de la communaute|communaute|community|community name",
        "kind": "type|type de communaute|community type|kind",
        "short_description": "presentation courte|description courte|short description|"
        "presentation|accroche",
        "description": "description|description complete|full description|presentation longue|"
        "description longue|long description",
        "address": "adresse|address|rue|street|street address|lieu|adresse postale",
        "municipality": "commune|ville|city|town|municipality|address locality|locality",
        "postcode": "code postal|postal code|postcode|cp|zip|zip code",
        "insee": "insee|code insee|code commune|insee code",
        "validation": "type de validation|validation|validation type|mode de validation",
        "domains": "domaine|domaines|domain|domains|domaines autorises|allowed domains",
        "adverts_hidden": "annonces masquees|annonces masquees dans les resultats|"
        "annonces cachees|proposals hidden|adverts hidden|adverts hidden in results",
        "members_hidden": "membres caches|membres masques|members hidden|hidden members",
        "referent": "referent|referente|referent e|courriel du referent|email du referent|"
        "adresse du referent|referent email|moderateur|moderator|courriel|email|e mail|contact",
        "identifier": "id|identifiant|identifier|reference|external id",
    },
}
_KNOWN: Final = {
    kind: {
        heading: field
        for field, spoken in fields.items()
        for heading in reversed(spoken.split("|"))
    }
    for kind, fields in _SPOKEN.items()
}

STANDINGS: Final[dict[str, str]] = {
    **dict.fromkeys(("0", "enattente", "attente", "pending", "waiting"), "pending"),
    **dict.fromkeys(
        ("1", "membre", "member", "accepte", "acceptee", "accepted", "valide", "validee"), "member"
    ),
    **dict.fromkeys(
        (
            *("2", "moderateur", "moderatrice", "moderateurrice", "moderateurice"),
            *("moderateurtrice", "moderator", "referent", "referente"),
        ),
        "moderator",
    ),
    **dict.fromkeys(("3", "refuse", "refusee", "refused", "rejete", "rejetee"), "refused"),
}
"""What people, and the former platform's codes 0 to 3, call a member's status."""

VALIDATIONS: Final[dict[str, str]] = {
    **dict.fromkeys(("0", "automatique", "automatic"), "automatic"),
    **dict.fromkeys(("1", "moderateur", "parmoderateur", "moderator", "moderation"), "moderator"),
    **dict.fromkeys(("2", "domaine", "pardomaine", "domain"), "domain"),
    **dict.fromkeys(("3", "securisee", "securise", "secured", "fichier"), "secured"),
}
KINDS: Final[dict[str, tuple[str, str]]] = {
    **dict.fromkeys(("entreprise", "company", "societe"), ("organisation", "company")),
    **dict.fromkeys(
        ("zonedactivites", "zonedactivite", "za", "businesspark"),
        ("organisation", "business_park"),
    ),
    **dict.fromkeys(("campus", "universite", "ecole"), ("organisation", "campus")),
    **dict.fromkeys(
        ("organisation", "organization", "association", "administration", "collectivite"),
        ("organisation", "organisation"),
    ),
    **dict.fromkeys(
        ("entreprisezonedactivitescampusorganisation", "companybusinessparkcampusorganisation"),
        ("organisation", ""),
    ),
    **dict.fromkeys(("territoire", "territory", "commune", "ville"), ("territory", "")),
    **dict.fromkeys(
        ("ligne", "line", "lignedecovoiturage", "lignedautostop", "carpoolline"), ("line", "")
    ),
}
"""Types of communities with what an organisation is."""
_YES: Final = frozenset({"1", "oui", "yes", "true", "vrai", "x", "o", "y"})
_NO: Final = frozenset({"", "0", "non", "no", "false", "faux", "n"})


def plain(text: str) -> str:
    """Return a heading without accents, capitals or signs: « Prénom(s) » is « prenom s »."""
    text = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", " ", text)  # givenName
    parts = unicodedata.normalize("NFKD", text.replace("œ", "oe").lower())
    kept = "".join(one for one in parts if not unicodedata.combining(one))
    return " ".join(re.findall(r"[a-z0-9]+", kept))


def _word(text: str) -> str:
    """Return a cell's word in one piece: « Référent·e » is « referente »."""
    return plain(text).replace(" ", "")


def known_fields(kind: str) -> list[str]:
    """Return the fields that files of a kind may have."""
    return list(_SPOKEN[kind])


def fields_of(kind: str, headings: Sequence[str]) -> list[str]:
    """Return the known field of each heading, empty for others; a field is taken once.

    A file without headings is told by its first row: the cell that holds an address is the
    address, and nothing else is guessed.
    """
    known, taken, found = _KNOWN[kind], set[str](), list[str]()
    for heading in headings:
        field = known.get(plain(heading), "")
        found.append("" if field in taken else field)
        taken.add(field)
    return found


def fields_without_headings(kind: str, first: Sequence[str]) -> list[str]:
    """Return the fields of a file whose first row is somebody already."""
    found = [""] * len(first)
    for place, cell in enumerate(first):
        if kind == MEMBERS and "@" in cell and "email" not in found:
            found[place] = "email"
    return found


def standing_of(typed: str) -> str | None:
    """Return the status that a cell asks for; empty for an empty cell, None for an unknown one."""
    return STANDINGS.get(_word(typed)) if typed else ""


def validation_of(typed: str) -> str | None:
    """Return the validation that a cell names; automatic without any, None for an unknown one."""
    if not typed:
        return "automatic"
    return VALIDATIONS.get(_word(typed).removeprefix("validation"))


def kind_of(typed: str) -> tuple[str, str] | None:
    """Return type and kind of organisation; an organisation without any, None when unknown."""
    if not typed:
        return "organisation", ""
    return KINDS.get(_word(typed))


def truth_of(typed: str) -> bool | None:
    """Return whether a cell says yes; None when it says neither."""
    word = _word(typed)
    return True if word in _YES else False if word in _NO else None


def cells_by_field(fields: Sequence[str], cells: Sequence[str]) -> Mapping[str, str]:
    """Return what a row says of each known field."""
    return {field: cell for field, cell in zip(fields, cells, strict=False) if field}
