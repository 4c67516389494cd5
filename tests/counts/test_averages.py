"""Files of days, months and years are refused with advice that helps; hours are not taken for them."""

import pytest

from funnelsim.counts import read_counts
from funnelsim.errors import CountsError

HOURS = "\n".join(f"2024-05-06T{hour:02d}:00,{40 + hour}" for hour in range(6, 9))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("road,AADT,trucks\nA1,30534,2015\n", "average vehicles per day (AADT)"),
        ("road,AVERAGE DAILY TRAFFIC - ADT\nA1,30534\n", "average vehicles per day (AVERAGE DAILY TRAFFIC - ADT)"),
        ("Straße;DTVw 2023\nA1;30534\n", "average vehicles per day (DTVw 2023)"),
        ("Navn;ÅDT total;Andel lange\nE6;30534;12\n", "average vehicles per day (ÅDT total)"),
        ("route;TMJA 2022;% PL\nA1;30534;12\n", "average vehicles per day (TMJA 2022)"),
        ("site,vehicles per day\nA1,30534\n", "average vehicles per day (vehicles per day)"),
        ("device,FROM_T,TO_T,N\n1,2025-01-01 00:00:00,2025-01-31 23:59:59,3350\n", "totals or averages of a month"),
        ("device,from,to,N\n1,2025-01-01,2025-12-31,3350\n", "totals or averages of a year"),
        ("device,from,to,N\n1,2025-01-01T00:00,2025-01-02T00:00,3350\n", "totals or averages of days"),
        ("Navn;År;Måned;Trafikkmengde\nE6;2024;5;3350\n", "totals or averages of months"),
        ("road,year,vehicles\nA1,2023,3350\n", "totals or averages of years"),
        ("date,N\n2024-05-06,3350\n2024-05-07,3360\n2024-05-08,3400\n", "totals or averages of days"),
    ],
)
def test_days_months_and_years_are_refused_by_name_and_by_length(write, text, what):
    with pytest.raises(CountsError) as caught:
        read_counts(write(text))
    assert f"this is a file of {what}" in str(caught.value)
    assert "allowed: the hourly values of this station from the agency; where there are none, a shape" in str(
        caught.value
    )


def test_a_file_of_hours_is_read_whatever_else_it_says(write):
    """A daily average among other lines or columns does not make hours averages."""
    rows = "\n".join(line + ",900" for line in HOURS.replace("T", " ").splitlines())
    counts = read_counts(write(f"date_time,volume,AADT\n{rows}\n"))
    assert counts.table["vehicles"].sum() == 46 + 47 + 48


def test_a_date_of_delivery_does_not_make_hours_averages(write):
    rows = "".join(
        f"{site},2024-05-06T{hour:02d}:00:00,2024-06-01,{40 + hour}\n" for hour in range(24) for site in range(30)
    )
    path = write(f"site,measured,delivered,n\n{rows}")
    with pytest.raises(CountsError) as caught:
        read_counts(path)
    assert "averages" not in str(caught.value)
    mapping = {
        "stream": "site",
        "time": "measured",
        "format": "%Y-%m-%dT%H:%M:%S",
        "label": "start",
        "minutes": 60,
        "total": "n",
    }
    assert read_counts(path, mapping=mapping).table["vehicles"].sum() == 30 * sum(40 + hour for hour in range(24))


def test_another_unknown_file_is_not_called_averages(write):
    for header, more in (("when,n", ""), ("Time,n,AADT", ",900")):
        text = f"{header}\n" + "".join(f"{line}{more}\n" for line in HOURS.splitlines())
        with pytest.raises(CountsError, match="is not the header of a known format"):
            read_counts(write(text))


@pytest.mark.parametrize(
    ("name", "what"),
    [("refuse_cy_daily_average.csv", "average vehicles per day"), ("refuse_lv_month_totals.csv", "of a month")],
)
def test_real_files_are_refused_with_advice(real, name, what):
    with pytest.raises(CountsError, match=f"{what}.*allowed: the hourly values"):
        read_counts(real(f"counts_more/{name}"))
