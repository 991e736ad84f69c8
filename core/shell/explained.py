"""Parts of « Comment ça marche » and of the charter that apps above add: the same on both pages."""

from __future__ import annotations

from typing import Final, Literal

from core.shell.panels import Panels

Page = Literal["how", "charter"]

EXPLAINED: Final = Panels[Page]("part of the pages that explain the service")
