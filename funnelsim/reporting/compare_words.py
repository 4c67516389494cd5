"""What a comparison says: what one plan finds and costs instead of another, and whether the difference matters."""

import math
import textwrap
from collections.abc import Iterator, Sequence

from funnelsim.analysis.catalogue import CURRENCY, measure_named
from funnelsim.analysis.estimates import estimate_text, estimate_texts
from funnelsim.analysis.limits import LIMITED, LimitCheck, checks_of
from funnelsim.experiments.compare import Comparison, shared_time
from funnelsim.experiments.differences import Difference
from funnelsim.reporting.bound_words import OF_THE_MOST, bounds_table
from funnelsim.reporting.cost_words import euros_sentence
from funnelsim.reporting.run_words import VERDICTS, days_sentence
from funnelsim.reporting.section import Column, Grid, Section, sentence
from funnelsim.wording import NOTHING, counted, joined, number_text, share_text, two_digits

MOST = 1_000_000  # operations that anybody would wait for
NAME_WIDTH = 14  # characters of the head of a plan's column
NEARLY = 0.95
OFTEN = 0.5  # more targets in an operation: "one more in two operations" says no more
LABELS = {
    "expected_detections": "Targets found",
    "delay_mean_s": "Mean delay, min",
    "delay_p95_s": "P95 delay, min",
    "tail_max_m": "Longest queue, m",
    "ordinary_stops": "Vehicles stopped",
    "ordinary_h": "Vehicle-hours lost",
    "officer_h": "Officer-hours",
    "staff_cost": f"Cost of staff, {CURRENCY}",
}
"""Short labels, with the unit in which values are shown; other measures have those of the catalogue."""


def comparison_sections(comparison: Comparison) -> list[Section]:
    """Return a comparison in plain words: answers, limits, measures, the bound, and what it rests on."""
    sections = table_sections(comparison)
    if (bounds := bounds_table(comparison)) is not None:
        sections.append(Section(f"{OF_THE_MOST}, targets per operation (funnelsim bound)", (bounds,)))
    return [*sections, Section("How far these numbers carry", (reach(comparison), *days(comparison)))]


def table_sections(comparison: Comparison) -> list[Section]:
    """Return the answer for each pair, the limits, and the measures."""
    sections = headline_sections(comparison)
    for first, second in pairs(comparison):
        items: list[str | Grid] = [differences_grid(comparison, first, second)]
        items += open_questions(comparison, first, second)
        sections.append(Section(f"{second} against {first}, per operation", tuple(items)))
    return sections


def headline_sections(comparison: Comparison) -> list[Section]:
    """Return the answer for each pair, and how the limits fare where there are any."""
    answers = [answer(comparison, first, second) for first, second in pairs(comparison)]
    sections = [Section(next(iter(comparison.scenarios.values())).title, tuple(answers))]
    if (limits := limits_table(comparison)) is not None:
        sections.append(Section(f"Limits, to be kept in {wanted_text(comparison)} of operations", (limits,)))
    return sections


def pairs(comparison: Comparison) -> list[tuple[str, str]]:
    """Return the names of the plans that are compared, pair by pair."""
    return list(dict.fromkeys((found.first, found.second) for found in comparison.differences))


def answer(comparison: Comparison, first: str, second: str) -> str:
    """Return what a superior needs: what one plan finds and stops more than another, and how the limits fare."""
    found = {item.measure: item for item in of_pair(comparison, first, second)}
    said = [text for name, phrase in _PHRASES.items() if name in found and (text := phrase(found[name]))]
    changes = joined(said) if said else "no difference seen"
    return " ".join([f"{second} instead of {first}: {changes}.", *_limits_of_both(comparison, first, second)])


def of_pair(comparison: Comparison, first: str, second: str) -> list[Difference]:
    """Return the differences of a pair, measure by measure."""
    return [item for item in comparison.differences if (item.first, item.second) == (first, second)]


def _found(item: Difference) -> str:
    size = abs(item.estimate.mean)
    if item.negligible:
        return f"as many targets found{_up_to(item)}"
    if not item.seen:
        return f"no clear difference in targets found{_up_to(item)}"
    more = _more(item)
    each = f" (one {more} in {counted(round(1.0 / size), 'operation')})" if size <= OFTEN else ""
    return f"{_size(item)} {more} targets found per operation{each}"


def _stopped(item: Difference) -> str:
    if item.negligible:
        return f"as many ordinary vehicles stopped{_up_to(item)}"
    return f"{_size(item)} {_more(item)} ordinary vehicles stopped in each" if item.seen else ""


def _delayed(item: Difference) -> str:
    longer = "longer" if item.estimate.mean > 0.0 else "shorter"
    return f"a P95 delay {_size(item)} min {longer}" if item.seen and not item.negligible else ""


