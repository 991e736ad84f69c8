"""Writes: publish an advert, change it or one ride of it, pause, renew, delete and take back."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.communities.models import Community
from core.accounts.models import Account
from rides.adverts.errors import AdvertError
from rides.adverts.indexing import advert_reindex, index_fill
from rides.adverts.inputs import AdvertInput, OneOff, Place, Planning, RideKey, Weekly
from rides.adverts.models import Advert, AdvertCommunity, Schedule, Stop
from rides.adverts.occurrences import Occurrence, occurrences, slots_of
from rides.adverts.queries import is_over, is_renewable
from rides.adverts.routes import route_columns
from rides.adverts.settings import rides_settings
from rides.adverts.validation import VALID_DAYS, Checked, checked_advert
from rides.adverts.watchers import What, advert_changed
from rides.matching.timing import instant, wall_clock
from tenants.context import current_tenant


def advert_publish(
    *,
    author: Account,
    role: str,
    origin: Place,
    destination: Place,
    planning: Planning,
    seats: int,
    stops: Sequence[Place] = (),
    cents_per_km: int | None = None,
    school_holidays: bool = True,
    public_holidays: bool = True,
    wheelchair: bool = False,
    same_gender: bool = False,
    comment: str = "",
    communities: Sequence[Community] = (),
    public_id: uuid.UUID | None = None,
    now: datetime | None = None,
) -> Advert:
    """Publish an advert and return it; times are wall clock in the region's zone.

    See ``inputs.AdvertInput`` for what each word means. ``public_id`` names the attempt: the same
    one sent twice (a double click, a replayed form) makes one advert. Raises ``AdvertError``
    (``invalid_advert``) with a message for each field that is wrong; then nothing was written.
    """
    if public_id is not None:
        made = Advert.objects.filter(public_id=public_id).first()
        if made is not None:
            if made.author_id == author.pk:
                return made
            public_id = None
    said = AdvertInput(
        role=role,
        origin=origin,
        destination=destination,
        planning=planning,
        seats=seats,
        stops=stops,
        cents_per_km=cents_per_km,
        school_holidays=school_holidays,
        public_holidays=public_holidays,
        wheelchair=wheelchair,
        same_gender=same_gender,
        comment=comment,
        communities=communities,
    )
    checked = checked_advert(
        author=author,
        said=said,
        zone=current_tenant().time_zone,
        now=now or timezone.now(),
        rules=rides_settings(),
    )
    advert = Advert(public_id=public_id or uuid.uuid4(), author=author)
    try:
        with transaction.atomic():
            _fill(advert, checked)
            advert.save(force_insert=True)
            _write_parts(advert, checked, new=True)
            advert_changed(advert, What.PUBLISHED)
            return advert
    except IntegrityError:
        # The same attempt, at the same moment, in another request.
        made = Advert.objects.filter(public_id=advert.public_id, author=author).first()
        if made is None:
            raise
        return made


def advert_change(*, advert: Advert, said: AdvertInput, now: datetime | None = None) -> Advert:
    """Replace what an advert says; its status, its address and its exceptions stay.

    An advert that says the same afterwards is left alone: nobody is told of nothing. Raises
    ``AdvertError``: ``invalid_advert``, as for a new one, or ``advert_deleted``.
    """
    with transaction.atomic():
        locked = Advert.objects.select_for_update().get(pk=advert.pk)
        if locked.status == Advert.Status.DELETED:
            raise AdvertError(
                _("This advert was deleted: take it back before you change it."),
                code="advert_deleted",
            )
        checked = checked_advert(
            author=locked.author,
            said=said,
            zone=locked.zone,
            now=now or timezone.now(),
            rules=rides_settings(),
            changing=locked,
        )
        before = _fingerprint(locked)
        _fill(locked, checked)
        locked.save()
        _write_parts(locked, checked)
        if _fingerprint(locked) != before:
            advert_changed(locked, What.CHANGED)
    return locked


def _fill(advert: Advert, checked: Checked) -> None:
    """Set the advert's own columns."""
    for name, place in (("origin", checked.origin), ("destination", checked.destination)):
        setattr(advert, f"{name}_code", place.code)
        setattr(advert, f"{name}_label", place.label)
        setattr(advert, f"{name}_lat", place.shown.lat)
        setattr(advert, f"{name}_lon", place.shown.lon)
        # An end has no column for its carpool place: where that is, is kept as an own point.
        own = place.own if place.carpool_place is None else place.shown
        setattr(advert, f"{name}_own_lat", own.lat if own else None)
        setattr(advert, f"{name}_own_lon", own.lon if own else None)
    for name in _SAID:
        setattr(advert, name, getattr(checked, name))
    planning = checked.planning
    if isinstance(planning, OneOff):
        advert.kind = Advert.Kind.ONE_OFF
        advert.date, advert.time = planning.date, planning.time
        advert.return_date, advert.return_time = planning.return_date, planning.return_time
        advert.valid_from = advert.valid_until = None
    else:
        advert.kind = Advert.Kind.REGULAR
        advert.date = advert.time = advert.return_date = advert.return_time = None
        advert.valid_from, advert.valid_until = planning.valid_from, planning.valid_until
    via = [stop.shown for stop in checked.stops]
    columns = route_columns(checked.origin.shown, checked.destination.shown, via)
    for name, value in columns.items():
        setattr(advert, name, value)
    slots = planning.slots if isinstance(planning, Weekly) else ()
    index_fill(advert, slots, advert.exceptions.all() if advert.pk else ())


