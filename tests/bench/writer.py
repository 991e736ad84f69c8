"""Writes adverts at a steady rate until it is stopped: ``writer URL SCHEMA PER_SECOND``."""

from __future__ import annotations

import sys
import time

BATCH = 10


def main(url: str, schema: str, per_second: int) -> None:
    """Copy adverts of the table, ten at a time, each with its keys."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as link:
        link.execute(f"SET search_path = {schema}, public")
        rows = link.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'adverts_advert'::regclass"
            " AND attnum > 0 AND NOT attisdropped AND attname NOT IN ('id', 'public_id')"
        ).fetchall()
        columns = ", ".join(f'"{name}"' for (name,) in rows)
        first, last = link.execute("SELECT min(id), max(id) FROM adverts_advert").fetchone() or (
            0,
            0,
        )
        print("begun", flush=True)
        began, done = time.monotonic(), 0
        while True:
            start = first + done % (last - first - BATCH)
            link.execute(
                f"INSERT INTO adverts_advert (public_id, {columns}) SELECT gen_random_uuid(),"
                f" {columns} FROM adverts_advert WHERE id >= %s AND id < %s",
                [start, start + BATCH],
            )
            done += BATCH
            time.sleep(max(0.0, began + done / per_second - time.monotonic()))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
