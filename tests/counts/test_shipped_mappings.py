"""Each shipped mapping reads a small file of its layout, by itself and by name; real files have their known totals."""

import gzip
import io
import re
import zipfile

import polars as pl
import pytest

from funnelsim.counts import describe, profile, read_counts
from funnelsim.counts.mapping_file import mapping_of, shipped
from funnelsim.counts.shipped_mappings import RECOGNISED_BY
from funnelsim.errors import CountsError

QUARTERS = ",".join(f"V{number:02d}" for number in range(96))
HOURS = ",".join(
    f"{hour % 12 or 12}:00-{(hour + 1) % 12 or 12}:00{'AM' if (hour + 1) % 24 < 12 else 'PM'}" for hour in range(24)
).replace("12:00-1:00AM", "12:00-1:00 AM")
DFT = (
    "count_point_id,direction_of_travel,year,count_date,hour,road_name,pedal_cycles,two_wheeled_motor_vehicles,"
    "cars_and_taxis,buses_and_coaches,lgvs,hgvs_2_rigid_axle,hgvs_3_rigid_axle,hgvs_4_or_more_rigid_axle,"
    "hgvs_3_or_4_articulated_axle,hgvs_5_articulated_axle,hgvs_6_articulated_axle,all_hgvs,all_motor_vehicles"
)

FILES = {
    "de-berlin-detectors": (
        (
            "mq_name;tag;stunde;qualitaet;q_kfz_mq_hr;v_kfz_mq_hr;q_pkw_mq_hr;v_pkw_mq_hr;q_lkw_mq_hr;v_lkw_mq_hr\n"
            "TE9;06.05.2024;7;1.0;101;50;90;50;10;48\nTE9;06.05.2024;8;2.0;60;50;60;50;0;-1\n"
        ),
        {420: {"car": 90, "lorry": 10}, 480: {"car": 60, "lorry": 0}},
    ),
    "uk-tris-15min": (
        (
            "Local Date, Local Time, Day Type ID, Total Carriageway Flow, Total Flow vehicles less than 5.2m, Total "
            "Flow vehicles 5.21m - 6.6m, Total Flow vehicles 6.61m - 11.6m, Total Flow vehicles above 11.6m, "
            "Speed Value\n"
            "16/05/2024,7:15:00,1,20,12,3,2,3,100.5\n16/05/2024,7:00:00,1,10,7,1,1,1,101\n"
        ),
        {420: {"car": 7, "van": 1, "lorry": 2}, 435: {"car": 12, "van": 3, "lorry": 5}},
    ),
    "fr-paris-hours": (
        (
            "Identifiant arc;Libelle;Date et heure de comptage;Débit horaire;Taux d'occupation;Etat trafic\n"
            "7;Rue;2024-10-27T02:00:00+02:00;30.0;1;Fluide\n7;Rue;2024-10-27T02:00:00+01:00;50.0;1;Fluide\n"
            "7;Rue;2024-10-27T03:00:00+01:00;60.0;1;Fluide\n7;Rue;2024-10-27T04:00:00+01:00;;;Inconnu\n"
        ),
        {120: {"total": 40}, 180: {"total": 60}},
    ),
    "us-new-york-hours": (
        (
            f"ID,Segment ID,Roadway Name,From,To,Direction,Date,{HOURS}\n"
            f"1,2,LAKE STREET,A,B,NB,05/16/2024,{','.join(map(str, range(23)))},\n"
        ),
        {hour * 60: {"total": hour} for hour in range(23)},
    ),
    "au-scats-15min": (
        (
            f"NB_SCATS_SITE,QT_INTERVAL_COUNT,NB_DETECTOR,{QUARTERS},NM_REGION,CT_RECORDS,QT_VOLUME_24HOUR,CT_ALARM_24HOUR\n"
            f"100,2024-05-16,1,-1022,{','.join(map(str, range(1, 96)))},X,1,1,0\n"
        ),
        {number * 15: {"total": number} for number in range(1, 96)},
    ),
    "fr-siredo-6min": (
        "heure;vitesse;debit;occupation\n"
        + "".join(f"07:{6 * number:02d};80.1;{10 + number}.5;0.01\n" for number in range(10)),
        {420: {"total": 62.5}, 450: {"total": 87.5}},
    ),
    "no-api-hours": (
        (
            "point_id,from,to,volume,coverage,name,lat,lon\n"
            "1V1,2024-05-16 07:00:00+02:00,2024-05-16 08:00:00+02:00,400,100.0,E6,59,10\n"
            "1V1,2024-05-16 08:00:00+02:00,2024-05-16 09:00:00+02:00,300,62.0,E6,59,10\n"
        ),
        {420: {"total": 400}, 480: {"total": 300}},
    ),
    "uk-dft-raw": (
        (
            f"{DFT}\n42,N,2024,2024-05-16,7,M1,5,1,80,2,10,1,1,0,0,2,3,7,100\n"
            "42,N,2024,2024-05-16,8,M1,0,0,60,0,5,0,0,0,1,0,0,1,66\n"
        ),
        {420: {"car": 81, "coach": 2, "van": 10, "lorry": 7}, 480: {"car": 60, "coach": 0, "van": 5, "lorry": 1}},
    ),
}


