"""Prices the bookings that have no price yet."""

import os
import time

import psycopg

from tariff import price


def price_waiting(connection) -> int:
    with connection.cursor() as cursor:
        cursor.execute("select id, length_m, lower(during), upper(during) from bookings_to_price")
        rows = cursor.fetchall()
        for booking, length, start, end in rows:
            cursor.execute("update bookings set price = %s where id = %s", (price(length, start, end), booking))
    connection.commit()
    return len(rows)


if __name__ == "__main__":
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        while True:
            print(f"priced {price_waiting(connection)}", flush=True)
            time.sleep(30)
