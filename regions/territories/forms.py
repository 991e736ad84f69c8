"""A form field for a municipality: typed by name, or chosen from a list as one types.

Two controls: the visible text under the field's own name, and a hidden ``<name>_code`` that the
script fills when somebody chooses. Without script the text alone decides: a whole name, « Rennes
(35) », « Rennes 35000 » or a postal code of one municipality only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.urls import NoReverseMatch, reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from regions.territories import names
from regions.territories.models import Municipality
from regions.territories.queries import municipality_candidates, municipality_get

SHOWN_CANDIDATES = 6


class Typed(NamedTuple):
    """What a form sent: the visible text, and the code chosen from the list if any."""

    text: str
    code: str


class PointField(forms.CharField):
    """A point put on a map (``territories_map … pick=``): « 48.11,-1.68 », or none."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=40, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Write a point as the map does."""
        return f"{value[0]:.5f},{value[1]:.5f}" if isinstance(value, tuple) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what is written."""
        return (self.prepare_value(initial) or "") != (data or "")

    def clean(self, value: Any) -> tuple[float, float] | None:
        """Return latitude and longitude in degrees. What no map writes is no point."""
        text = super().clean(value)
        found = re.fullmatch(r"(-?\d{1,2}\.\d{1,6}),(-?\d{1,3}\.\d{1,6})", text)
        if found is None:
            return None
        lat, lon = float(found[1]), float(found[2])
        return (lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 else None


class MunicipalityInput(forms.Widget):
    """A text input that a script turns into a combobox (``municipality-picker.js``)."""

    template_name = "territories/widgets/municipality.html"
    input_type = "text"

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", "spellcheck": "false", **(attrs or {})})
        self.regions: tuple[str, ...] = ()
        self.suggestions: list[Municipality] = []

    def __deepcopy__(self, memo: dict[int, Any]) -> MunicipalityInput:
        copied: MunicipalityInput = super().__deepcopy__(memo)
        copied.suggestions = []
        return copied

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> Typed:
        """Read both controls."""
        return Typed(str(data.get(name) or "").strip(), str(data.get(f"{name}_code") or "").strip())

    def value_omitted_from_data(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> bool:
        """Whether the form did not have the visible control."""
        return name not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the hidden control, where to search, and what may be meant."""
        context = super().get_context(name, None, attrs)
        typed = value if isinstance(value, Typed) else typed_for(value)
        try:
            search_url = reverse("territories-api:search")
        except NoReverseMatch:  # a host without the API: the text alone decides
            search_url = ""
        context["widget"].update(
            type=self.input_type,
            value=typed.text,
            code=typed.code,
            search_url=search_url,
            regions=",".join(self.regions),
            suggestions_id=f"{(attrs or {}).get('id', name)}_suggestions",
            suggestions=[municipality.label for municipality in self.suggestions],
        )
        return context


def typed_for(municipality: Municipality | None) -> Typed:
    """Return what the controls hold for a municipality (for links to a filled-in form too)."""
    return Typed("", "") if municipality is None else Typed(municipality.label, municipality.code)


class MunicipalityField(forms.Field):
    """Cleans to a :class:`Municipality`, or ``None`` when empty and not required.

    ``initial`` may be a municipality or its code. ``regions`` (INSEE codes of régions) keeps the
    choice inside them; forms may set it later, e.g. to the current tenant's. ``located`` refuses
    the overseas municipalities whose coordinates are not known.
    """

    widget = MunicipalityInput
    default_error_messages = {
        "required": _("Choose a municipality."),
        "unknown": _(
            "We know no municipality called “%(text)s”. "
            "Check the spelling, or type its postal code."
        ),
        "elsewhere": _("%(label)s is outside this region."),
        "unlocated": _("We do not know where %(label)s is yet: choose another municipality."),
    }

    def __init__(
        self, *, regions: Sequence[str] | None = None, located: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.located = located
        self.regions = regions

    @property
    def regions(self) -> tuple[str, ...] | None:
        """INSEE codes of the régions to stay in; ``None``: everywhere."""
        return self._regions

    @regions.setter
    def regions(self, codes: Sequence[str] | None) -> None:
        self._regions = None if codes is None else tuple(codes)
        self.widget.regions = self._regions or ()

    def prepare_value(self, value: Any) -> Any:
        """Show a code as its municipality."""
        return municipality_get(value) if isinstance(value, str) else value

    def to_python(self, value: Any) -> Municipality | None:
        """Find the municipality that was chosen or typed; say which ones it may be if several."""
        if value is None or isinstance(value, Municipality):
            return value
        typed = value if isinstance(value, Typed) else Typed(str(value), "")
        if not typed.text:
            return None
        found = self._chosen(typed) or self._named(typed.text)
        if self.regions is not None and found.region not in self.regions:
            raise self._error("elsewhere", label=found.label)
        if self.located and not found.is_located:
            raise self._error("unlocated", label=found.label)
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare codes: the text of the same municipality may be written in other ways."""
        try:
            after = self.to_python(data)
        except ValidationError:
            return True
        before = self.prepare_value(initial)
        return (before.code if before else None) != (after.code if after else None)

    def _chosen(self, typed: Typed) -> Municipality | None:
        """Return the one chosen from the list, unless its text was edited since."""
        chosen = municipality_get(typed.code) if typed.code else None
        if chosen is None or names.fold(chosen.label) != names.fold(typed.text):
            return None
        return chosen

    def _named(self, text: str) -> Municipality:
        candidates = municipality_candidates(text, regions=self.regions)
        if not candidates and self.regions is not None:
            candidates = municipality_candidates(text)  # to say that it is elsewhere
        if len(candidates) == 1:
            return candidates[0]
        if not candidates:
            raise self._error("unknown", text=text[:60])
        self.widget.suggestions = candidates
        raise ValidationError(_which(text[:60], candidates), code="ambiguous")

    def _error(self, code: str, **params: str) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params=params)


def _which(text: str, candidates: Sequence[Municipality]) -> str:
    """Ask which of the candidates is meant."""
    labels = ", ".join(municipality.label for municipality in candidates[:SHOWN_CANDIDATES])
    rest = len(candidates) - SHOWN_CANDIDATES
    if rest > 0:
        return ngettext(
            "“%(text)s” may be %(labels)s or %(count)d other municipality: "
            "add the département or the postal code.",
            "“%(text)s” may be %(labels)s or %(count)d other municipalities: "
            "add the département or the postal code.",
            rest,
        ) % {"text": text, "labels": labels, "count": rest}
    return _("“%(text)s” may be one of these: %(labels)s. Type the one you mean.") % {
        "text": text,
        "labels": labels,
    }
