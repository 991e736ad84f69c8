"""Two regions with the same people and objects under the same keys, committed once per worker."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from pytest_django import Settings
from pytest_django.plugin import DjangoDbBlocker

from tenants.provisioning import tenant_remove
from tests.factories import provision
from tests.permissions import world
from tests.permissions.world import Operator, World


@dataclass(frozen=True, slots=True)
class Worlds:
    """``here`` is the region that is asked; ``there`` is the other one, whose objects it has not."""

    here: World
    there: World
    operator: Operator


@pytest.fixture(scope="package")
def worlds(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Worlds]:
    """Make both regions; tests add nothing to them that stays."""
    with django_db_blocker.unblock():
        here = provision("ici", hosts=["ici.localhost", "www.ici.localhost"])
        there = provision(
            "ailleurs", hosts=["ailleurs.localhost", "www.ailleurs.localhost"], regions=["32"]
        )
        made = Worlds(
            world.build(here, world.HERE), world.build(there, world.THERE), world.operator_create()
        )
        third = provision("tierce")
        made.here.names["agreement"] = world.agreement_create(made.here, there)
        made.there.names["agreement"] = world.agreement_create(made.there, third)
        made.here.names["partner"] = world.partner_ride(there, made.here.tenant)
        made.there.names["partner"] = world.partner_ride(third, made.there.tenant)
        made.here.names["shares"] = world.partner_logo(there)
        made.there.names["shares"] = world.partner_logo(third)
        made.here.names["mail"] = world.mail_write(Path(settings.EMAIL_FILE_PATH))
        for connection in connections.all():
            connection.close()
    yield made
    with django_db_blocker.unblock():
        world.operator_remove(made.operator)
        for tenant in (here, there, third):
            tenant_remove(tenant)
        for connection in connections.all():
            connection.close()


@pytest.fixture(autouse=True)
def _quick_hashes(settings: Settings) -> None:
    """Hash what lines send as quickly as can be; the people's own passwords keep theirs."""
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]