_SAID: Final = (
    "role",
    "seats",
    "cents_per_km",
    "school_holidays",
    "public_holidays",
    "wheelchair",
    "same_gender",
    "comment",
    "zone",
)


def _write_parts(advert: Advert, checked: Checked, *, new: bool = False) -> None:
    """Replace the rows that belong to the advert: slots, stops, publications."""
    planning = checked.planning
    slots = planning.slots if isinstance(planning, Weekly) else ()
    if not new and advert.schedules.exists():
        advert.schedules.all().delete()
    Schedule.objects.bulk_create(
        Schedule(advert=advert, weekday=slot.weekday, time=slot.time, return_time=slot.return_time)
        for slot in slots
    )
    if not new and advert.stops.exists():
        advert.stops.all().delete()
    Stop.objects.bulk_create(
        Stop(
            advert=advert,
            position=position,
            code=stop.code,
            label=stop.label,
            lat=stop.shown.lat,
            lon=stop.shown.lon,
            own_lat=stop.own.lat if stop.own else None,
            own_lon=stop.own.lon if stop.own else None,
            place_id=stop.carpool_place,
        )
        for position, stop in enumerate(checked.stops, start=1)
    )
    wanted = {community.pk for community in checked.communities}
    if not new:
        advert.publications.exclude(community__in=wanted).delete()
    AdvertCommunity.objects.bulk_create(
        (AdvertCommunity(advert=advert, community_id=key) for key in sorted(wanted)),
        ignore_conflicts=True,
    )


def _fingerprint(advert: Advert) -> tuple[Any, ...]:
    """All that an advert says to others."""
    own = tuple(
        getattr(advert, field.attname)
        for field in Advert._meta.concrete_fields
        if field.name not in ("updated_at", "keys")
    )
    return (
        own,
        tuple(advert.schedules.values_list("weekday", "time", "return_time")),
        tuple(advert.stops.values_list("position", "label", "lat", "lon")),
    )


def _move(
    advert: Advert, what: What, *, start: tuple[Advert.Status, ...], end: Advert.Status
) -> Advert:
    """Bring the advert from one of ``start`` to ``end``; from anywhere else, leave it alone."""
    with transaction.atomic():
        locked = Advert.objects.select_for_update().get(pk=advert.pk)
        if locked.status in start:
            locked.status = end
            locked.save(update_fields=["status", "updated_at"])
            advert_changed(locked, what)
    advert.status = locked.status
    return advert


def advert_pause(*, advert: Advert) -> Advert:
    """Hide an advert from everybody but its author. Doing it twice changes nothing."""
    return _move(advert, What.PAUSED, start=(Advert.Status.ACTIVE,), end=Advert.Status.PAUSED)


