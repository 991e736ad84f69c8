"""What runs by the clock: the tasks of every floor, by what they do."""

from __future__ import annotations

from typing import Any

from celery.schedules import crontab

CELERY_BEAT_SCHEDULE: dict[str, Any] = {
    "clear ended sessions": {
        "task": "core.accounts.tasks.clear_ended_sessions",
        "schedule": crontab(hour="4", minute="10"),
    },
    "erase what was deleted a month ago": {
        "task": "communities.communities.tasks.purge",
        "schedule": crontab(hour="4", minute="40"),
    },
    "communities that fall quiet, votes and archives": {
        "task": "communities.lifecycle.tasks.daily",
        "schedule": crontab(hour="6", minute="30"),
    },
    "take up imports that were left behind": {
        "task": "communities.imports.tasks.sweep",
        "schedule": crontab(minute="*/2"),
    },
    "take up acts on whole lists that were left behind": {
        "task": "communities.bulk.tasks.sweep",
        "schedule": crontab(minute="1-59/2"),
    },
    "delete old files of imports": {
        "task": "communities.imports.tasks.purge",
        "schedule": crontab(hour="4", minute="30"),
    },
    "send the mails whose quiet hours are over": {
        "task": "rides.conversations.tasks.deliver_everywhere",
        "schedule": crontab(minute="*/5"),
    },
    "carry over what regions tell one another": {
        "task": "regions.projection.tasks.project_everywhere",
        "schedule": crontab(minute="*"),
    },
    "begin and end agreements between regions": {
        "task": "regions.agreements.tasks.turn_of_the_day",
        "schedule": crontab(hour="0", minute="5"),
    },
    "forget pooled rides that are over": {
        "task": "regions.pool.tasks.forget_past",
        "schedule": crontab(hour="3", minute="40"),
    },
    "publish the statistics of closed months": {
        "task": "regions.statistics.tasks.daily",
        "schedule": crontab(hour="5", minute="10"),
    },
    "adverts that end soon, old drafts": {
        "task": "rides.adverts.tasks.adverts_daily",
        "schedule": crontab(hour="7", minute="20"),
    },
    "make journeys of rides that have arrived": {
        "task": "rides.journeys.tasks.close",
        "schedule": crontab(minute="*/5"),
    },
    "ask how the week's rides went": {
        "task": "rides.journeys.tasks.recap",
        "schedule": crontab(day_of_week="fri", hour="18", minute="0"),
    },
    "end requests that nobody answered": {
        "task": "rides.bookings.tasks.expire",
        "schedule": crontab(minute="*/15"),
    },
    "tell what alerts found": {
        "task": "rides.search.tasks.tell",
        "schedule": crontab(minute="20"),
    },
    "end requests that two regions no longer allow": {
        "task": "rides.relay.tasks.reconcile_everywhere",
        "schedule": crontab(minute="*"),
    },
    "forget people of regions whose agreements are over": {
        "task": "rides.relay.tasks.forget_everywhere",
        "schedule": crontab(minute="*/15"),
    },
    "read letters of partner regions that were missed": {
        "task": "regions.letters.tasks.receive_everywhere",
        "schedule": crontab(minute="*"),
    },
    "tell partners what became of communities": {
        "task": "communities.pooling.tasks.reconcile",
        "schedule": crontab(minute="*"),
    },
    "withdraw what may no longer be shared": {
        "task": "rides.pooling.tasks.reconcile",
        "schedule": crontab(minute="*"),
    },
}
