#!/usr/bin/env python3
"""Every command of Passerelle: ``python3 manage.py`` lists them.

Needs Python >= 3.11 and nothing else: the first run makes ``.venv`` from the locked
requirements and starts again inside it. This file itself is read by whatever Python
a machine calls ``python3``, so it keeps to syntax that an old one understands.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this is what meets an older one
    sys.exit(
        "Passerelle needs Python 3.11 or newer, and this is Python %d.%d (%s).\n"  # noqa: UP031
        "Start it with a newer one, for instance:  python3.11 manage.py %s"
        % (sys.version_info[0], sys.version_info[1], sys.executable, " ".join(sys.argv[1:]))
    )

if __name__ == "__main__":
    from deploy import bootstrap

    bootstrap.ensure(sys.argv)

    from deploy import commands

    sys.exit(commands.run(sys.argv))
