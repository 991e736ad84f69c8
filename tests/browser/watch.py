"""What a page does behind its looks: errors in the console, addresses it asks, what overflows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

# A new size or scheme is laid out with the next frame, and may start transitions.
SETTLED = """async () => {
  const late = performance.now() + 3000
  do {
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame)
    if (performance.now() > late) throw new Error("the page does not stand still")
  } while (document.getAnimations().some(animation => animation.playState == "running"))
}"""
OVERFLOW = """() => {
  const page = document.documentElement, over = page.scrollWidth - page.clientWidth
  if (over <= 0) return ""
  const wide = [...document.querySelectorAll("body *")]
    .filter(e => e.getBoundingClientRect().right > page.clientWidth + 1)
    .slice(-3).map(e => e.outerHTML.slice(0, 120))
  return `${over} px too wide at ${page.clientWidth}: ${wide.join(" | ")}`
}"""


@dataclass  # without slots: Playwright keeps its wrappers on the object
class Watch:
    """Listens to a browser's context; ``verdict`` says what was wrong."""

    faults: list[str] = field(default_factory=list)
    refused: set[int] = field(default_factory=set)
    """Statuses that this test means to meet: the console names each answer that is no success."""

    def over(self, context: BrowserContext) -> None:
        """Begin to listen."""
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        host = address.hostname or ""
        if address.scheme in {"data", "blob", "about"}:
            return
        if host != "127.0.0.1" and host != "localhost" and not host.endswith(".localhost"):
            self.faults.append(f"asked elsewhere: {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"}:
            return
        if any(f"status of {status} " in message.text for status in self.refused):
            return
        self.faults.append(f"console, {message.type}: {message.text} ({message.location})")

    def verdict(self) -> None:
        """Fail with everything that was wrong."""
        assert self.faults == [], "\n".join(self.faults)


def settle(page: Page) -> None:
    """Wait until the page stands still."""
    page.evaluate(SETTLED)


def fits(page: Page, *, scripts: bool = True) -> None:
    """Fail when the page scrolls sideways."""
    page.wait_for_load_state()
    if scripts:
        settle(page)
    over: Any = page.evaluate(OVERFLOW)
    assert over == "", f"{page.url} {over}"
