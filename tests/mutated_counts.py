"""A generator of mutated count files: what editors, spreadsheets, counters and disks do to them.

The same seed gives the same file.
"""

import random
import re
from collections.abc import Callable

from tests.broken_scenarios import cut, flipped


def mutated_counts(seed: int) -> tuple[bytes, str]:
    """Return the bytes of a count file of any format, changed in one to four ways, and what was done to it."""
    dice = random.Random(seed)  # noqa: S311  (no secrets)
    kind = dice.choice(sorted(WHOLE))
    content, done = _mutated(WHOLE[kind](), dice)
    return content, f"{kind}, {done}"


def mutated_mapped(seed: int) -> tuple[str, bytes, str]:
    """Return the name of a layout in `MAPPED`, a changed file of it, and what was done to it."""
    dice = random.Random(seed)  # noqa: S311  (no secrets)
    kind = dice.choice(sorted(MAPPED))
    content, done = _mutated(MAPPED[kind][0](), dice)
    return kind, content, done


def _mutated(lines: list[str], dice: random.Random) -> tuple[bytes, str]:
    done = []
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        way = dice.choice(OF_LINES)
        done.append(way.__name__)
        lines = way(lines, dice) or [""]
    content = dice.choice(("\n", "\n", "\r\n", "\r")).join(lines).encode(errors="surrogatepass")
    if dice.random() < 0.2:
        way_of_bytes = dice.choice(OF_BYTES)
        done.append(way_of_bytes.__name__)
        content = way_of_bytes(content, dice)
    return content, ", ".join(done)


HOURS = range(24)


def _own() -> list[str]:
    return ["# A3, counted 2023", "start,car,van,lorry", *(f"{hour:02d}:00,{800 + hour},95,140" for hour in HOURS)]


def _own_dated() -> list[str]:
    days = (f"2024-05-{day:02d}T{hour:02d}:00" for day in (6, 7, 8) for hour in HOURS)
    return ["start;car;total", *(f"{start};{700 + number},5;{700 + number},5" for number, start in enumerate(days))]


def _hourly() -> list[str]:
    days = (f"2024-05-{day:02d} {hour:02d}:00:00" for day in (6, 7) for hour in HOURS)
    return ["date_time,traffic_volume,weather", *(f"{start},{500 + n},rain" for n, start in enumerate(days))]


def _by_class() -> list[str]:
    quarters = (f"5/{day}/2024,{hour}:{minute:02d}" for day in (13, 14) for hour in HOURS for minute in (0, 15, 30, 45))
    return [
        "Site Code: 166905",
        'Number,Date,Time,"Motorcycles","Cars & Trailers","2 Axle Long","Buses"',
        *(f"{n},{start},1,{100 + n % 7},9,2" for n, start in enumerate(quarters, 1)),
    ]


def _by_channel() -> list[str]:
    quarters = (
        f"5/13/2024,{hour % 12 or 12}:{minute:02d} {'AP'[hour // 12]}M" for hour in HOURS for minute in (0, 15, 30, 45)
    )
    return ['"Number","Date","Time","Channel 1"', *(f"{n},{start},{90 + n}" for n, start in enumerate(quarters))]


def _per_vehicle() -> list[str]:
    seconds = range(6 * 3600, 9 * 3600, 47)
    return [
        "Veh. No., Date, Time, Channel, Class, Speed",
        *(
            f"{n}, 5/13/2024, {s // 3600}:{s // 60 % 60:02d}:{s % 60:02d} AM, 1, {2 + n % 8}, {50 + n % 9}"
            for n, s in enumerate(seconds, 1)
        ),
    ]


def _junction() -> list[str]:
    rows = (
        f"{stream},{kind},{hour:02d}:{minute:02d},{hour:02d}:{minute + 15:02d},{pkw},3,"
        for stream, kind, pkw in (
            ("A1", "Z\N{LATIN SMALL LETTER A WITH DIAERESIS}hlstrom", 200),
            ("A2", "summierter Strom", 400),
        )
        for hour in range(6, 10)
        for minute in (0, 15, 30)
    )
    return ["kennung,stromtyp,intervall_start,intervall_ende,pkw,lkw,kommentar", *rows]


def _bast() -> list[str]:
    rows = (f"9999;4321;BY;A;3;2405{day:02d};1;w;{hour + 1};900;-;100;-" for day in (6, 7) for hour in HOURS)
    header = "TKNR;Zst;Land;Strklas;Strnum;Datum;Wotag;Fahrtzw;Stunde;KFZ_R1;K_KFZ_R1;Lkw_R1;K_Lkw_R1"
    return [header, *rows]


