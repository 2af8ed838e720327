from datetime import date
from decimal import Decimal

from tariff import price, season


def test_summer_is_high_season():
    assert season(date(2025, 7, 1)) == "high"
    assert season(date(2025, 10, 1)) == "low"


def test_a_night_is_priced_by_the_metre():
    assert price(10, date(2025, 7, 1), date(2025, 7, 3)) == Decimal("48.00")


def test_a_stay_over_the_turn_of_the_season_is_priced_by_night():
    assert price(10, date(2025, 4, 30), date(2025, 5, 2)) == Decimal("35.00")
