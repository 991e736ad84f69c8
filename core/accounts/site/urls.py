"""Addresses under ``/compte/``. Names without a namespace are those that allauth reverses."""

from __future__ import annotations

from django.urls import include, path

from core.accounts.site import registration, second_factor, sign_in

urlpatterns = [
    path("inscription/", registration.credentials, name="account_signup"),
    path("connexion/", sign_in.sign_in, name="account_login"),
    path("connexion/code/", second_factor.sign_in_code, name="mfa_authenticate"),
    path("deconnexion/", sign_in.sign_out, name="account_logout"),
    path("adresse/", sign_in.email_change, name="account_email"),
    path("adresse/code/", sign_in.email_code, name="account_email_verification_sent"),
    path("mot-de-passe/", sign_in.password_change, name="account_change_password"),
    path("mot-de-passe/oublie/", sign_in.forgotten_password, name="account_reset_password"),
    path(
        "mot-de-passe/oublie/code/",
        sign_in.reset_code,
        name="account_confirm_password_reset_code",
    ),
    path(
        "mot-de-passe/oublie/nouveau/",
        sign_in.new_password,
        name="account_complete_password_reset",
    ),
    path("mot-de-passe/change/", sign_in.after_reset, name="account_password_reset_completed"),
    path("", include("core.accounts.site.own_urls")),
]
