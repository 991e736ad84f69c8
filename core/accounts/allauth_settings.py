"""How django-allauth signs people in here; ``core.settings.base`` imports every name.

Registration is ours (``site/registration.py``); allauth keeps sign-in, sign-out, the forgotten
password, the change of address, the verified addresses and the rate limits.
"""

from __future__ import annotations

from core.settings import env

ACCOUNT_ADAPTER = "core.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_DISPLAY = "core.accounts.adapter.display_name"

# One address per account, verified by a code; a new one replaces it once verified. No links:
# allauth's signed links would work in every region.
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_CONFIRMATION_HMAC = False
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 15 * 60  # seconds
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = 3
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60  # seconds
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True

# The same answer whether an account exists or not; the owner of the address is told by mail.
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_EMAIL_NOTIFICATIONS = True  # "your password was changed", to the owner
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""

ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/"

# The second factor: a code of an application, and recovery codes; a clock may be 30 s wrong.
MFA_ADAPTER = "core.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1

# Counted in the default cache: a table or Redis, never a process's memory. "ip" is one address
# (a whole company may share it), "key" the e-mail address concerned.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "30/10m/ip,5/10m/key",
    "signup": "60/m/ip",
    "signup_mail": "60/h/ip,6/h/key",
    "verify_code": "60/15m/ip,20/15m/key",
    "reset_password": "30/h/ip,5/h/key",
    "reset_password_from_key": "60/m/ip",
    "confirm_email": "6/h/key",
    "change_password": "10/10m/user",
    "manage_email": "20/h/user",
    "confirm_password": "10/10m/user",
    "export": "10/h/user",
    "add_member": "60/h/user",
    "import_file": "60/h/user",
    "figures": "300/m/ip",
    "figures_file": "30/10m/ip",
}
# How many proxies of ours stand before the web server and add to X-Forwarded-For.
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("PASSERELLE_TRUSTED_PROXIES", 0)
