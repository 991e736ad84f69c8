"""Pages of our own. Namespace ``accounts``."""

from __future__ import annotations

from django.urls import path

from core.accounts.site import profile, registration, second_factor

app_name = "accounts"

urlpatterns = [
    path("", profile.profile, name="profile"),
    path("modifier/", profile.edit, name="edit"),
    path("actualites/", profile.consent, name="consent"),
    path("mes-donnees/", profile.export, name="export"),
    path("supprimer/", profile.delete, name="delete"),
    path("double-authentification/", second_factor.second_factor, name="second-factor"),
    path("charte/", profile.charter, name="charter"),
    path("inscription/identite/", registration.identity, name="register_identity"),
    path("inscription/territoire/", registration.residence, name="register_residence"),
    path("inscription/code/", registration.code, name="register_code"),
]
