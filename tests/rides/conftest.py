"""Two regions that pool rides; Hypothesis without a deadline, the same examples every time."""

from __future__ import annotations

import pytest
from hypothesis import settings

from rides.pooling.models import pooling_switch
from tenants.context import tenant_scope
from tests.conftest import Twins
from tests.regions.agreement_help import agree

settings.register_profile("rides", deadline=None, derandomize=True)
settings.load_profile("rides")


@pytest.fixture
def pair(twins: Twins, _database: None) -> Twins:
    agree(*twins)
    for tenant in twins:
        with tenant_scope(tenant):
            pooling_switch(enabled=True)
    return twins
