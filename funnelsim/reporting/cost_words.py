"""What costs are worth where a scenario names another currency than that of the default values."""

from funnelsim.reporting.assumptions import assumptions_of
from funnelsim.scenario.schema import Scenario
from funnelsim.wording import joined, verb

EURO = ("eur", "euro", "euros", "€")


def euros_sentence(scenario: Scenario) -> str | None:
    """Return which costs are default values in euros though the scenario names another currency; None where none is."""
    if scenario.currency.strip().casefold() in EURO:
        return None
    rows = assumptions_of(scenario)
    keys = [row.key for row in rows if row.key.endswith("cost_per_h") and row.set_by == "default"]
    if not keys:
        return None
    are = verb(len(keys), "is a default value", "are default values")
    it = verb(len(keys), "it", "them")
    return (
        f"{joined(keys)} {are} in euros, while costs stand in {scenario.currency} (currency), so they are wrong by the "
        f"rate of exchange; give {it} in {scenario.currency}."
    )