def hours_of(counts):
    found = {}
    for start, kind, vehicles in profile(counts).table.select("start_min", "class", "vehicles").iter_rows():
        found.setdefault(start, {})[kind] = vehicles
    return found


def test_every_shipped_mapping_is_tested_and_recognised():
    assert set(FILES) == set(RECOGNISED_BY) == set(shipped())


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_its_layout_is_recognised_and_read(write, name):
    text, right = FILES[name]
    counts = read_counts(write(text))
    assert counts.format == f"mapping {name}"
    assert hours_of(counts) == right
    assert counts.table.equals(read_counts(write(text), mapping=name).table)


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_wrong_with_it(name):
    assert mapping_of(name)[1] == name


def test_capital_letters_of_column_names_do_not_matter(write):
    text, right = FILES["uk-dft-raw"]
    header = DFT.replace("lgvs", "LGVs").replace("hgvs", "HGVs").replace("all_", "All_").replace("count_p", "Count_p")
    assert hours_of(read_counts(write(text.replace(DFT, header)))) == right


def test_what_the_agency_doubts_is_named(write):
    berlin = read_counts(write(FILES["de-berlin-detectors"][0]))
    assert any("qualitaet is above 1 in 1 interval" in said for said in berlin.warnings)
    assert not any("add up" in said for said in berlin.warnings)
    norway = read_counts(write(FILES["no-api-hours"][0]))
    assert any("coverage is below 95" in said for said in norway.warnings)


@pytest.mark.parametrize("name", ["gzip", "zip"])
def test_an_archive_of_one_file_is_opened(write, name):
    data = FILES["de-berlin-detectors"][0].encode()
    if name == "zip":
        memory = io.BytesIO()
        with zipfile.ZipFile(memory, "w") as archive:
            archive.writestr("hours.csv", data)
        data = memory.getvalue()
    counts = read_counts(write(gzip.compress(data) if name == "gzip" else data))
    assert counts.table["vehicles"].sum() == 160


@pytest.mark.parametrize(
    ("name", "sums"),
    [
        ("de_berlin_hours.csv", {"q_pkw_mq_hr": 28_551, "q_lkw_mq_hr": 624}),
        ("de_berlin_hours.csv.gz", {"q_pkw_mq_hr": 28_551, "q_lkw_mq_hr": 624}),
        ("fr_paris_hours_utc_offset.csv", {"total": 11_932}),
        ("fr_siredo_6min_mean_weekday.csv", {"total": 23_749.67}),
        ("us_nyc_wide_hours.csv", {"total": 55_262}),
        ("no_api_hours.csv", {"total": 63_500}),
    ],
)
def test_real_files_have_their_known_totals(real, name, sums):
    counts = read_counts(real(f"counts_more/{name}"))
    found = dict(counts.table.group_by("class").agg(pl.col("vehicles").sum()).iter_rows())
    assert {kind: round(vehicles, 2) for kind, vehicles in found.items()} == sums


def test_real_peaks_and_choices_are_the_known_ones(real):
    norway = read_counts(real("counts_more/no_api_hours.csv"))
    said = re.sub(r"\s+", " ", describe(norway))
    assert "Rv. 150 Ulvensplitten: 56,242 vehicles; peak hour 4,053 vehicles, Tue 05 May 2026 07:00 to 08:00" in said
    with pytest.raises(CountsError, match="choose the stream"):
        profile(norway)
    with pytest.raises(CountsError, match=r"line 7: .*lines 6, 7"):
        read_counts(real("counts_more/us_nyc_wide_hours_twice.csv"))


def test_real_classes_that_are_missing_or_differ_are_named(real):
    tris = read_counts(real("counts_more/uk_tris_15min.csv"))
    shares = tris.table.filter(pl.col("class") != "total")["vehicles"].sum()
    assert (tris.table["vehicles"].sum(), shares) == (7_484, 4_850)
    assert "Total Flow vehicles less than 5.2m     4,480  92.4%" in describe(tris)
    assert any("21 intervals have a total but no classes on Tue 14 Jan 2014" in said for said in tris.warnings)
    differs = read_counts(real("counts_more/uk_tris_15min_sum_differs.csv"))
    assert any("line 6: 536 against 344 on Sun 26 Oct 2014 00:00" in said for said in differs.warnings)
