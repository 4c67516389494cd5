"""Draw docs/figures/funnel.svg, the picture of a funnel on the first screen of the README.

Traffic runs from left to right. Lengths are pixels of the picture, not metres.
"""

from pathlib import Path

FILE = Path(__file__).with_suffix(".svg")

WIDTH, HEIGHT = 1200, 470
ROAD, LINE, TEXT = "#d5d9df", "#ffffff", "#24292f"
VEHICLE, SELECTED, OFFICER, CONE = "#4a6a8a", "#c8502e", "#1f7a5c", "#e08a1e"
AREA, SPACE = "#e9efe6", "#b9c7b3"

LANE = 44  # width of a lane
TOP = 130  # upper edge of the road
UPPER, LOWER = TOP + LANE / 2, TOP + 1.5 * LANE  # middle of each lane
TAPER = (520, 640)  # where two lanes become one
POST = 900  # the selection point
JUNCTION = 150
TAIL = 330


def rectangle(x: float, y: float, width: float, height: float, fill: str, radius: float = 0) -> str:
    """Return a filled rectangle from its upper left corner."""
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{radius:g}" fill="{fill}"/>'


def polygon(fill: str, *points: tuple[float, float]) -> str:
    """Return a filled polygon."""
    return f'<polygon points="{" ".join(f"{x:g},{y:g}" for x, y in points)}" fill="{fill}"/>'


def vehicle(x: float, y: float, fill: str = VEHICLE, length: float = 30) -> str:
    """Return a vehicle, seen from above, around its middle."""
    return rectangle(x - length / 2, y - 8, length, 16, fill, 4)


def officer(x: float, y: float) -> str:
    """Return an officer."""
    return f'<circle cx="{x:g}" cy="{y:g}" r="7" fill="{OFFICER}"/>'


def cone(x: float, y: float) -> str:
    """Return a traffic cone."""
    return polygon(CONE, (x - 5, y + 5), (x + 5, y + 5), (x, y - 7))


def words(x: float, y: float, *lines: str, anchor: str = "start", fill: str = TEXT, weight: str = "normal") -> str:
    """Return lines of text, one below the other."""
    style = f'x="{x:g}" text-anchor="{anchor}" fill="{fill}" font-weight="{weight}"'
    return "".join(f'<text {style} y="{y + 24 * row:g}">{line}</text>' for row, line in enumerate(lines))


