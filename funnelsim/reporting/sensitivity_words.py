"""What `funnelsim sensitivity` says: whether the choice holds, what would change it, and which assumptions matter."""

from collections.abc import Iterator
from typing import Final

from funnelsim.analysis.catalogue import measure_named
from funnelsim.analysis.estimates import PER_CENT, Estimate, estimate_text, with_error
from funnelsim.decision.uncertainty.assumption_words import condition, likely
from funnelsim.decision.uncertainty.responses import DELAY, FOUND, KEPT, Output, limits_in_words
from funnelsim.decision.uncertainty.sensitivity import Sensitivity
from funnelsim.decision.uncertainty.value_of_information import Choice, Threshold
from funnelsim.reporting.section import Column, Grid, Section, sentence
from funnelsim.wording import counted, joined, number_text

LITTLE: Final = 0.02  # of the variance: inputs with less are named and not listed
NEARLY: Final = 0.005
UNSEEN: Final = 0.001  # of what the first plan finds
_LIMITED: Final = {"p95_delay_min": "delay\nlimit\nkept, %", "tail_m": "queue\nlimit\nkept, %"}
_EACH_ON_AVERAGE: Final = "Each of these holds on average over all other assumptions."
WORTH: Final = 0.02  # of the value of knowing everything


def sensitivity_sections(made: Sensitivity, *, full: bool = False) -> list[Section]:
    """Return whether the answer holds when assumptions are wrong.

    Parameters
    ----------
    made
        The analysis.
    full
        Whether to list all assumptions and all outputs.
    """
    sections = [Section(_head(made), tuple(_summary(made)))]
    if made.findings.choice is not None:
        sections += [_plans(made, made.findings.choice), _flips(made, made.findings.choice)]
    else:
        sections.append(_alone(made))
    for number, output in enumerate(made.findings.outputs):
        if full or len(made.plans) == 1 or (output.compared_with is not None and output.measure == FOUND):
            sections.append(_shares(made, number, output))
    if full:
        sections.append(_assumptions(made))
    sections.append(Section("", (_rests_on(made),)))
    return sections


def chance_text(chance: Estimate, *, short: bool = False) -> str:
    """Return a chance with its interval, for a table without its second unit.

    Examples
    --------
    >>> chance_text(Estimate(0.871, 0.84, 0.90, 200)), chance_text(Estimate(0.9989, 0.997, 0.9999, 200))
    ('87 % (84 to 90 %)', 'over 99 %')
    """
    if chance.low > 1.0 - 2.0 * NEARLY:
        return "over 99 %"
    if chance.high < 2.0 * NEARLY:
        return "under 1 %"
    mean, low, high = (f"{PER_CENT * one:.0f}" for one in (chance.mean, chance.low, chance.high))
    return f"{mean} %" if low == high else f"{mean} % ({low} to {high}{'' if short else ' %'})"


def _head(made: Sensitivity) -> str:
    title = next(iter(made.scenarios.values())).title
    return f"{title}: what if assumptions are wrong?"


def _summary(made: Sensitivity) -> Iterator[str]:
    """Yield the sentences that answer the question."""
    choice = made.findings.choice
    if choice is None:
        found = made.findings.means[0][made.findings.measures.index(FOUND)]
        yield (
            f"Over all circumstances the plan finds {estimate_text(found)} targets an operation on average. Give other "
            "plans to learn whether the choice between them holds: funnelsim sensitivity A.toml B.toml."
        )
        return
    first, *others = made.plans
    for place, other in enumerate(others):
        beats, more = choice.beats[place], choice.difference[place]
        if more.low == more.high == 0.0:
            yield f"{first} and {other} find the same in all circumstances."
            continue
        size = estimate_text(more.times(-1.0) if more.mean < 0.0 else more)
        if more.low <= 0.0 <= more.high:
            average = f"on average neither is seen to find more ({number_text(more.mean)} of {other})"
        else:
            average = f"on average {other} finds {size} targets an operation {'more' if more.mean > 0 else 'less'}"
        yield f"{first} finds more than {other} with a probability of {chance_text(beats)}; {average}."
    if all(more.low == more.high == 0.0 for more in choice.difference):
        return
    best = choice.best_on_average
    regret, all_known = choice.regret[best], choice.perfect_information
    if best:
        yield (
            f"Against the best plan of each circumstance, {first} finds {_small(made, choice.regret[0])} targets an "
            f"operation less on average, and {made.plans[best]} {_small(made, regret)} less."
        )
    else:
        yield (
            f"Against the best plan of each circumstance, {first} finds {_small(made, regret)} targets an operation "
            "less on average."
        )
    if _seen(made, all_known):
        yield (
            f"Who knew all that is uncertain before choosing would find {estimate_text(all_known)} more an operation; "
            "no survey, trial or expert can be worth more than that."
        )
    elif all_known.high > 0.0:
        worth = _small(made, all_known)
        yield f"To know more before choosing would find {worth} more: it would hardly change the choice."
    else:
        yield "To know more before choosing would find no more: the choice is the same."


