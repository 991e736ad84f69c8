"""Every form is drawn so that everyone can fill it in."""

from html.parser import HTMLParser
from typing import Any

import pytest
from django import forms
from django.template.loader import render_to_string
from django.utils.translation import override

from core.shell.forms import ChoiceCards, DateInput, DayPickerField, Switch, TimeInput


class Sample(forms.Form):
    email = forms.EmailField(label="Email", help_text="Un code vous est envoyé.")
    town = forms.CharField(label="Commune", required=False)
    role = forms.ChoiceField(
        label="Vous êtes",
        choices=[("driver", "Conducteur·rice"), ("passenger", "Passager·ère")],
        widget=ChoiceCards(cards={"driver": ("car", "Je prends <à bord>")}),
    )
    reason = forms.ChoiceField(
        label="Motif", choices=[("w", "Travail"), ("s", "Études")], widget=forms.RadioSelect
    )
    tastes = forms.MultipleChoiceField(
        label="Goûts",
        choices=[("m", "Musique")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    days = DayPickerField(label="Jours")
    charter = forms.BooleanField(label="J’accepte", help_text="La charte entière.")
    news = forms.BooleanField(label="Actualités", widget=Switch, required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


class Tree(HTMLParser):
    """Elements with their attributes, and the text of each label and legend."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def all(self, tag: str, **wanted: Any) -> list[dict[str, str | None]]:
        return [
            attributes
            for name, attributes in self.elements
            if name == tag and all(attributes.get(k) == v for k, v in wanted.items())
        ]

    def ids(self) -> list[str]:
        return [attributes["id"] or "" for _, attributes in self.elements if "id" in attributes]


def field(name: str, data: dict[str, Any] | None = None) -> tuple[str, Tree]:
    html = Sample(data)[name].as_field_group()
    return html, Tree(html)


def whole(data: dict[str, Any] | None = None) -> tuple[str, Tree]:
    with override("fr"):
        html = Sample(data).render()
    return html, Tree(html)


def test_a_field_has_its_label_above_and_its_help_tied_to_it() -> None:
    html, tree = field("email")
    (control,) = tree.all("input", name="email")
    assert tree.all("label", **{"for": control["id"]})
    assert html.index("<label") < html.index("<input")
    assert control["aria-describedby"] == "id_email_helptext"
    assert "id_email_helptext" in tree.ids()
    assert "required" in control
    assert "aria-invalid" not in control


def test_a_refused_field_says_why_with_an_icon_and_words() -> None:
    html, tree = field("email", {"email": "pierre@"})
    (control,) = tree.all("input", name="email")
    assert control["aria-invalid"] == "true"
    described = (control["aria-describedby"] or "").split()
    assert described == ["id_email_helptext", "id_email_error"]
    assert set(described) <= set(tree.ids())
    assert '<div class="field__error" id="id_email_error">' in html
    assert "icons.svg#error" in html
    assert "placeholder" not in html


def test_what_may_be_left_empty_says_so() -> None:
    with override("fr"):
        assert "(facultatif)" in field("town")[0]
        assert "(facultatif)" not in field("email")[0]
        assert "(facultatif)" not in field("news")[0]


@pytest.mark.parametrize("name", ["role", "reason", "tastes", "days"])
def test_a_group_is_a_fieldset_with_a_legend(name: str) -> None:
    html, tree = field(name)
    assert html.strip().startswith("<fieldset")
    assert html.count("<legend>") == 1
    controls = tree.all("input")
    assert controls
    labels = {label["for"] for label in tree.all("label") if "for" in label}
    for control in controls:
        wrapped = name == "days"  # each is inside its label
        assert wrapped or control["id"] in labels


def test_a_refused_group_ties_its_error_to_the_frame() -> None:
    _, tree = field("reason", {})
    (frame,) = tree.all("fieldset")
    assert frame["aria-describedby"] == "id_reason_error"
    assert "id_reason_error" in tree.ids()


def test_cards_carry_an_icon_and_escaped_help() -> None:
    html, _ = field("role")
    assert html.count('class="choice"') == 2
    assert html.count("icons.svg#car") == 1
    assert "Je prends &lt;à bord&gt;" in html


def test_the_days_of_the_week_are_letters_to_see_and_words_to_hear() -> None:
    with override("fr"):
        html, tree = field("days", {"days": ["1", "3"]})
    for letter, word in zip(
        "LMMJVSD",
        ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
        strict=True,
    ):
        assert (
            f'<span aria-hidden="true">{letter}</span>'
            f'<span class="visually-hidden">{word}</span>' in html
        )
    assert [box["value"] for box in tree.all("input") if "checked" in box] == ["1", "3"]


def test_chosen_days_are_iso_numbers() -> None:
    data = {"email": "a@example.org", "role": "driver", "reason": "w", "charter": "on"}
    form = Sample({**data, "days": ["7", "1"]})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["days"] == [7, 1]
    assert not Sample({**data, "days": ["8"]}).is_valid()


def test_a_check_box_has_its_label_after_it() -> None:
    html, tree = field("charter", {})
    assert html.index("<input") < html.index("<label")
    (control,) = tree.all("input")
    assert set((control["aria-describedby"] or "").split()) <= set(tree.ids())
    assert 'class="check switch"' in field("news")[0]


def test_the_summary_leads_to_every_field_at_fault() -> None:
    html, tree = whole({})
    summary = html[: html.index("</ul>")]
    assert 'role="alert"' in summary
    assert "Vérifiez les points suivants" in summary
    targets = [(link["href"] or "")[1:] for link in tree.all("a")]
    assert len(targets) == 5  # email, role, reason, days, charter
    assert set(targets) <= set(tree.ids())
    assert '<input type="hidden" name="secret"' in html


def test_a_form_without_errors_has_no_summary() -> None:
    html, tree = whole()
    assert "error-summary" not in html
    assert "field__error" not in html
    ids = tree.ids()
    assert len(ids) == len(set(ids)), "each id once"


def test_errors_of_the_whole_form_are_in_the_summary() -> None:
    form = Sample({})
    form.add_error(None, "Ces jours <sont> pris.")
    html = render_to_string("components/error_summary.html", {"form": form})
    assert "<li>Ces jours &lt;sont&gt; pris.</li>" in html


@pytest.mark.parametrize(("widget", "kind"), [(DateInput(), "date"), (TimeInput(), "time")])
def test_days_and_hours_use_the_pickers_of_the_device(widget: forms.Widget, kind: str) -> None:
    assert f'type="{kind}"' in widget.render("x", None)


def test_dates_are_written_as_browsers_read_them() -> None:
    class Dated(forms.Form):
        day = forms.DateField(widget=DateInput, initial="2026-11-23")

    with override("fr"):
        import datetime

        html = str(Dated(initial={"day": datetime.date(2026, 11, 23)})["day"])
    assert 'value="2026-11-23"' in html