def _worked(item: Difference) -> str:
    return f"{_size(item)} {_more(item)} officer-hours" if item.seen and not item.negligible else ""


def _more(item: Difference) -> str:
    return "more" if item.estimate.mean > 0.0 else "fewer"


_PHRASES = {
    "expected_detections": _found,
    "ordinary_stops": _stopped,
    "delay_p95_s": _delayed,
    "officer_h": _worked,
}


def _size(item: Difference) -> str:
    factor = math.copysign(measure_named(item.measure).unit.factor, item.estimate.mean)
    if math.isfinite(item.estimate.half_width) and not item.estimate.certain:
        return estimate_text(item.estimate, factor)
    return f"{'' if item.estimate.certain else 'about '}{number_text(factor * item.estimate.mean)}"


def _up_to(item: Difference) -> str:
    """Return how large a difference may be; nothing where there is none, or nobody knows."""
    return f" (at most {share_text(_up(item.at_most))} apart)" if math.isfinite(item.at_most) and item.at_most else ""


def checks(comparison: Comparison, name: str) -> tuple[LimitCheck, ...]:
    """Return how the limits of a plan fare."""
    mine = comparison.replications.filter(plan=name)
    operations = {measure: mine[measure].to_numpy() for measure, _ in LIMITED.values() if measure in mine.columns}
    return tuple(checks_of(comparison.scenarios[name].limits, comparison.estimates[name], operations))


def _limits_of_both(comparison: Comparison, first: str, second: str) -> Iterator[str]:
    """Yield how two plans fare under their limits: the ones that both break or keep together."""
    ones, twos = ({check.key: check for check in checks(comparison, name)} for name in (first, second))
    both = [(ones[key], twos[key]) for key in ones if key in twos]
    if both and all(one.kept and two.kept for one, two in both):
        yield f"Both keep {'the limit' if len(both) == 1 else 'all limits'}."
        return
    if broken := [_broken(two, one) for one, two in both if not one.kept and not two.kept]:
        yield f"Both break {joined(broken)}."
    for who, other, mine in ((first, second, 0), (second, first, 1)):
        alone = [pair for pair in both if not pair[mine].kept and pair[1 - mine].kept]
        if alone:
            named = joined([_broken(pair[mine]) for pair in alone])
            yield f"{who} breaks {named}; {other} keeps {'it' if len(alone) == 1 else 'them'}."


def _broken(*of_plans: LimitCheck) -> str:
    """Return a limit with how often it is broken: "P95 delay at most 10 min (in 70 instead of 68 % of operations)"."""
    rules = dict.fromkeys(check.rule_text for check in of_plans)
    what = next(iter(rules)) if len(rules) == 1 else f"their limits on {measure_named(of_plans[0].measure).label}"
    often = dict.fromkeys(map(how_often_broken, of_plans))
    shares = [text for text in often if "%" in text]
    words = [f"in {text}" for text in often if "%" not in text]
    if shares:
        words.append(f"in {' instead of '.join(shares)} of operations")
    return f"{what} ({joined(words)})"


def how_often_broken(check: LimitCheck) -> str:
    """Return in which share of operations a limit is broken, in words where it is nearly always."""
    broken = 1.0 - check.kept_in.mean
    if broken >= 1.0:
        return "every operation"
    return "nearly every operation" if broken >= NEARLY else share_text(broken)


def wanted_text(comparison: Comparison) -> str:
    """Return in which share of operations the limits have to be kept, of all plans."""
    shares = {check.wanted for name in comparison.scenarios for check in checks(comparison, name)}
    return " or ".join(share_text(share) for share in sorted(shares))


def limits_table(comparison: Comparison) -> Grid | None:
    """Return how the limits of each plan fare, a row a limit; None where no plan has one."""
    by_plan = {name: {check.key: check for check in checks(comparison, name)} for name in comparison.scenarios}
    keys = list(dict.fromkeys(key for found in by_plan.values() for key in found))
    if not keys:
        return None
    rows = []
    for key in keys:
        texts = {found[key].rule_text for found in by_plan.values() if key in found}
        same = len(texts) == 1
        label = texts.pop() if same else measure_named(LIMITED[key][0]).label
        cells = (_fares(found[key], with_rule=not same) if key in found else NOTHING for found in by_plan.values())
        rows.append((sentence(label), *cells))
    return Grid((Column("limit", "left"), *(Column(plan_head(name), "left") for name in by_plan)), tuple(rows))


def _fares(check: LimitCheck, *, with_rule: bool) -> str:
    often = f"{round(check.kept_in.mean * check.kept_in.n):,}/{check.kept_in.n:,}"
    return f"{VERDICTS[check.verdict]}, {often}" + (f" (at most {check.value_text})" if with_rule else "")


def plan_head(name: str) -> str:
    """Return a plan's name as the head of a column, in short lines."""
    return "\n".join(textwrap.wrap(name.replace("_", " "), NAME_WIDTH))


