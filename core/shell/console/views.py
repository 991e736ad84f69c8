"""The console's home page."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.shell import menu
from core.shell.access import HOME, may_enter_console
from core.shell.console.search import find


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this person may administer; 404 for whom nothing is open."""
    if not may_enter_console(request):
        raise Http404
    rooms = [item for item in menu.items(request, "console") if item.name != HOME]
    return render(request, "shell/console_home.html", {"rooms": rooms})


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Find members and communities among those that this person looks after."""
    if not may_enter_console(request):
        raise Http404
    text = request.GET.get("q", "").replace("\0", "").strip()[:100]
    return render(
        request, "shell/console_search.html", {"text": text, "found": find(request, text)}
    )
