"""axe-core on the page as it stands: WCAG 2.0 to 2.2, levels A and AA, and its best practices."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.watch import settle

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """Return one line per rule that the page breaks, with the first elements that break it."""
    # Evaluated by the debugger, so that the page keeps its Content-Security-Policy.
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    settle(page)
    found: list[dict[str, Any]] = page.evaluate(
        # Nothing is loaded again: only rules outside these tags read style sheets.
        "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations'], preload: false})"
        ".then(results => results.violations)",
        TAGS,
    )
    return [
        f"{page.url} {rule['id']} ({rule['impact']}): "
        + " | ".join(
            f"{node['target'][0]} {_why(node)} {node['html'][:140]}" for node in rule["nodes"][:4]
        )
        for rule in found
    ]


def _why(node: dict[str, Any]) -> str:
    for check in (*node["any"], *node["all"], *node["none"]):
        return f"[{check['message']}]"
    return ""
