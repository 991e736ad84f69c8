"""Totals in words: euros of nothing are « 0 € », and not free."""

from __future__ import annotations

from django import template
from django.utils import formats

from core.shell import humanise

register = template.Library()


@register.filter
def euros(cents: int) -> str:
    """« 12,40 € »; « 0 € »."""
    return humanise.money(cents) if cents else f"0{humanise.NBSP}€"


@register.filter
def kilograms(grams: int) -> str:
    """« 850 g », « 12,4 kg », « 240 kg »."""
    if grams < 1000:
        return f"{grams}{humanise.NBSP}g"
    kilos = grams / 1000
    places = 1 if kilos < 100 else 0
    return f"{formats.number_format(round(kilos, places), decimal_pos=places)}{humanise.NBSP}kg"
