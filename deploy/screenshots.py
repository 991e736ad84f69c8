"""``manage.py screenshots``: the pictures of the README, from a demo started for the purpose.

Two pictures in ``docs/screenshots/``: one region's home on a desktop window, in light, and the
other's results on a phone, in dark.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.bootstrap import ROOT
from deploy.processes import follow_parent, free_port
from deploy.testing import chromium

FOLDER = ROOT / "docs" / "screenshots"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking")


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: where, and the window in which it is taken."""

    name: str
    host: str
    path: str
    width: int
    height: int
    scheme: str


PICTURES = (
    Picture("ouestgo-home.png", "ouestgo.localhost", "/", 1280, 900, "light"),
    Picture(
        "passpass-results.png",
        "passpass.localhost",
        "/recherche/?origin=Lille&origin_code=59350&destination=Tourcoing&destination_code=59599&regular=1",
        390,
        844,
        "dark",
    ),
)


def take(port: int) -> None:
    """Take every picture of the demo that answers on ``port``."""
    from playwright.sync_api import sync_playwright

    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        for picture in PICTURES:
            context = browser.new_context(
                viewport={"width": picture.width, "height": picture.height},
                color_scheme="dark" if picture.scheme == "dark" else "light",
                locale="fr-FR",
            )
            page = context.new_page()
            page.goto(f"http://{picture.host}:{port}{picture.path}", wait_until="networkidle")
            page.screenshot(path=FOLDER / picture.name)
            context.close()
            print(f"docs/screenshots/{picture.name}")
        browser.close()


def main(arguments: Sequence[str]) -> int:
    """Start a demo in a temporary folder, take the pictures, stop it."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="passerelle-pictures-") as folder:
        Path(folder).chmod(0o711)
        demo = subprocess.Popen(
            [
                *(sys.executable, str(ROOT / "manage.py"), "demo"),
                *("--port", str(port), "--data", folder),
            ],
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=follow_parent(signal.SIGTERM),
        )
        try:
            assert demo.stdout is not None
            if not any(line.startswith("ready: ") for line in demo.stdout):
                return demo.wait() or 1
            take(port)
        finally:
            demo.send_signal(signal.SIGINT)
            demo.wait(30)
    return 0
