"""A draft of a mapping sets only what cannot be wrong, and asks the rest."""

import datetime as dt
import tomllib

import pytest

from funnelsim.counts import read_counts
from funnelsim.counts.mapping import CountMapping
from funnelsim.counts.mapping_proposal import proposed_mapping
from funnelsim.errors import CountsError

HOURS = range(24)


def rows(line):
    """Return a day's rows; n is a number of vehicles without a pattern."""
    return "".join(line(hour, 40 + (37 * hour) % 53) + "\n" for hour in HOURS)


UNITS = "Stelle;Datum;Uhrzeit bis;Richtung;Kfz gesamt;Pkw;Lkw\n-;-;hh:mm;-;Kfz/h;Kfz/h;Kfz/h\n" + rows(
    lambda h, n: f"A;{13 + h // 23}.05.2024;{(h + 1) % 24:02d}:00;Nord;{n + 9 + h % 3};{n};{9 + h % 3}"
)
BETWEEN = [f"{hour:02d}-{hour + 1:02d}" for hour in HOURS]
BY_DAY = (
    "Site\tDay\t"
    + "\t".join(BETWEEN)
    + "\tTotal\n"
    + "".join(
        f"A\t{day:02d}.05.2024\t" + "\t".join(str(40 + (37 * hour + day) % 53) for hour in HOURS) + "\t1500\n"
        for day in range(13, 16)
    )
)
NO_HEADER = "".join(
    f"05/06/2024 {hour:02d}:{5 * m:02d}:00,4001,{','.join(str((hour * k + m) % 7) for k in range(30))}\n"
    for hour in HOURS
    for m in range(12)
)
VEHICLES = "site,year,month,day,hour,minute,second,class,classname,length,headway,speed\n" + rows(
    lambda h, n: f"7,2024,5,6,{h},{n % 60},{n % 51},{1 + h % 2},{'CAR' if h % 2 else 'HGV'},4.{h % 9},{h}.5,{n}"
)
DIRECTIONS = "counted,start,end,nb_cars,nb_truck,sb_cars,sb_truck\n" + rows(
    lambda h, n: f"2024-05-06,2024-05-06T{h:02d}:00:00,2024-05-06T{h:02d}:15:00,{n},{h},{n * n % 59},{h * h % 11}"
)
LANES = "Place;Time;Lane 1;Lane 2;All lanes\n" + rows(
    lambda h, n: f"A;2024-05-06 {h:02d}:00;{n};{n - h % 3 // 2};{2 * n - h % 3 // 2}"
)
PER_HOUR = "id;time;intensity;occupancy;kind\n" + rows(lambda h, n: f"5;2024-05-06 10:{h:02d};{n};{h};loop")
ALL = {
    "units": UNITS,
    "day": BY_DAY,
    "no header": NO_HEADER,
    "vehicles": VEHICLES,
    "directions": DIRECTIONS,
    "lanes": LANES,
    "per hour": PER_HOUR,
}


@pytest.fixture
def draft(write):
    """Return the draft of a text, and what it sets."""

    def of(text):
        lines = proposed_mapping(write(text))
        return lines, tomllib.loads(lines)

    return of


@pytest.mark.parametrize("kind", ALL)
def test_what_a_draft_sets_the_schema_allows(draft, kind):
    """With the questions answered, that is: nothing that is set stands in the way."""
    _, found = draft(ALL[kind])
    answers = {"time": "t", "format": "%Y %H", "minutes": 60, "label": "start"}
    if "wide" not in found and not found.get("counts"):
        answers["total"] = "n"
    if "class_column" in found and not found.get("classes"):
        answers["classes"] = {"1": "car"}
    assert CountMapping.model_validate(answers | {key: value for key, value in found.items() if value != {}})


def test_a_line_of_units_is_no_row(draft, write):
    lines, found = draft(UNITS)
    assert found["skip"] == 2
    assert found["total"] == "Kfz gesamt"
    assert found["time"] == ["Datum", "Uhrzeit bis"]
    counts = read_counts(write(UNITS), mapping=found | {"format": "%d.%m.%Y %H:%M", "label": "end"})
    assert counts.table["vehicles"].sum() == sum(40 + (37 * hour) % 53 + 9 + hour % 3 for hour in HOURS)
    assert "units" in lines


def test_columns_named_by_hours_from_to_are_wide(draft):
    _, found = draft(BY_DAY)
    assert found["wide"] == "[0-9][0-9]-[0-9][0-9]"
    assert found["minutes"] == 60
    assert "total" not in found


def test_numbers_of_columns_are_no_times_of_day(draft):
    _, found = draft(NO_HEADER)
    assert "wide" not in found
    assert found["time"] == "column 1"
    assert found["minutes"] == 5


def test_a_row_a_vehicle_with_its_date_in_columns(draft):
    lines, found = draft(VEHICLES)
    assert found["time"] == ["year", "month", "day", "hour", "minute", "second"]
    assert found["class_column"] == "classname"
    assert "classname" not in str(found.get("stream"))
    assert '# each_row = "vehicle"\n' in lines
    assert "total" not in found


