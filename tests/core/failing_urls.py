"""The site with addresses that fail, for the tests of error pages."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.urls import path

from core.urls.site import handler400, handler403, handler404, handler500
from core.urls.site import urlpatterns as site

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    """Fail as a mistake of ours does."""
    raise RuntimeError("broken on purpose")


@login_not_required
def forbidden(request: HttpRequest) -> HttpResponse:
    """Refuse."""
    raise PermissionDenied


@login_not_required
def odd(request: HttpRequest) -> HttpResponse:
    """Refuse what makes no sense."""
    raise SuspiciousOperation


urlpatterns = [path("500/", broken), path("403/", forbidden), path("400/", odd), *site]