def _webtris() -> list[str]:
    bins = "0 - 520 cm,521 - 660 cm,661 - 1160 cm,1160+ cm"
    ends = ((hour, minute) for hour in HOURS for minute in (14, 29, 44, 59))
    return [
        f"Site Name,Report Date,Time Period Ending,Time Interval,{bins},Avg mph,Total Volume",
        *(
            f"M1/1,2024-05-06T00:00:00,{hour:02d}:{minute}:00,{number},150,20,9,11,61,190"
            for number, (hour, minute) in enumerate(ends)
        ),
    ]


def _recorded_vehicles() -> list[str]:
    rows = (
        f"{n:06d} 060524 {s // 3600:02d}{s // 60 % 60:02d} {s % 60:02d} 00 000000  {1 + n % 2} 1  9.0"
        f"  8.0  {50 + n % 9}   431    {(3, 3, 5)[n % 3]:2d}  L"
        for n, s in enumerate(range(6 * 3600, 7 * 3600, 61), 1)
    )
    return [
        *("* BEGIN", "* FORMAT = VBV-1", "* SITE = 42", "* STARTREC = 06:00 06/05/24", "* STOPREC = 07:00 06/05/24"),
        *(
            "* CLASS = SWISS10",
            "* HEAD DDMMYY HHMM SS HH RESCOD  L D HEAD  GAP SPD LENTH    CS CH",
            *rows,
            "* END 68 FFFF",
        ),
    ]


def _recorded_intervals() -> list[str]:
    rows = (
        f"060524 {hour:02d}00 1 00 {view} {bins}"
        for hour in range(7, 13)
        for view, bins in (("01", f"{90 + hour:04d} 0010"), ("02", f"0000 0000 {90 + hour:04d} 0010"))
    )
    return [
        *(
            "* BEGIN",
            "* FORMAT = INT-2",
            "* SITE = 42",
            "* INTERVAL = 60",
            "* INTSPEC = LEN + CLS",
            "* CLASS = SWISS10",
        ),
        *("* HEAD HHMM C       LN 1 LN 2", "* HEAD HHMM C       CS 1 CS 2 CS 3 CS 4", *rows, "* END 21 FFFF"),
    ]


def _guide_volumes() -> list[str]:
    return [f"31701000123{lane}202405062{''.join(f'{90 + hour:05d}' for hour in HOURS)}0" for lane in ("11", "12")]


def _guide_classes() -> list[str]:
    counts = "".join(f"{number:5d}" for number in (100, 0, 70, 15, 2, 5, 0, 0, 1, 7, 0, 0, 0, 0))
    return [f"C170001231120240506{hour:02d} {counts}" for hour in HOURS]


def _norway() -> list[str]:
    return [
        "Trafikkregistreringspunkt;Navn;Fra;Til;Fra tidspunkt;Felt;Trafikkmengde;Dekningsgrad (%);< 5,6m;5,6m - 7,6m",
        *(
            f"1V1;E6;2024-05-06T{hour:02d}:00+02:00;x;{hour:02d}:00;{lane};{90 + hour};100,0;{80 + hour};10"
            for hour in HOURS
            for lane in ("1", "Totalt")
        ),
    ]


def _days_and_hours() -> list[str]:
    rows = (f"M1;{day:02d}.05.2024;{hour};1,0;{500 + hour};{450 + hour};50" for day in (6, 7, 8) for hour in HOURS)
    return ["site;day;hour;quality;all;cars;lorries", *rows]


def _offsets() -> list[str]:
    rows = (f"7,2024-05-{day:02d}T{hour:02d}:00:00+02:00,{300 + hour}.0" for day in (6, 7) for hour in HOURS)
    return ["road,time,flow", *rows]


def _wide_day() -> list[str]:
    header = ",".join(f"V{quarter:02d}" for quarter in range(96))
    rows = (
        f"9,{lane},{day:02d}/05/2024," + ",".join(str(20 + q % 9) for q in range(96)) for lane in "AB" for day in (6, 7)
    )
    return [f"site,lane,date,{header}", *rows]


def _six_minutes() -> list[str]:
    starts = (f"{hour:02d}:{minute:02d}" for hour in HOURS for minute in range(0, 60, 6))
    return ["heure;debit", *(f"{start};{30 + number % 7}.25" for number, start in enumerate(starts))]


