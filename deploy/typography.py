"""French typography of the catalogues: what is set by rule is not left to each translator."""

from __future__ import annotations

import re

_SET = re.compile(
    r"""(?P<left> <[^>]*> | https?://\S+ )      # markup and addresses stay as they are
      | (?<=[^\W\d_])'(?=[^\s'])                # l'adresse, d'%(name)s
      | [ ](?P<after>[;:!?»])
      | (?P<opens>«)[ ]
    """,
    re.VERBOSE,
)


def french(text: str) -> str:
    """The text with curved apostrophes, and spaces that do not break before ; : ! ? » and after «.

    Source: Lexique des règles typographiques en usage à l'Imprimerie nationale; the same space
    everywhere, because the narrow one is missing from many fonts.
    """

    def one(found: re.Match[str]) -> str:
        if found["left"]:
            return found[0]
        if found["after"]:
            return f"\u00a0{found['after']}"
        return "«\u00a0" if found["opens"] else "’"

    return _SET.sub(one, text)
