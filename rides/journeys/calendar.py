"""A person's rides as an iCalendar file (RFC 5545), and its secret address.

Times are local with their zone (``TZID``, whose changes are written out as ``VTIMEZONE``), so that
a calendar shows 7:40 in summer and in winter. An event keeps its ``UID`` for ever: a cancelled ride
comes again as cancelled, and calendars strike it out.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.crypto import constant_time_compare, salted_hmac

from rides.journeys.models import CalendarFeed
from tenants.context import current_scope

LINE_OCTETS: Final = 75


@dataclass(frozen=True, slots=True)
class Entry:
    """One ride."""

    uid: str
    departs_at: dt.datetime
    arrives_at: dt.datetime
    zone: str
    title: str
    place: str
    words: str
    url: str
    cancelled: bool
    tentative: bool
    stamp: dt.datetime


def calendar_text(entries: Iterable[Entry], *, name: str) -> str:
    """The whole file: CRLF, folded lines."""
    rows = list(entries)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Passerelle//Rides//FR",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
    ]
    for zone in sorted({row.zone for row in rows}):
        mine = [row for row in rows if row.zone == zone]
        first = min(row.departs_at for row in mine)
        last = max(row.arrives_at for row in mine)
        lines += _zone(zone, first, last)
    for row in rows:
        lines += _event(row)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def _event(row: Entry) -> list[str]:
    zone = ZoneInfo(row.zone)

    def local(moment: dt.datetime) -> str:
        return f"{moment.astimezone(zone):%Y%m%dT%H%M%S}"

    status = "CANCELLED" if row.cancelled else "TENTATIVE" if row.tentative else "CONFIRMED"
    return [
        "BEGIN:VEVENT",
        f"UID:{row.uid}",
        f"DTSTAMP:{row.stamp.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;TZID={row.zone}:{local(row.departs_at)}",
        f"DTEND;TZID={row.zone}:{local(row.arrives_at)}",
        f"SUMMARY:{escaped(row.title)}",
        f"LOCATION:{escaped(row.place)}",
        f"DESCRIPTION:{escaped(row.words)}",
        f"URL:{row.url}",
        f"STATUS:{status}",
        f"SEQUENCE:{int(row.cancelled)}",
        "TRANSP:TRANSPARENT" if row.cancelled else "TRANSP:OPAQUE",
        "END:VEVENT",
    ]


def _zone(name: str, first: dt.datetime, last: dt.datetime) -> list[str]:
    """The zone's changes of clock around the events, one after the other."""
    zone = ZoneInfo(name)
    start = (first - dt.timedelta(days=200)).replace(minute=0, second=0, microsecond=0)
    before = start.astimezone(zone)
    lines = ["BEGIN:VTIMEZONE", f"TZID:{name}"]
    lines += _observance(before, before.utcoffset())
    for change in _changes(zone, start, last + dt.timedelta(days=1)):
        offset = (change - dt.timedelta(hours=1)).astimezone(zone).utcoffset()
        lines += _observance(change.astimezone(zone), offset)
    return [*lines, "END:VTIMEZONE"]


def _changes(zone: ZoneInfo, start: dt.datetime, stop: dt.datetime) -> Iterator[dt.datetime]:
    """The instants (UTC) at which the zone's offset changes: clocks change at whole hours."""
    hour = dt.timedelta(hours=1)
    moment = start.astimezone(dt.UTC)
    while moment < stop:
        after = moment + hour
        if moment.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset():
            yield after
        moment = after


def _observance(at: dt.datetime, before: dt.timedelta | None) -> list[str]:
    """One period of constant offset, from ``at`` (local) on."""
    after = at.utcoffset() or dt.timedelta()
    before = before or dt.timedelta()
    kind = "DAYLIGHT" if at.dst() else "STANDARD"
    # The start is written on the clock that was in force before it.
    local = at.replace(tzinfo=None) - after + before
    return [
        f"BEGIN:{kind}",
        f"DTSTART:{local:%Y%m%dT%H%M%S}",
        f"TZOFFSETFROM:{_offset(before)}",
        f"TZOFFSETTO:{_offset(after)}",
        f"TZNAME:{at.tzname()}",
        f"END:{kind}",
    ]


def _offset(offset: dt.timedelta) -> str:
    minutes = int(offset.total_seconds() // 60)
    sign = "-" if minutes < 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    return f"{sign}{hours:02d}{rest:02d}"


def escaped(text: str) -> str:
    """A text value: backslash, comma, semicolon and line end are escaped."""
    for letter in ("\\", ";", ","):
        text = text.replace(letter, f"\\{letter}")
    return text.replace("\r\n", "\n").replace("\n", "\\n").replace("\r", "\\n")


def folded(line: str) -> Iterator[str]:
    """A line in parts of at most 75 octets, never in the middle of a letter."""
    part, size, room = "", 0, LINE_OCTETS
    for letter in line:
        octets = len(letter.encode())
        if size + octets > room:
            yield part
            part, size = " ", 1
        part += letter
        size += octets
    yield part


# --- the address ------------------------------------------------------------------------------
def feed_token(feed: CalendarFeed) -> str:
    """The secret part of the address: nothing in the database says it."""
    return f"{feed.public_id.hex}{_secret(feed)}"


def feed_of(token: str) -> CalendarFeed | None:
    """The feed of an address; None for a forged, revoked or other region's one."""
    try:
        public_id = uuid.UUID(token[:32])
    except ValueError:
        return None
    feed = CalendarFeed.objects.select_related("account").filter(public_id=public_id).first()
    if feed is None or not feed.account.is_active:
        return None
    return feed if constant_time_compare(token[32:], _secret(feed)) else None


def _secret(feed: CalendarFeed) -> str:
    salt = f"passerelle.calendar.{current_scope().key}"
    return salted_hmac(salt, f"{feed.public_id}{feed.nonce}", algorithm="sha256").hexdigest()[:40]