def differences_grid(comparison: Comparison, first: str, second: str) -> Grid:
    """Return the measures of two plans side by side, with their difference and the relative change."""
    rows = []
    for item in of_pair(comparison, first, second):
        factor = measure_named(item.measure).unit.factor
        one, two = (estimate_texts(comparison.estimates[name][item.measure], factor)[0] for name in (first, second))
        label = _label(item.measure).replace(CURRENCY, comparison.scenarios[first].currency)
        rows.append((label, one, two, difference_text(item), change_text(item)))
    heads = ("", plan_head(first), plan_head(second), "difference", "change")
    return Grid(tuple(Column(head, "right" if place else "left") for place, head in enumerate(heads)), tuple(rows))


def _label(name: str) -> str:
    measure = measure_named(name)
    return LABELS.get(name) or f"{sentence(measure.label)}, {measure.unit.symbol}"


def difference_text(item: Difference, factor: float | None = None) -> str:
    """Return a difference with its sign, in the unit in which it is shown.

    Parameters
    ----------
    item
        The difference.
    factor
        From its values to that unit; None for the one of its measure.
    """
    if not math.isfinite(item.estimate.mean):
        return NOTHING
    factor = measure_named(item.measure).unit.factor if factor is None else factor
    sign = "+" if item.estimate.mean > 0.0 else ""
    if not math.isfinite(item.estimate.half_width):
        return f"about {sign}{number_text(item.estimate.mean * factor, 2)}"
    return f"{sign}{estimate_text(item.estimate, factor)}"


def change_text(item: Difference) -> str:
    """Return the change relative to the first plan, or that there is none that matters or that is seen."""
    if item.estimate.mean == 0.0 and item.estimate.certain:
        return "none"
    if item.negligible:
        return f"at most {share_text(_up(item.at_most))}"
    if not item.seen:
        return "not seen"
    return f"{item.relative:+.{1 if abs(item.relative) < 0.1 else 0}%}".replace("%", " %")  # noqa: PLR2004


def _up(share: float) -> float:
    """Round a share up to tenths of a per cent, so that "at most" is true."""
    return math.ceil(share * 1000.0 - 1e-9) / 1000.0


def open_questions(comparison: Comparison, first: str, second: str) -> Iterator[str]:
    """Yield in which measures it is open whether there is a difference that matters, and what would settle it."""
    items = of_pair(comparison, first, second)
    unclear = [item for item in items if not item.seen and not item.negligible and math.isfinite(item.estimate.mean)]
    few = [_named(item) for item in unclear if not math.isfinite(item.estimate.half_width)]
    rest = [item for item in unclear if math.isfinite(item.estimate.half_width)]
    if rest:
        told = [f"{_named(item)} (at most {share_text(_up(item.at_most))} either way{_settled(item)})" for item in rest]
        yield f"No difference is seen in {joined(told)}."
    if few:
        yield f"Too few operations differ to tell in {joined(few)}."
    if any(item.negligible and item.estimate.mean != 0.0 for item in items):
        yield f"What changes by less than {share_text(items[0].smallest)} is taken as too small to matter (--smallest)."


def _named(item: Difference) -> str:
    return measure_named(item.measure).label


def _settled(item: Difference) -> str:
    if item.to_settle is None or item.to_settle > MOST:
        return ""
    return f"; about {two_digits(item.to_settle):,} operations would settle it"


def days(comparison: Comparison) -> Sequence[str]:
    """Return what operations stand for, and which costs are in euros, once where it is the same for all plans."""
    scenarios = comparison.scenarios.values()
    said = [*map(days_sentence, scenarios), *filter(None, map(euros_sentence, scenarios))]
    return list(dict.fromkeys(said))


def _met(shared: float) -> str:
    """Return how much of their traffic the plans share, and what that does for their differences."""
    if shared >= 1.0:
        return "Every plan met the same vehicles, so the differences are more precise than the plans' own numbers."
    if shared <= 0.0:
        return (
            "The plans stand at different hours and met different vehicles, so the differences are no more precise "
            "than the plans' own numbers."
        )
    return (
        f"The plans met the same vehicles while all of them stand, {share_text(shared)} of the time; the less they "
        "share, the less precise are the differences."
    )


def reach(comparison: Comparison) -> str:
    """Return how many operations the numbers rest on, and what the plans share."""
    n = comparison.replications.height // len(comparison.scenarios)
    met = _met(shared_time(list(comparison.plans.values())) if comparison.plans else 1.0)
    if not comparison.paired:
        met = "Each plan met its own vehicles; on the same traffic the differences would be more precise."
    return (
        f"{counted(n, 'operation')} of each plan were simulated (seed {comparison.seed}). {met} ± is the half-width "
        "of the 95 % confidence interval; the intervals of the differences are wide enough that all of them hold "
        "together at 95 %."
    )