def advert_resume(*, advert: Advert, now: datetime | None = None) -> Advert:
    """Show a paused advert again.

    Raises ``AdvertError`` (``advert_over``) when its last ride is in the past.
    """
    if is_over(advert, now or timezone.now()):
        raise AdvertError(
            _("The last ride of this advert is in the past: publish a new one."),
            code="advert_over",
        )
    return _move(advert, What.RESUMED, start=(Advert.Status.PAUSED,), end=Advert.Status.ACTIVE)


def advert_delete(*, advert: Advert) -> Advert:
    """Hide an advert from everybody, its author included; ``advert_restore`` takes it back."""
    return _move(
        advert,
        What.DELETED,
        start=(Advert.Status.ACTIVE, Advert.Status.PAUSED),
        end=Advert.Status.DELETED,
    )


def advert_restore(*, advert: Advert, paused: bool = False) -> Advert:
    """Take a deletion back: the advert is online again, or ``paused`` as it was."""
    end = Advert.Status.PAUSED if paused else Advert.Status.ACTIVE
    return _move(advert, What.RESTORED, start=(Advert.Status.DELETED,), end=end)


def advert_renew(*, advert: Advert, ended: date, now: datetime | None = None) -> Advert:
    """Let a regular advert run for one more year after ``ended``, the last day that was shown.

    Sent twice, it adds one year: the second finds another last day. An advert that has lapsed
    starts again today. Raises ``AdvertError`` (``not_renewable``) for one that is one-off, deleted,
    or still valid for more than ``RENEW_DAYS``.
    """
    today = wall_clock(now or timezone.now(), advert.zone).date()
    with transaction.atomic():
        locked = Advert.objects.select_for_update().get(pk=advert.pk)
        if locked.valid_until is None or not is_renewable(locked, today):
            if locked.valid_until is not None and locked.valid_until > ended:
                return locked  # renewed a moment ago
            raise AdvertError(_("This advert cannot be renewed now."), code="not_renewable")
        locked.valid_until = max(locked.valid_until, today) + timedelta(days=VALID_DAYS)
        locked.save(update_fields=["valid_until", "updated_at"])
        advert_changed(locked, What.RENEWED)
    return locked


def ride_change(
    *, advert: Advert, ride: RideKey, at: time | None, now: datetime | None = None
) -> Advert:
    """Move one ride of one day to another wall-clock time, or cancel it (``at`` None).

    ``at`` as usual puts it back. Raises ``AdvertError``: ``no_such_ride`` (it is not one of the
    advert's), ``ride_past`` (it has left, or would have), ``ride_order`` (the return would leave
    before the outward ride).
    """
    now = now or timezone.now()
    with transaction.atomic():
        locked = Advert.objects.select_for_update().get(pk=advert.pk)
        day = occurrences(locked, ride.day, ride.day)
        here = next((one for one in day if one.key == ride), None)
        if here is None:
            raise AdvertError(_("This ride does not exist any more."), code="no_such_ride")
        if instant(ride.day, at or here.time, locked.zone) <= now or here.departs_at <= now:
            raise AdvertError(_("This ride has left already."), code="ride_past")
        if at is not None and not _keeps_order(locked, ride, at, day):
            raise AdvertError(
                _("The return would leave before the outward ride."),
                code="ride_order",
                fields={"time": _("The return would leave before the outward ride.")},
            )
        name: dict[str, Any] = {"day": ride.day, "backwards": ride.backwards, "usual": ride.usual}
        if at == ride.usual:
            locked.exceptions.filter(**name).delete()
        else:
            locked.exceptions.update_or_create(**name, defaults={"time": at})
        advert_reindex(locked)
        if here.cancelled != (at is None) or (at is not None and here.time != at):
            advert_changed(locked, What.RIDE_CHANGED, ride)
    return locked


def _keeps_order(advert: Advert, ride: RideKey, at: time, day: Sequence[Occurrence]) -> bool:
    """Whether a slot's outward ride still leaves before its return of the same day."""
    for slot in slots_of(advert) if advert.kind == Advert.Kind.REGULAR else ():
        if slot.weekday != ride.day.weekday() or slot.return_time is None:
            continue
        if ride.usual != (slot.return_time if ride.backwards else slot.time):
            continue
        other = slot.time if ride.backwards else slot.return_time
        for one in day:
            if one.backwards != ride.backwards and one.usual == other and not one.cancelled:
                return one.time < at if ride.backwards else at < one.time
    return True