def _small(made: Sensitivity, value: Estimate) -> str:
    """Return a number of targets, or below what it is where it is worth no word beside what the first plan finds."""
    if _seen(made, value):
        return estimate_text(value)
    return f"less than {number_text(_unseen(made), 1)}" if value.high > 0.0 else "no"


def _seen(made: Sensitivity, value: Estimate) -> bool:
    return value.high > _unseen(made)


def _unseen(made: Sensitivity) -> float:
    """Return below which number of targets nobody would see a difference: a share of what the first plan finds."""
    return UNSEEN * made.findings.means[0][made.findings.measures.index(FOUND)].mean


def _plans(made: Sensitivity, choice: Choice) -> Section:
    """Return a row for each plan: its chance to be best, its finds and regret, and how often it keeps each limit."""
    measures, words = made.findings.measures, limits_in_words(made.limits)
    limits = [name for name in measures if name.startswith(KEPT)]
    columns = (
        Column("plan", "left"),
        Column("finds most"),
        Column("found"),
        Column("regret", only_wide=True),
        Column("P95 delay,\nmin", only_wide=True),
        *(Column(_LIMITED.get(name.removeprefix(KEPT), name)) for name in limits),
    )
    minutes = measure_named(DELAY).unit.factor
    rows = tuple(
        (
            plan,
            chance_text(choice.best[place], short=True),
            estimate_text(made.findings.means[place][measures.index(FOUND)]),
            "0" if choice.regret[place].high <= 0.0 else _small(made, choice.regret[place]),
            estimate_text(made.findings.means[place][measures.index(DELAY)], minutes),
            *(with_error(made.findings.means[place][measures.index(name)], PER_CENT) for name in limits),
        )
        for place, plan in enumerate(made.plans)
    )
    wanted = next(iter(made.scenarios.values())).limits.in_share_of_operations
    listed = f"{joined(list(words.values()))}{_whose(made)}"
    said = [f"Limits are to be kept in {PER_CENT * wanted:.0f} % of operations: {listed}."] if limits else []
    return Section("Which plan, over all circumstances", (Grid(columns, rows), *said))


def _whose(made: Sensitivity) -> str:
    """Say of which plan the limits are, where another one has others."""
    first, *others = made.scenarios.values()
    return "" if all(one.limits == first.limits for one in others) else f", the limits of {made.plans[0]}"


def _flips(made: Sensitivity, choice: Choice) -> Section:
    """Return at which value of one assumption the choice flips, and what it is worth to know it."""
    demand = next(iter(made.demands.values()))
    best = made.plans[choice.best_on_average]
    there = [one for one in choice.thresholds if one.above is not None]
    lines: list[str] = []
    for one in sorted(there, key=lambda it: -choice.partial_information[it.input].mean):
        other = made.plans[one.plan]
        if_so = condition(made.inputs[one.input], one.u, above=bool(one.above), demand=demand)
        worth = choice.partial_information[one.input]
        known = f" To know it would find {estimate_text(worth)} more." if _is_worth(worth, choice) else ""
        lines.append(f"{other} finds more than {best} only if: {if_so}.{_often(one)}{known}")
    without = len({one.input for one in choice.thresholds} - {one.input for one in there})
    if not there:
        lines.append("No likely value of any one assumption does, whatever is uncertain beside it.")
    elif without:
        lines.append(f"No likely value of the other {counted(without, 'assumption')} alone does.")
    if there:
        lines.append("This holds on average over all other assumptions." if len(there) == 1 else _EACH_ON_AVERAGE)
    return Section("What would change the choice", tuple(lines))


