"""A file of the demo that a référent has imported: people added, invited, refused; its report."""

from __future__ import annotations

from typing import Final

from communities.communities.models import Community, Membership
from communities.imports.models import Import
from communities.imports.running import import_run
from communities.imports.services import import_begin, import_start
from core.accounts.models import Account
from deploy.demo import cast

INVITED: Final = (
    ("nolwenn.kerboul", "Nolwenn", "Kerboul", "Membre"),
    ("aziliz.morvan", "Aziliz", "Morvan", "Membre"),
    ("corentin.bihan", "Corentin", "Bihan", "En attente"),
    ("fatou.sane", "Fatou", "Sané", "Modérateur"),
)
WRONG: Final = (
    ("pas d’adresse", "Alan", "Riou", "Membre"),
    ("gwenn.lucas@example.org", "Gwenn", "Lucas", "Directrice"),
    ("", "Soazig", "Perrot", "Membre"),
)


def fill(slug: str) -> None:
    """Import one file into a community of the region's référent, unless there is an import."""
    referent = Account.objects.get(email=cast.account(slug, cast.REFERENT).email)
    community = (
        Community.objects.filter(
            is_active=True,
            memberships__account=referent,
            memberships__role=Membership.Role.MODERATOR,
            memberships__status=Membership.Status.ACCEPTED,
        )
        .order_by("pk")
        .first()
    )
    if community is None or Import.objects.exists():
        return
    made = import_begin(
        kind=Import.Kind.MEMBERS,
        community=community,
        by=referent,
        file_name="salarie-e-s-du-site.csv",
        content=_content(community, slug),
    )
    import_start(of=made, mode=Import.Mode.VALID, by=referent)
    import_run(made.pk)


def _content(community: Community, slug: str) -> bytes:
    """A file as a French spreadsheet writes it."""
    # The référent is one of the colleagues, and stays its moderator.
    inside = Account.objects.filter(memberships__community=community).order_by("pk")[:4]
    outside = Account.objects.exclude(memberships__community=community).order_by("-pk")[:3]
    lines = ["Adresse e-mail;Prénom;Nom;Statut"]
    for one in (*outside, *inside):
        lines.append(f"{one.email};{one.first_name};{one.last_name};Membre")
    lines += [f"{name}.{slug}@example.org;{';'.join(rest)}" for name, *rest in INVITED]
    lines += [";".join(one) for one in WRONG]
    lines.append(lines[1])
    return "\r\n".join(lines).encode("cp1252")
