"""The environment of a test process, set before Django reads its settings.

``python3 manage.py test`` starts the servers and gives their addresses; run by hand, pytest needs
``DATABASE_URL`` and ``DATABASE_OWNER_URL`` of a server on which the owner may create databases.
"""

import os
import tempfile
from pathlib import Path

DATA = Path(tempfile.mkdtemp(prefix="passerelle-test-"))
(DATA / "static").mkdir()
os.environ.update(
    PASSERELLE_SECRET_KEY="only-for-tests-" + "x" * 40,
    PASSERELLE_SCHEME="http",
    PASSERELLE_PORT="80",
    PASSERELLE_PLATFORM_HOST="platform.localhost",
    PASSERELLE_MAIL_HOST="mail.localhost",
    PASSERELLE_TASKS_EAGER="1",
    PASSERELLE_STATIC_FINDERS="1",
    PASSERELLE_STATIC_BACKEND="django.contrib.staticfiles.storage.StaticFilesStorage",
    PASSERELLE_DATA=str(DATA),
    PASSERELLE_LOG_LEVEL="ERROR",
    EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend",
)
os.environ.pop("REDIS_URL", None)