def _mapped_vehicles() -> list[str]:
    seconds = range(6 * 3600, 9 * 3600, 47)
    times = (f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}" for s in seconds)
    return ["time,kind", *(f"13/05/2024 {time},{2 + n % 3}" for n, time in enumerate(times))]


def rows_shuffled(lines: list[str], dice: random.Random) -> list[str]:
    first = dice.choice((0, 2, 2, 2))
    body = lines[first:]
    dice.shuffle(body)
    return lines[:first] + body


def rows_doubled(lines: list[str], dice: random.Random) -> list[str]:
    body = lines[2:] or lines
    return lines + dice.sample(body, min(len(body), dice.choice((1, 5, len(body)))))


def rows_lost(lines: list[str], dice: random.Random) -> list[str]:
    start = dice.randrange(len(lines))
    return lines[:start] + lines[start + dice.choice((1, 1, 10, 60)) :]


def cut_in_mid_line(lines: list[str], dice: random.Random) -> list[str]:
    kept = lines[: 1 + dice.randrange(len(lines))]
    return [*kept[:-1], kept[-1][: dice.randrange(len(kept[-1]) + 1)]]


def other_cell(lines: list[str], dice: random.Random) -> list[str]:
    mark, number = _mark(lines), dice.randrange(len(lines))
    cells = lines[number].split(mark)
    cells[dice.randrange(len(cells))] = dice.choice(CELLS)
    return [*lines[:number], mark.join(cells), *lines[number + 1 :]]


def other_column(lines: list[str], dice: random.Random) -> list[str]:
    """Write the same in a whole column, or after every cell of it."""
    mark, text, place, behind = _mark(lines), dice.choice(CELLS), dice.randrange(8), dice.random() < 0.5
    rows = [line.split(mark) for line in lines]
    for row in rows[dice.choice((0, 2)) :]:
        if place < len(row):
            row[place] = row[place] + text if behind else text
    return [mark.join(row) for row in rows]


def column_lost(lines: list[str], dice: random.Random) -> list[str]:
    mark, place = _mark(lines), dice.randrange(8)
    return [mark.join(cell for number, cell in enumerate(line.split(mark)) if number != place) for line in lines]


def column_doubled(lines: list[str], dice: random.Random) -> list[str]:
    mark, place = _mark(lines), dice.randrange(8)
    rows = (line.split(mark) for line in lines)
    return [mark.join([*row, *row[place : place + 1]]) for row in rows]


def separators_mixed(lines: list[str], dice: random.Random) -> list[str]:
    mark, other, share = _mark(lines), dice.choice(";,\t |"), dice.choice((0.1, 0.5, 1.0))
    return [line.replace(mark, other) if dice.random() < share else line for line in lines]


def decimal_commas(lines: list[str], dice: random.Random) -> list[str]:
    mark, share, tail = _mark(lines), dice.choice((0.1, 1.0)), dice.choice((",5", ",123", ".0", "e3", " 000"))
    semicolons = dice.random() < 0.5
    lines = [line.replace(mark, ";") if semicolons else line for line in lines]
    return [line + tail if line[:1].isdigit() and dice.random() < share else line for line in lines]


def other_years(lines: list[str], dice: random.Random) -> list[str]:
    for old in ("2024", "2405"):
        new = dice.choice(("1949", "1950", "2100", "0000", "9999", "24", "2023"))[-len(old) :]
        lines = [line.replace(old, new) if dice.random() < dice.choice((0.02, 1.0)) else line for line in lines]
    return lines


def other_numbers(lines: list[str], dice: random.Random) -> list[str]:
    digit, other = dice.choice("0123456789"), dice.choice(("", "-", "9" * 30, "0", "\N{ARABIC-INDIC DIGIT ONE}", "."))
    return [line.replace(digit, other) if dice.random() < 0.05 else line for line in lines]


def joined_to_itself(lines: list[str], dice: random.Random) -> list[str]:
    return lines + lines[dice.choice((0, 2)) :]


def strange_line(lines: list[str], dice: random.Random) -> list[str]:
    place = dice.randrange(len(lines) + 1)
    return [*lines[:place], dice.choice(LINES), *lines[place:]]


def _mark(lines: list[str]) -> str:
    return max(";,\t", key=lambda mark: sum(mark in line for line in lines))


