"""Pages of the shell: home, words about the service, choices of language and scheme."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from core.shell.explained import EXPLAINED
from core.shell.home import home_page
from core.shell.preferences import SCHEMES, remember_language, remember_scheme


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The region's home page: the search on the brand's ground, then the registered blocks."""
    return render(request, "shell/home.html", {"page": home_page(request)})


@login_not_required
@require_safe
def platform_home(request: HttpRequest) -> HttpResponse:
    """The platform's own home page, on its own host."""
    return render(request, "shell/platform_home.html")


@login_not_required
@require_safe
def how_it_works(request: HttpRequest) -> HttpResponse:
    """« Comment ça marche »."""
    panels = EXPLAINED.rendered(request, "how")
    return render(request, "shell/how_it_works.html", {"panels": panels})


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return render(request, "shell/accessibility.html")


@login_not_required
@require_safe
def legal(request: HttpRequest) -> HttpResponse:
    """The legal notice."""
    return render(request, "shell/legal.html")


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the language asked for and go back where the person was, on this host only."""
    response = HttpResponseRedirect(_next(request))
    code = request.POST.get("language", "")
    if code in dict(settings.LANGUAGES):
        remember_language(request, response, code)
    return response


@login_not_required
@require_POST
def scheme(request: HttpRequest) -> HttpResponse:
    """Keep light, dark or automatic and go back; the way without JavaScript."""
    response = HttpResponseRedirect(_next(request))
    asked = request.POST.get("scheme", "")
    for known in SCHEMES:
        if known == asked:
            remember_scheme(request, response, known)
    return response


def _next(request: HttpRequest) -> str:
    """The address in ``next`` when it is a path of this very host, else the home page."""
    address = request.POST.get("next", "")
    if address.startswith("/") and url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return address
    return "/"