def test_a_time_of_day_is_better_than_a_date_and_directions_are_asked(draft):
    lines, found = draft(DIRECTIONS)
    assert found["time"] == "start"
    assert found["label"] == "start"
    assert found["counts"] == {}
    assert '# "nb_cars" = ""' in lines
    assert "# not used: counted\n" in lines


def test_two_columns_of_times_are_asked(draft):
    """The first may be the time at which the row arrived."""
    lines, found = draft(
        "arrived,begins,vehicles\n"
        + rows(lambda h, n: f"2024-05-13 {h:02d}:{n % 60:02d}:{n % 50:02d},2024-05-13 {h:02d}:00:00,{n}")
    )
    assert "time" not in found
    assert '# time = "arrived"\n# time = "begins"\n' in lines


def test_one_lane_is_no_sum_of_another(draft):
    lines, found = draft(LANES)
    assert "the sum of" not in lines
    assert found["counts"] == {}
    assert found["total"] == "All lanes"


def test_a_flow_may_be_per_hour(draft):
    lines, found = draft(PER_HOUR)
    assert "total" not in found
    assert '# unit = "hour"\n' in lines
    assert "occupancy" in lines
    assert "# not used: kind\n" in lines


def test_a_padded_title_is_no_header(draft):
    _, found = draft("Our roads;;\nSite: A1;;\nDatum;Sat;Ukupno\n" + rows(lambda h, n: f"06-05-2024;{h};{n}"))
    assert found["skip"] == 2
    assert found["hour"] == "Sat"
    assert found["total"] == "Ukupno"


def test_classes_are_set_together_or_not_at_all(draft, write):
    """Else the buses alone would be read, though the total is known."""
    text = "time;Buses;Others;Total\n" + rows(lambda h, n: f"2024-05-13 {h:02d}:00;{h % 4};{n};{n + h % 4}")
    lines, found = draft(text)
    assert found["counts"] == {}
    assert '# "Buses" = "coach"\n' in lines
    counts = read_counts(write(text), mapping=found | {"label": "start"})
    assert counts.table["vehicles"].sum() == sum(40 + (37 * hour) % 53 + hour % 4 for hour in HOURS)


def test_thousands_and_what_is_missing_are_asked(draft):
    lines, found = draft("time;all\n" + rows(lambda h, n: f"2024-05-13 {h:02d}:00;{9999 if h == 3 else f'1.0{n}'}"))
    assert '# thousands = "."\n' in lines
    assert '# missing = ["9999"]' in lines
    assert not {"thousands", "decimal", "missing"} & set(found)


def test_a_sum_below_the_rows_is_no_row(draft):
    lines, found = draft("time;cars\n" + rows(lambda h, n: f"2024-05-13 {h:02d}:00;{n}") + "Summe;1500\n")
    assert "The last row seems to be a sum" in lines
    assert found["time"] == "time"
    assert found["minutes"] == 60


def test_the_sheet_with_the_table_is_found_and_its_cells_of_dates_and_times(tmp_path):
    pytest.importorskip("fastexcel")
    xlsxwriter = pytest.importorskip("xlsxwriter")
    path = tmp_path / "counts.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Cover").write(0, 0, "Counts of a road")
        sheet = book.add_worksheet("Data")
        sheet.write_row(0, 0, ["Site 7"])
        sheet.write_row(1, 0, ["Day", "Clock", "Total"])
        formats = [book.add_format({"num_format": form}) for form in ("yyyy-mm-dd", "hh:mm")]
        for hour in HOURS:
            sheet.write_datetime(2 + hour, 0, dt.date(2024, 5, 13), formats[0])
            sheet.write_datetime(2 + hour, 1, dt.time(hour), formats[1])
            sheet.write_number(2 + hour, 2, 40 + hour)
    lines = proposed_mapping(path)
    found = tomllib.loads(lines)
    assert "'Cover' and 'Data'" in lines
    assert (found["sheet"], found["skip"], found["time"]) == ("Data", 1, ["Day", "Clock"])
    counts = read_counts(path, mapping=found | {"label": "start"})
    assert counts.table["vehicles"].to_list() == [40 + hour for hour in HOURS]


def test_a_shipped_mapping_that_does_not_fit_is_named(write):
    with pytest.raises(CountsError) as caught:
        read_counts(write("heure;vitesse;debit;occupation\nyesterday;90;12;1\n"))
    assert "fr-siredo-6min" in str(caught.value)
    assert str(caught.value).endswith("--propose mapping.toml")


def test_columns_without_a_name_above_units_get_their_number(tmp_path):
    """A name that is taken gets a number as well, and the draft is a mapping that reads the file."""
    path = tmp_path / "units.csv"
    path.write_text(";time;n;n;n 4\n;hh:mm;veh;veh;veh\na;06:00;10;11;30\nb;07:00;12;15;40\n", encoding="utf-8")
    draft = tomllib.loads(proposed_mapping(path))
    assert draft["names"] == ["column 1", "time", "n", "n 4", "n 4 5"]
    assert draft["skip"] == 2
