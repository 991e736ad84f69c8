"""Language and light or dark: two choices kept in cookies, for visitors as for members."""

from typing import Final, Literal, get_args

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Scheme = Literal["auto", "light", "dark"]
"""``auto`` follows the device."""

SCHEMES: Final[tuple[Scheme, ...]] = get_args(Scheme)
SCHEME_COOKIE: Final = "scheme"
ONE_YEAR: Final = 365 * 24 * 3600
"""Life of both cookies, in seconds."""


def scheme_of(request: HttpRequest) -> Scheme:
    """The scheme this browser asked for; anything unknown counts as ``auto``."""
    asked = request.COOKIES.get(SCHEME_COOKIE)
    for scheme in SCHEMES:
        if scheme == asked:
            return scheme
    return "auto"


def remember_scheme(request: HttpRequest, response: HttpResponse, scheme: Scheme) -> None:
    """Keep ``scheme`` for a year. The script that switches without a reload writes it too."""
    _remember(request, response, SCHEME_COOKIE, scheme, httponly=False)


def remember_language(request: HttpRequest, response: HttpResponse, code: str) -> None:
    """Keep the language for a year, in the cookie that ``LanguageMiddleware`` reads."""
    _remember(request, response, settings.LANGUAGE_COOKIE_NAME, code, httponly=True)


def _remember(
    request: HttpRequest, response: HttpResponse, name: str, value: str, *, httponly: bool
) -> None:
    response.set_cookie(
        name,
        value,
        max_age=ONE_YEAR,
        secure=request.is_secure(),
        httponly=httponly,
        samesite="Lax",
    )
