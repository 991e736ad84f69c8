"""Worker and clock of the embedded default: threads of the web process, over its memory.

What must not be lost lives in tables (the outbox), so a queue that ends with the process is
enough here; real servers run ``manage.py worker`` and ``beat`` over Redis.
"""

from __future__ import annotations

import os
import threading
from typing import Any


def start() -> None:
    """Start both threads; called in the web process once Django is set up."""
    from celery.beat import EmbeddedService
    from celery.worker import WorkController

    from tenants.tasks import app

    # Django's checks run in the tests; here they would only delay the first page.
    os.environ.setdefault("CELERY_SKIP_CHECKS", "1")
    # The current app is a thread's own: without this a task of another thread finds no broker.
    app.set_default()
    app.conf.update(
        broker_url="memory://localhost/", broker_transport_options={"polling_interval": 0.05}
    )
    app.finalize()
    worker = WorkController(
        app=app,
        pool="solo",
        concurrency=1,
        hostname="demo@localhost",
        without_heartbeat=True,
        without_mingle=True,
        without_gossip=True,
        loglevel="WARNING",
    )
    threading.Thread(target=worker.start, name="worker", daemon=True).start()
    clock: Any = EmbeddedService(app, thread=True, scheduler_cls="celery.beat:Scheduler")
    clock.start()
