"""Settings: one module, read from the environment.

There is one settings module for every process (web, worker, commands, tests); what differs
between machines is an environment variable, documented in ``core/settings/README.md``.
"""

from core.settings.base import *  # noqa: F403
