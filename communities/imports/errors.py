"""What imports refuse, each with its stable code."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenants.errors import PasserelleError


class NoColumnError(PasserelleError):
    """No cell of the file is what it must have. Code ``no_column``."""

    def __init__(self) -> None:
        words = _(
            "No column of this file holds e-mail addresses. Name one “Email” in the first row."
        )
        super().__init__(words, code="no_column", fields={"file": words})


class ColumnsInvalidError(PasserelleError):
    """Columns were named in a way that cannot be read. Code ``columns_invalid``.

    ``fields`` names them as the page does: ``column-0`` is the first.
    """

    status = 422

    def __init__(self, fields: Mapping[str, str | Promise]) -> None:
        super().__init__(
            _("The columns cannot be read like this."), code="columns_invalid", fields=fields
        )


class ImportMovedError(PasserelleError):
    """The import is not, or no longer, where this could be done. Code ``import_moved``."""

    status = 409

    def __init__(self) -> None:
        super().__init__(_("This import has moved on meanwhile."), code="import_moved")


class FileGoneError(PasserelleError):
    """The file that was sent is not kept any more. Code ``file_gone``."""

    status = 410

    def __init__(self) -> None:
        super().__init__(_("This file is not kept any more: send it once again."), code="file_gone")


class RowsRefusedError(PasserelleError):
    """All or nothing was asked, and some row is refused. Code ``rows_refused``."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            _("Some rows are refused: correct the file, or import all the valid rows."),
            code="rows_refused",
        )