def dates_in_another_order(lines: list[str], dice: random.Random) -> list[str]:
    share = dice.choice((0.1, 1.0))
    return [
        re.sub(r"(\d\d)([./])(\d\d)([./]\d{4})", r"\3\2\1\4", line) if dice.random() < share else line for line in lines
    ]


def nul(content: bytes, dice: random.Random) -> bytes:
    place = int(dice.random() * len(content))
    return content[:place] + bytes(dice.choice((1, 512))) + content[place:]


def noise(_content: bytes, dice: random.Random) -> bytes:
    return dice.randbytes(dice.randrange(2000))


def encoded(content: bytes, dice: random.Random) -> bytes:
    text = content.decode(errors="replace")
    codec = dice.choice(
        ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1250", "cp437", "utf-8-sig", "cp037")
    )
    return text.encode(codec, "replace")


CELLS = (
    *("", "0", "-1", "1e9", "nan", "inf", "-", "n/a", "1.234", "1,5", "1 234", "9" * 13, "9" * 400, "0x10", "+5"),
    *('"', '""', "'", "#", "=A1", "[b]", "\x1b[31m", "\u200b5", "\N{ARABIC-INDIC DIGIT ONE}", "\ufeff", "\u2212" + "5"),
    *("24:00", "00:00", "12:60", "6:15 PM", "2024-02-30", "2024-05-06T07:00Z", "31/4/2024", "total", "car", "start"),
    *("Summe", "5/6/24", "00:14:00", "1.7976931348623157e308"),
)
LINES = (
    "",
    ",,,,",
    ";;;",
    "#",
    "# minutes: 15",
    "# minutes: 0",
    "Total,1,2,3",
    "start,total",
    '"',
    "\x1a",
    "x" * 140_000,
)
WHOLE: dict[str, Callable[[], list[str]]] = {
    "own": _own,
    "own dated": _own_dated,
    "hourly": _hourly,
    "by class": _by_class,
    "by channel": _by_channel,
    "per vehicle": _per_vehicle,
    "junction": _junction,
    "bast": _bast,
    "two channels": lambda: [line.replace("M, 1", "M, 2") if line.endswith("7") else line for line in _per_vehicle()],
    "webtris": _webtris,
    "vbv-1": _recorded_vehicles,
    "int-2": _recorded_intervals,
    "tmg-volume": _guide_volumes,
    "tmg-class": _guide_classes,
    "trafikkdata": _norway,
}
OF_LINES: tuple[Callable[[list[str], random.Random], list[str]], ...] = (
    rows_shuffled,
    rows_doubled,
    rows_lost,
    cut_in_mid_line,
    other_cell,
    other_cell,
    other_column,
    column_lost,
    column_doubled,
    separators_mixed,
    decimal_commas,
    other_years,
    other_numbers,
    joined_to_itself,
    strange_line,
    dates_in_another_order,
)
OF_BYTES = (cut, flipped, nul, noise, encoded)
_HOURLY_BY_DAY = {"sep": ";", "time": "day", "format": "%d.%m.%Y", "hour": "hour", "label": "start", "minutes": 60}
MAPPED: dict[str, tuple[Callable[[], list[str]], dict[str, object]]] = {
    "days and hours": (
        _days_and_hours,
        {
            **_HOURLY_BY_DAY,
            "stream": "site",
            "counts": {"cars": "car", "lorries": "lorry"},
            "total": "all",
            "quality": {"column": "quality", "least": 1.0},
        },
    ),
    "offsets": (
        _offsets,
        {"time": "time", "format": "%Y-%m-%dT%H:%M:%S%z", "label": "start", "minutes": 60, "total": "flow"},
    ),
    "wide": (
        _wide_day,
        {
            "time": "date",
            "format": "%d/%m/%Y",
            "minutes": 15,
            "wide": "V[0-9]*",
            "stream": "site",
            "channel": "lane",
            "missing": ["-1"],
        },
    ),
    "six minutes": (
        _six_minutes,
        {"sep": ";", "time": "heure", "format": "%H:%M", "label": "start", "minutes": 6, "total": "debit"},
    ),
    "vehicles": (
        _mapped_vehicles,
        {
            "time": "time",
            "format": "%d/%m/%Y %H:%M:%S",
            "each_row": "vehicle",
            "class_column": "kind",
            "classes": {"2": "car", "3": "van", "4": "lorry"},
        },
    ),
}
"""Layouts that no format fits, each with its mapping."""
