"""Writes: publish an advert, pause and resume it, delete it and take that back."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.communities.models import Community
from core.accounts.models import Account
from rides.adverts.errors import AdvertError
from rides.adverts.inputs import OneOff, Place, Planning, Weekly
from rides.adverts.models import Advert, AdvertCommunity, Schedule
from rides.adverts.queries import is_over
from rides.adverts.routes import route_columns
from rides.adverts.validation import Checked, checked_advert
from tenants.context import current_tenant


def advert_publish(
    *,
    author: Account,
    role: str,
    origin: Place,
    destination: Place,
    planning: Planning,
    seats: int,
    comment: str = "",
    communities: Sequence[Community] = (),
    public_id: uuid.UUID | None = None,
    now: datetime | None = None,
) -> Advert:
    """Publish an advert and return it; times are wall clock in the region's zone.

    ``public_id`` names the attempt: the same one sent twice (a double click, a replayed form)
    makes one advert. Raises ``AdvertError`` (``invalid_advert``) with a message for each field
    that is wrong; then nothing was written.
    """
    if public_id is not None:
        made = Advert.objects.filter(public_id=public_id).first()
        if made is not None:
            if made.author_id == author.pk:
                return made
            public_id = None
    checked = checked_advert(
        author=author,
        role=role,
        origin=origin,
        destination=destination,
        planning=planning,
        seats=seats,
        comment=comment,
        communities=communities,
        zone=current_tenant().time_zone,
        now=now or timezone.now(),
    )
    try:
        with transaction.atomic():
            return _insert(author, checked, communities, public_id or uuid.uuid4())
    except IntegrityError:
        # The same attempt, at the same moment, in another request.
        if public_id is None:
            raise
        made = Advert.objects.filter(public_id=public_id, author=author).first()
        if made is None:
            raise
        return made


def _insert(
    author: Account, checked: Checked, communities: Sequence[Community], public_id: uuid.UUID
) -> Advert:
    origin, destination = checked.origin, checked.destination
    advert = Advert(
        public_id=public_id,
        author=author,
        role=checked.role,
        seats=checked.seats,
        comment=checked.comment,
        zone=checked.zone,
        origin_code=origin.code,
        origin_label=origin.label,
        origin_lat=origin.shown.lat,
        origin_lon=origin.shown.lon,
        origin_own_lat=origin.own.lat if origin.own else None,
        origin_own_lon=origin.own.lon if origin.own else None,
        destination_code=destination.code,
        destination_label=destination.label,
        destination_lat=destination.shown.lat,
        destination_lon=destination.shown.lon,
        destination_own_lat=destination.own.lat if destination.own else None,
        destination_own_lon=destination.own.lon if destination.own else None,
        **route_columns(origin.shown, destination.shown),
    )
    planning = checked.planning
    if isinstance(planning, OneOff):
        advert.kind = Advert.Kind.ONE_OFF
        advert.date, advert.time = planning.date, planning.time
        advert.return_date, advert.return_time = planning.return_date, planning.return_time
    else:
        advert.kind = Advert.Kind.REGULAR
        advert.valid_from, advert.valid_until = planning.valid_from, planning.valid_until
    advert.save(force_insert=True)
    if isinstance(planning, Weekly):
        Schedule.objects.bulk_create(
            Schedule(
                advert=advert, weekday=slot.weekday, time=slot.time, return_time=slot.return_time
            )
            for slot in planning.slots
        )
    AdvertCommunity.objects.bulk_create(
        AdvertCommunity(advert=advert, community=community) for community in communities
    )
    return advert


def _move(advert: Advert, *, start: tuple[Advert.Status, ...], end: Advert.Status) -> Advert:
    """Bring the advert from one of ``start`` to ``end``; from anywhere else, leave it alone."""
    with transaction.atomic():
        locked = Advert.objects.select_for_update().get(pk=advert.pk)
        if locked.status in start:
            locked.status = end
            locked.save(update_fields=["status"])
    advert.status = locked.status
    return advert


def advert_pause(*, advert: Advert) -> Advert:
    """Hide an advert from everybody but its author. Doing it twice changes nothing."""
    return _move(advert, start=(Advert.Status.ACTIVE,), end=Advert.Status.PAUSED)


def advert_resume(*, advert: Advert, now: datetime | None = None) -> Advert:
    """Show a paused advert again.

    Raises ``AdvertError`` (``advert_over``) when its last ride is in the past.
    """
    if is_over(advert, now or timezone.now()):
        raise AdvertError(
            _("The last ride of this advert is in the past: publish a new one."),
            code="advert_over",
        )
    return _move(advert, start=(Advert.Status.PAUSED,), end=Advert.Status.ACTIVE)


def advert_delete(*, advert: Advert) -> Advert:
    """Hide an advert from everybody, its author included; ``advert_restore`` takes it back."""
    return _move(
        advert,
        start=(Advert.Status.ACTIVE, Advert.Status.PAUSED),
        end=Advert.Status.DELETED,
    )


def advert_restore(*, advert: Advert, paused: bool = False) -> Advert:
    """Take a deletion back: the advert is online again, or ``paused`` as it was."""
    end = Advert.Status.PAUSED if paused else Advert.Status.ACTIVE
    return _move(advert, start=(Advert.Status.DELETED,), end=end)