def arrow(path: str, colour: str = TEXT) -> str:
    """Return a thin line along an SVG path, with a head at its end."""
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2.5" marker-end="url(#head)"/>'


def road() -> str:
    """Return the road: two lanes, the taper, the single lane, and two lanes again behind the funnel."""
    bottom, single = TOP + 2 * LANE, TOP + LANE
    end = POST + 130
    outline = [(0, TOP), (WIDTH, TOP), (WIDTH, bottom), (end, bottom), (POST + 40, single)]
    outline += [(TAPER[1], single), (TAPER[0], bottom), (0, bottom)]
    ramp = [(JUNCTION - 110, 300), (JUNCTION - 70, 300), (JUNCTION + 60, bottom), (JUNCTION - 50, bottom)]
    dashes = (
        f'<path d="M0 {single:g}H{TAPER[0] - 20}M{end + 10} {single:g}H{WIDTH}" stroke="{LINE}" stroke-width="3" '
        f'stroke-dasharray="16 14"/>'
    )
    steps = range(9)
    along = [(TAPER[0] + 15 * step, bottom - (bottom - single) * 15 * step / (TAPER[1] - TAPER[0])) for step in steps]
    behind = [(x, single) for x in range(TAPER[1] + 30, POST - 20, 30)]
    return polygon(ROAD, *outline) + polygon(ROAD, *ramp) + dashes + "".join(cone(x, y) for x, y in along + behind)


def area() -> str:
    """Return the area, with two waiting spaces, three bays, and the way into it."""
    way = (
        f'<path d="M{POST + 8} {UPPER:g}C{POST + 80} {UPPER:g} {POST - 24} 346 {POST + 64} 346" fill="none" '
        f'stroke="{ROAD}" stroke-width="30"/>'
    )
    spaces = [rectangle(POST + 62 + 46 * place, 334, 40, 24, SPACE, 3) for place in range(2)]
    bays = [rectangle(POST + 180, 280 + 42 * bay, 84, 30, SPACE, 3) for bay in range(3)]
    inside = [
        vehicle(POST + 82, 346, SELECTED),
        vehicle(POST + 214, 295, SELECTED),
        vehicle(POST + 214, 337, SELECTED, 40),
    ]
    crews = [officer(POST + 246, 290), officer(POST + 246, 332), officer(POST + 246, 344)]
    return "".join([way, rectangle(POST + 45, 266, 240, 146, AREA, 8), *spaces, *bays, *inside, *crews]) + arrow(
        f"M{POST + 8} {UPPER:g}C{POST + 80} {UPPER:g} {POST - 24} 346 {POST + 56} 346", SELECTED
    )


def traffic() -> str:
    """Return the vehicles: free ones upstream, the queue, the one at the post, and those that were let pass."""
    free = [vehicle(40, UPPER), vehicle(215, LOWER), vehicle(255, UPPER, length=46)]
    queue = [vehicle(x, y) for x in range(TAIL + 16, TAPER[0] - 20, 42) for y in (UPPER, LOWER)]
    lane = [vehicle(x, UPPER, length=46 if x == 616 else 30) for x in (526, 570, 616, 662, 706, 750, 794, 838)]
    passed = [vehicle(POST + 120, UPPER), vehicle(POST + 250, LOWER)]
    return "".join([*free, *queue, *lane, vehicle(POST - 16, UPPER, SELECTED), *passed, officer(POST - 6, TOP - 14)])


def labels() -> str:
    """Return what the picture says, in the order in which a vehicle meets it."""
    length = TOP + 2 * LANE + 26
    return "".join(
        [
            words(JUNCTION - 118, 326, "junction"),
            words(TAPER[1] - 60, TOP - 22, "1  Traffic is slowed into one lane", anchor="middle", weight="bold"),
            words(
                POST - 6,
                TOP - 84,
                "2  An officer looks at every",
                "vehicle that rolls past",
                anchor="middle",
                weight="bold",
            ),
            words(WIDTH - 16, TOP - 18, "let pass", anchor="end"),
            arrow(f"M{WIDTH - 90} {TOP + LANE / 2:g}H{WIDTH - 16}"),
            words(POST + 285, 438, "3  Some are diverted and inspected", anchor="end", weight="bold"),
            words(POST + 64, 326, "waiting"),
            words(POST + 190, 274 - 14, "bays"),
            arrow(f"M70 {UPPER:g}H{JUNCTION - 10}"),
            arrow(f"M{TAPER[0]} {length}H{TAIL + 4}"),
            words((TAIL + TAPER[0]) / 2, length + 28, "queue", anchor="middle"),
            words(290, 372, "4  Divert more, and more is found, until the area is full:", weight="bold"),
            words(290, 398, "the lane stops, and the queue grows towards the junction.", weight="bold"),
        ]
    )


def picture() -> str:
    """Return the whole picture as SVG."""
    head = (
        '<defs><marker id="head" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="7" markerHeight="7" orient="auto">'
        f'<path d="M0 0L10 5L0 10z" fill="{TEXT}"/></marker></defs>'
    )
    parts = [head, rectangle(0, 0, WIDTH, HEIGHT, "#ffffff"), road(), area(), traffic(), labels()]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'font-family="Helvetica, Arial, sans-serif" font-size="20">\n'
        "<title>A roadside funnel, seen from above</title>\n" + "\n".join(parts) + "\n</svg>\n"
    )


if __name__ == "__main__":
    FILE.write_text(picture(), encoding="utf-8")
