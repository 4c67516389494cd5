"""How agencies call their columns, in the languages of Europe: by these words a draft of a mapping guesses."""

import re
from typing import Final

from funnelsim.counts.mapped_doubts import BICYCLES

HOUR: Final = re.compile(
    r"(?i)^(hour|hr|std|stunde|heure|hora|ora|ura|sat|godzina|godz|uhrzeit|timme?|time|klokkeslett|uur)\b"
)
DIRECTION: Final = re.compile(
    r"(?i)direction|direzione|direc[cç]|sentido|smer\b|smjer|kierunek|richtung|sens|retning|riktning|lane|corsia|carril|"
    r"fahrstreifen|spur|voie|felt|channel|kanal|detector|detektor|(^|_)dir$|^ri$"
)
SITE: Final = re.compile(
    r"(?i)mjesto|punkt|postazione|strada|posto|estaci[oó]n|esta[cç][aã]o|tramo|vejnr|veinr|z[aä]hlstelle|locpost|cosit"
)
OTHER_NUMBERS: Final = re.compile(
    r"(?i)%|km/?h|(?<![a-z])(speeds?|v|vmed|vh|vitesse|velocid\w*|velocit\w*|geschw\w*|hastighet|mph|occ\w*|ocupa\w*|"
    r"occupa\w*|belegung|carga|taux|anteil|lat\w*|lon\w*|lng|x|y|km|east\w*|north\w*|id|ids|nr|no|number|code|year|month|day|"
    r"jahr|monat|quality|qualit\w*|coverage|type|percent\w*|perc|avg|average|headway|gap|temp\w*|error|version|index|"
    r"seq|period\w*|weight|length|duration|axles?)(?![a-z])|(?-i:[a-z](Speed|Occupancy|Error|Version|Inputs|InputValuesUsed)\b)"
)
QUALITY: Final = re.compile(r"(?i)quality|qualit|coverage|dekning|valid")
FLOW: Final = re.compile(
    r"(?i)volume|flow|d[eé]bit|intensi\w+|vehicles|fahrzeuge|veicoli|vozila|antall|trafi[ck]|comptage|count"
)
RATE: Final = re.compile(r"(?i)flow|d[eé]bit|intensi|/ ?h|per hour|hourly|st[uü]nd")
"""Numbers that may be vehicles per hour in shorter intervals."""

CLASS_COLUMN: Final = re.compile(
    r"(?i)(class([ _]?(name|weight))?|klasse|category|kategori\w*|cat[eé]gorie|vehiclecharacteristics|"
    r"classification([ _]seq)?|(vehicle|fordons|voertuig|kj[oø]ret[oø]y)[ _]?(type|kind)?)$"
)
NO_PLACE: Final = re.compile(r"(?i)class|klasse|categor|kategori|status|version")
"""Columns that describe, though they are called names."""

ONE_WAY: Final = re.compile(
    r"(?i)^((n|s|e|w)b|(north|south|east|west)(bound)?|(dir|ri|direction|richtung|sens|retning)[ ]?[0-9])\b|"
    r"\b((n|s|e|w)b|(north|south|east|west)bound|(dir|ri|direction|richtung|sens|retning)[ ]?[0-9])$"
)
"""Columns that count one direction."""

LANE: Final = re.compile(r"(?i)^(lane|fahrstreifen|spur|voie|felt|corsia|carril|l)[ ]?[0-9]+$")

DATE_PARTS: Final = {
    "%Y": re.compile(r"(?i)^(year|jahr|ann[eé]e|anno|a[nñ]o|[aå]r|rok|godina|leto)$"),
    "%m": re.compile(r"(?i)^(month|monat|mois|mese|mes|m[aå]ned|miesi[aą]c|mjesec|mesec)$"),
    "%d": re.compile(r"(?i)^(day|tag|jour|giorno|d[ií]a|dag|dzie[nń]|dan)$"),
}
CLOCK_PARTS: Final = {
    "%H": HOUR,
    "%M": re.compile(r"(?i)^(minutes?|min)$"),
    "%S": re.compile(r"(?i)^(seconds?|sekunden?|sec)$"),
}
OF_A_VEHICLE: Final = re.compile(
    r"(?i)^(headway|gap|length|speed|numberofaxles|axles|axleweights|laenge|geschwindigkeit)$"
)

_CLASSES: Final = {
    "-": BICYCLES,
    "coach": re.compile(r"(?i)\bbus(es|se)?\b|coach|autobus"),
    "lorry": re.compile(r"(?i)lkw|lorr|truck|hgv|camion|poids|heavy|lastbil|tung|vrachtauto|tovorn"),
    "van": re.compile(r"(?i)\bvans?\b|lgv|lfw|liefer|light goods|varebil|dostav"),
    "camper": re.compile(r"(?i)camper|motorhome|wohnmobil"),
    "car": re.compile(r"(?i)pkw|\bcars?\b|voiture|personbil|\bauto\b|osebn"),
}


def words_of(name: str) -> str:
    """Return a name as words with blanks between them."""
    return re.sub(r"[_\W]+", " ", name).strip()


def class_of(name: str) -> str:
    """Return the class of a scenario that a name tells, or nothing; two classes in one name tell nothing.

    Examples
    --------
    >>> class_of("nb_truck"), class_of("Sonstige")
    ('lorry', '')
    """
    kinds = [kind for kind, pattern in _CLASSES.items() if pattern.search(words_of(name))]
    return kinds[0] if len(kinds) == 1 else ""
