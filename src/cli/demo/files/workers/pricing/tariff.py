from datetime import date, timedelta
from decimal import Decimal

PER_METRE = {"low": Decimal("1.10"), "high": Decimal("2.40")}


def season(day: date) -> str:
    return "high" if 5 <= day.month <= 9 else "low"


def price(length_m: int, start: date, end: date) -> Decimal:
    nights = (end - start).days
    return sum((PER_METRE[season(start + timedelta(n))] * length_m for n in range(nights)), Decimal(0))
