"""The site with the bare view beside it, for gunicorn."""

from __future__ import annotations

import tests.environment  # noqa: F401 - first: the settings read the environment

# isort: split
from django.conf import settings
from django.core.wsgi import get_wsgi_application

settings.ROOT_URLCONF = "tests.bench.served.urls"
application = get_wsgi_application()
