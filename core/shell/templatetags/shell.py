"""``{% load shell %}``: icons, drawings, avatars and words for distances, hours and dates."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BoundField
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from core.shell import humanise
from core.shell.cards import Badge, PersonLine

register = template.Library()

# The same for every region and person: a page draws some sixty icons and a week per trip.
_icons: dict[tuple[str, str], SafeString] = {}
_weeks: dict[tuple[str, frozenset[int]], SafeString] = {}


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """An icon of the sprite. Hidden from readers unless ``label`` says what it means.

    ``size`` is empty (1.25 em), ``"small"`` or ``"large"``.
    """
    if not label:
        known = _icons.get((name, size))
        if known is None:
            known = _icons[name, size] = format_html(
                '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}"/></svg>',
                f" icon--{size}" if size else "",
                f"{static('shell/icons.svg')}#{name}",
            )
        return known
    return format_html(
        '<svg class="icon{}" role="img" aria-label="{}"><use href="{}"/></svg>',
        f" icon--{size}" if size else "",
        label,
        f"{static('shell/icons.svg')}#{name}",
    )


@register.simple_tag
def drawing(name: str) -> SafeString:
    """A drawing for an empty state, in the region's colours; decorative, hidden from readers."""
    return format_html(
        '<svg class="drawing" viewBox="0 0 240 160" aria-hidden="true" focusable="false">'
        '<use href="{}"/></svg>',
        f"{static('shell/drawings.svg')}#{name}",
    )


@register.filter
def initials(name: str) -> str:
    """« PL » of « Pierre L. »; one letter for a single word."""
    words = [word for word in name.replace("-", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "")
    return letters.upper()


@register.filter
def hue(name: str) -> int:
    """A number from 1 to 6, always the same for a name: the ground of its avatar."""
    return hashlib.blake2b(name.encode(), digest_size=1).digest()[0] % 6 + 1


@register.simple_tag
def avatar(name: str, size: str = "") -> SafeString:
    """The initials of someone on the ground that is always theirs; hidden from readers.

    ``size`` is empty, ``"small"`` or ``"large"``. Drawn here and not by a template, like an icon:
    a list shows dozens.
    """
    return format_html(
        '<span class="avatar avatar--{}{}" aria-hidden="true">{}</span>',
        hue(name),
        f" avatar--{size}" if size else "",
        initials(name),
    )


@register.simple_tag
def badge(told: Badge) -> SafeString:
    """A short label with its tone and, if it has one, its icon."""
    mark = icon(told.icon) if told.icon else ""
    if told.dot:  # an attribute of SVG: the policy of contents allows no style
        mark = format_html(
            '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">'
            '<circle cx="12" cy="12" r="9" fill="{}" stroke="none"/></svg>',
            told.dot,
        )
    return format_html('<span class="badge badge--{}">{}{}</span>', told.tone, mark, told.label)


@register.simple_tag
def person(line: PersonLine, size: str = "") -> SafeString:
    """Someone as others may see them: initials, name, badges and a line of detail.

    ``size`` is that of the avatar.
    """
    name = format_html('<a href="{}">{}</a>', line.url, line.name) if line.url else line.name
    return format_html(
        '<div class="person">{}<div class="person__text">'
        '<span class="person__name">{}{}</span>{}</div></div>',
        avatar(line.name, size),
        name,
        format_html_join("", "{}", ((badge(one),) for one in line.badges)),
        format_html('<span class="person__detail">{}</span>', line.detail) if line.detail else "",
    )


@register.filter
def distance(metres: float | None) -> str:
    """See :func:`core.shell.humanise.distance`; empty for None."""
    return "" if metres is None else humanise.distance(metres)


@register.filter
def duration(seconds: float | None) -> str:
    """See :func:`core.shell.humanise.duration`; empty for None."""
    return "" if seconds is None else humanise.duration(seconds)


@register.filter
def clock(moment: time | datetime | None) -> str:
    """See :func:`core.shell.humanise.clock`; empty for None."""
    return "" if moment is None else humanise.clock(moment)


@register.filter
def clock_digits(moment: time | datetime | None) -> str:
    """See :func:`core.shell.humanise.clock_digits`; empty for None."""
    return "" if moment is None else humanise.clock_digits(moment)


@register.filter
def day(value: date | None) -> str:
    """See :func:`core.shell.humanise.day`; empty for None."""
    return "" if value is None else humanise.day(value)


@register.filter
def full_date(value: date | None) -> str:
    """See :func:`core.shell.humanise.full_date`; empty for None."""
    return "" if value is None else humanise.full_date(value)


@register.filter
def full_moment(value: datetime | None) -> str:
    """See :func:`core.shell.humanise.full_moment`; empty for None."""
    return "" if value is None else humanise.full_moment(value)


@register.filter
def until(first: date, last: date) -> str:
    """See :func:`core.shell.humanise.period`."""
    return humanise.period(first, last)


@register.filter
def moment(value: datetime | None) -> str:
    """See :func:`core.shell.humanise.moment`; empty for None."""
    return "" if value is None else humanise.moment(value)


@register.filter
def money(cents: int | None) -> str:
    """See :func:`core.shell.humanise.money`; empty for None."""
    return "" if cents is None else humanise.money(cents)


@register.filter
def weekdays(days: Iterable[int]) -> str:
    """See :func:`core.shell.humanise.weekdays`."""
    return humanise.weekdays(days)


@register.simple_tag
def days(chosen: Iterable[int] | None) -> SafeString:
    """The seven days of the week with the chosen ones (ISO numbers) marked; read as words."""
    picked = frozenset(chosen or ())
    key = (get_language() or "", picked)
    if key not in _weeks:
        _weeks[key] = render_to_string(
            "components/days.html",
            {
                "words": humanise.weekdays(picked),
                "days": [
                    {"letter": humanise.weekday_letter(iso), "chosen": iso in picked}
                    for iso in range(1, 8)
                ],
            },
        )
    return _weeks[key]


@register.filter
def page_numbers(page: Page[Any]) -> list[int | None]:
    """The numbers to show for a page of a list: ends and neighbours, None for a gap."""
    return [
        number if isinstance(number, int) else None
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]


@register.filter
def anchor(field: BoundField) -> str:
    """The id that a link to a field in an error leads to: its control, or its group's frame."""
    if getattr(field.field.widget, "use_fieldset", False):
        return f"{field.auto_id}_group"
    return field.id_for_label


@register.filter
def widget_kind(field: BoundField) -> str:
    """How a form field is laid out: ``group``, ``checkbox``, ``hidden`` or ``plain``."""
    if field.is_hidden:
        return "hidden"
    if getattr(field.field.widget, "use_fieldset", False):
        return "group"
    if getattr(field.field.widget, "input_type", "") == "checkbox":
        return "checkbox"
    return "plain"


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """The page's query string with some parameters changed; ``None`` takes one away.

    ``<a href="{% query page=2 %}">`` keeps the filters of a list while it turns the page.
    """
    parameters = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None:
            parameters.pop(name, None)
        else:
            parameters[name] = str(value)
    return f"?{parameters.urlencode()}"
