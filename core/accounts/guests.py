"""What people of partner regions are called where nobody may know their name."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext, pgettext

_VOWELS: Final = frozenset("AEIOUYÀÂÉÈÊËÎÏÔÖÙÛÜ")


def nameless(region: str) -> str:
    """« Membre de Pass Pass », « Membre d’OuestGo »; ``region`` is how the region is called."""
    if region[:1].upper() in _VOWELS:
        return pgettext("before a vowel", "Member of %(region)s") % {"region": region}
    return gettext("Member of %(region)s") % {"region": region}
