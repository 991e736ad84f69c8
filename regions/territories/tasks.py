"""What moves of territories do in the background."""

from __future__ import annotations

from uuid import UUID

from tenants.tasks import platform_task


@platform_task
def prepare(public_id: str) -> None:
    """Look what a move would do in each region."""
    from regions.territories.operations import move_prepare

    move_prepare(UUID(public_id))


@platform_task
def run(public_id: str) -> None:
    """Do it."""
    from regions.territories.operations import move_run

    move_run(UUID(public_id))
