"""How every form of the platform is drawn.

Settings name it: ``FORM_RENDERER = "core.shell.forms.ShellFormRenderer"`` with ``django.forms`` in
INSTALLED_APPS. ``{{ form.email.as_field_group }}`` then gives a label above, a help text, and an
error with an icon and words, tied to the control by ``aria-describedby`` and ``aria-invalid``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.functional import Promise

if TYPE_CHECKING:
    from django.template.base import Template

_OWN_WIDGETS: Final = frozenset({"radio.html", "checkbox_select.html", "multiple_input.html"})
"""Widget templates of Django's that ours replace, whatever the order of INSTALLED_APPS."""


class ShellFormRenderer(TemplatesSetting):
    """Our field, form and error templates; Django's for plain widgets."""

    form_template_name = "shell/forms/form.html"
    field_template_name = "shell/forms/field.html"

    def get_template(self, template_name: str) -> Template | None:
        """Our template where we have one of that name."""
        folder, _, name = template_name.rpartition("/")
        if folder == "django/forms/widgets" and name in _OWN_WIDGETS:
            template_name = "shell/forms/widgets/multiple_input.html"
        elif template_name.startswith("django/forms/errors/list/"):
            template_name = "shell/forms/errors.html"
        return super().get_template(template_name)


class ChoiceCards(forms.RadioSelect):
    """Radio buttons as cards, each with an icon and a line of help.

    ``cards`` maps a choice's value to ``(icon, help)``; a value without one is a plain card.
    """

    template_name = "shell/forms/widgets/cards.html"
    option_template_name = "shell/forms/widgets/card.html"

    def __init__(
        self,
        *args: Any,
        cards: dict[str, tuple[str, str | Promise]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.cards = cards or {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the card's icon and help to the option."""
        option = super().create_option(name, value, *args, **kwargs)
        option["card_icon"], option["card_help"] = self.cards.get(str(value), ("", ""))
        return option


class DayPicker(forms.CheckboxSelectMultiple):
    """The days of the week, « L M M J V S D », as seven large check boxes."""

    template_name = "shell/forms/widgets/days.html"
    option_template_name = "shell/forms/widgets/day.html"

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the day's letter and whole name."""
        from core.shell import humanise

        option = super().create_option(name, value, *args, **kwargs)
        option["letter"] = humanise.weekday_letter(int(str(value)))
        option["day"] = humanise.weekday_name(int(str(value)))
        return option


class DayPickerField(forms.TypedMultipleChoiceField):
    """Chosen days as a list of ISO numbers, 1 Monday … 7 Sunday."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", DayPicker)
        super().__init__(
            choices=[(number, str(number)) for number in range(1, 8)], coerce=int, **kwargs
        )


class DateInput(forms.DateInput):
    """A day, with the device's own picker."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """A wall-clock time, with the device's own picker."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%H:%M")


class Switch(forms.CheckboxInput):
    """A check box drawn as a switch, for a setting that acts at once or on saving."""

    is_switch = True
