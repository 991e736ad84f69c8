"""Who is told by e-mail, and when: an outbox, quiet at night, each kind as its reader wishes.

A notice is written with what it tells of, in one transaction, so that no crash loses it; a task
sends those that are due, at once and every few minutes.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.accounts.models import Account
from core.accounts.readers import reading
from core.notifications.hosts import site_url
from core.notifications.services import mail_send_now
from rides.bookings.masking import masked
from rides.bookings.words import event_words
from rides.conversations.models import Message, Notice, Preferences
from rides.matching.timing import instant, wall_clock
from tenants.context import current_tenant

BATCH: Final = 100
EXCERPT: Final = 300
GIVE_UP: Final = dt.timedelta(days=2)
"""What could not be sent for so long is no news any more."""


def preferences_of(account: Account) -> Preferences:
    """What the person chose, or the defaults, unsaved."""
    found = Preferences.objects.filter(account=account).first()
    return found or Preferences(account=account)


def loud_from(chosen: Preferences, now: dt.datetime, zone: str) -> dt.datetime:
    """The first instant, from ``now`` on, at which the person may be disturbed.

    Quiet hours are wall clock in the region's zone, and may go over midnight.
    """
    if not chosen.quiet or chosen.quiet_from == chosen.quiet_until:
        return now
    clock = wall_clock(now, zone)
    start, stop, at = chosen.quiet_from, chosen.quiet_until, clock.time()
    over_midnight = start > stop
    quiet = (at >= start or at < stop) if over_midnight else start <= at < stop
    if not quiet:
        return now
    day = clock.date()
    if over_midnight and at >= start:
        day += dt.timedelta(days=1)
    return max(now, instant(day, stop, zone))


def notice_add(*, account: Account, kind: Notice.Kind, message: Message) -> None:
    """Have somebody told, unless they do not want to be; within the caller's transaction."""
    chosen = preferences_of(account)
    wanted = chosen.messages if kind == Notice.Kind.MESSAGE else chosen.bookings
    if not wanted or not account.is_active:
        return
    from rides.conversations import tasks

    now = timezone.now()
    due = loud_from(chosen, now, current_tenant().time_zone)
    Notice.objects.create(account=account, kind=kind, message=message, due_at=due)
    if due <= now:
        tasks.deliver.enqueue()


def notices_send(*, now: dt.datetime | None = None) -> int:
    """Send what is due in the current region; return how many mails.

    A row is locked while its mail goes: two workers never send it twice, and one that dies sends
    it again. Mails to a server that is away stay for the next time.
    """
    now = now or timezone.now()
    count = 0
    while True:
        with transaction.atomic():
            notice = (
                Notice.objects.select_for_update(skip_locked=True, of=("self",))
                .filter(sent_at__isnull=True, due_at__lte=now)
                .select_related("account")
                .order_by("due_at", "pk")
                .first()
            )
            if notice is None:
                return count
            if notice.due_at > now - GIVE_UP:
                _mail(notice)
            notice.sent_at = now
            notice.save(update_fields=["sent_at"])
            count += 1


def _mail(notice: Notice) -> None:
    account = notice.account
    message = Message.objects.select_related(
        "sender", "event__actor", "event__booking", "thread__advert"
    ).get(pk=notice.message_id)
    language = account.language or current_tenant().language
    with translation.override(language), reading(account):
        context = notice_context(message, account)
    mail_send_now(
        template="conversations/mails/notice", to=account.email, context=context, language=language
    )


def notice_context(message: Message, reader: Account) -> dict[str, Any]:
    """What the mail says: who, what, a few words without numbers and links, and where to answer."""
    thread = message.thread
    name = message.sender.display_name if message.sender else ""
    if message.event is not None:
        title = event_words(message.event, reader)
        address = reverse("bookings:detail", args=[message.event.booking.public_id])
        label = _("See the booking")
    else:
        title = _("%(name)s has written to you.") % {"name": name}
        address = reverse("conversations:thread", args=[thread.public_id])
        label = _("Read and answer")
    words = masked(message.body)
    if len(words) > EXCERPT:
        words = f"{words[:EXCERPT].rstrip()} …"
    advert = thread.advert
    return {
        "first_name": reader.first_name,
        "title": title,
        "route": f"{advert.origin_label} → {advert.destination_label}",
        "words": words,
        "url": site_url(address),
        "label": label,
        "settings_url": site_url(reverse("notifications:preferences")),
    }