def _often(one: Threshold) -> str:
    sure = 1.0 - 2.0 * NEARLY
    return "" if one.crossed_in > sure else f" That there is such a value is {PER_CENT * one.crossed_in:.0f} % sure."


def _is_worth(worth: Estimate, choice: Choice) -> bool:
    return worth.mean > WORTH * choice.perfect_information.mean > 0.0


def _alone(made: Sensitivity) -> Section:
    """Return what a single plan gives over all circumstances."""
    words, measures = limits_in_words(made.limits), made.findings.measures
    mean = dict(zip(measures, made.findings.means[0], strict=True))
    minutes = measure_named(DELAY).unit.factor
    lines = [f"P95 delay {estimate_text(mean[DELAY], minutes)} min on average over all circumstances."]
    lines += [
        f"{sentence(said)}: kept in {with_error(mean[name], PER_CENT)} % of operations." for name, said in words.items()
    ]
    return Section("Delays and limits", tuple(lines))


def _shares(made: Sensitivity, number: int, output: Output) -> Section:
    """Return the shares of the variance of an output that its inputs make up."""
    found = sorted((one for one in made.findings.indices if one.output == number), key=lambda one: -one.total.mean)
    title = f"What moves {_output_words(made, output)}"
    if not found:
        return Section(title, ("Nothing does: it is the same in all circumstances.",))
    listed = [one for one in found if one.total.mean >= LITTLE]
    columns = (Column("assumption", "left"), Column("alone, %"), Column("with others, %"))
    rows = tuple((made.inputs[one.input].name, _per_cent(one.first), _per_cent(one.total)) for one in listed)
    rest = len(made.inputs) - len(listed)
    which = "The other assumption" if rest == 1 else f"Each of the other {counted(rest, 'assumption')}"
    less = [f"{which} makes up less than {PER_CENT * LITTLE:.0f} %."] if rest else []
    return Section(title, (Grid(columns, rows), *less))


def _output_words(made: Sensitivity, output: Output) -> str:
    if output.measure.startswith(KEPT):
        return f"the chance that {made.plans[output.plan]} keeps {limits_in_words(made.limits)[output.measure]}"
    name = "P95 delay" if output.measure == DELAY else "targets found"
    if output.compared_with is None:
        return f"{name} of {made.plans[output.plan]}"
    return f"the difference in {name} between {made.plans[output.plan]} and {made.plans[output.compared_with]}"


def _per_cent(share: Estimate) -> str:
    mean, low, high = (f"{PER_CENT * one:.0f}" for one in (share.mean, share.low, share.high))
    return f"{mean} ({low} to {high})"


def _assumptions(made: Sensitivity) -> Section:
    """Return all that is uncertain, with its percentiles; the sources are too long for a page."""
    demand = next(iter(made.demands.values()))
    columns = (Column("assumption", "left"), Column("5 %"), Column("50 %"), Column("95 %"))
    rows = tuple((one.name, *likely(one, demand)) for one in made.inputs)
    said = "Each lies below the three values with a probability of 5, 50 and 95 %."
    return Section("What is uncertain", (said, Grid(columns, rows)))


def _rests_on(made: Sensitivity) -> str:
    others = " of each plan on the same vehicles" if len(made.plans) > 1 else ""
    gone = [f"{name} does not have {joined(list(names))}" for name, names in made.missing.items()]
    missing = f" {'; '.join(gone)}." if gone else ""
    given = next(iter(made.scenarios.values())).uncertain is not None
    whose = (
        "of the scenario's [uncertain]"
        if given
        else "by default, as the scenario has no [uncertain] (docs/sensitivity.md)"
    )
    return (
        f"{counted(len(made.inputs), 'assumption')} {whose}; {counted(made.operations, 'operation')}{others}, seed "
        f"{made.seed}; brackets and ± are 95 % intervals.{missing}"
    )
