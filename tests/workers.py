"""A real Celery worker over a real Redis, for the time of a test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from celery.contrib.testing.worker import start_worker
from kombu import pools

from tenants.tasks import app


@contextmanager
def worker_over(redis_url: str) -> Iterator[None]:
    """Run a worker over ``redis_url``; leave neither its addresses nor its sockets behind."""
    told = {
        "broker_url": redis_url,
        "result_backend": redis_url,
        "task_always_eager": False,
        # One connection to the results for both threads: a worker leaves its own to nobody.
        "result_backend_thread_safe": True,
    }
    kept = {key: app.conf.get(key) for key in told}
    app.conf.update(told)
    _forget_addresses()
    try:
        with start_worker(app, pool="solo", perform_ping_check=False, shutdown_timeout=30):
            yield
    finally:
        _close()
        app.conf.update(kept)
        _forget_addresses()


def _close() -> None:
    consumer = app.backend.result_consumer
    consumer.stop()
    consumer.subscribed_to.clear()  # a result that goes later must not connect again to say so
    app.backend.client.connection_pool.disconnect()
    pools.reset()


def _forget_addresses() -> None:
    """Make Celery read its broker and result addresses again."""
    app._local.__dict__.pop("backend", None)
    app._backend_cache = None
    app._pool = None
    app.amqp._producer_pool = None
