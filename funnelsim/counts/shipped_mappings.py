"""The mappings that are shipped: the columns by which a file of each kind is recognised."""

from typing import Final

from funnelsim.counts.csv_file import CsvFile

RECOGNISED_BY: Final[dict[str, tuple[str, ...]]] = {
    "au-scats-15min": ("nb_scats_site", "qt_interval_count", "nb_detector", "v00", "v95"),
    "de-berlin-detectors": ("mq_name", "tag", "stunde", "qualitaet", "q_kfz_mq_hr", "q_pkw_mq_hr", "q_lkw_mq_hr"),
    "fr-paris-hours": ("identifiant arc", "libelle", "date et heure de comptage", "débit horaire"),
    "fr-siredo-6min": ("heure", "vitesse", "debit", "occupation"),
    "no-api-hours": ("point_id", "from", "to", "volume", "coverage", "name"),
    "uk-dft-raw": ("count_point_id", "direction_of_travel", "count_date", "hour", "all_hgvs", "all_motor_vehicles"),
    "uk-tris-15min": ("local date", "local time", "total carriageway flow", "total flow vehicles less than 5.2m"),
    "us-new-york-hours": ("roadway name", "from", "to", "direction", "date", "12:00-1:00 am", "1:00-2:00am"),
}
"""By mapping, columns of its files, written as by `column_name`."""


def shipped_mapping_of(file: CsvFile) -> str | None:
    """Return the name of the shipped mapping whose columns a file has, if there is one."""
    return next((name for name, columns in RECOGNISED_BY.items() if file.has_columns(*columns)), None)
