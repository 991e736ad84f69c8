"""The delays in force in a region."""

from __future__ import annotations

from datetime import datetime, timedelta

from communities.lifecycle.models import LifecycleRules
from core.singletons import row_in_force, row_put_in_force


def lifecycle_rules() -> LifecycleRules:
    """The rules in force here; unsaved defaults when none were set. One statement."""
    return row_in_force(LifecycleRules)


def lifecycle_rules_save(*, rules: LifecycleRules) -> LifecycleRules:
    """Put these rules in force; the last one to save wins. Raises ``ValidationError``."""
    rules.clean_fields()
    return row_put_in_force(rules)


def months_before(moment: datetime, months: int) -> datetime:
    """Return the same day of an earlier month, or its last day where there is no such day."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    first = moment.replace(year=year, month=month + 1, day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    last = (following - timedelta(days=1)).day
    return first.replace(day=min(moment.day, last))
