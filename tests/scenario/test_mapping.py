"""`traffic.counts.mapping`: a file beside the scenario, or the table itself."""

import pytest

from funnelsim.errors import ScenarioError
from funnelsim.scenario.demand import demand_of
from funnelsim.scenario.load import load_scenario
from funnelsim.scenario.starter import starter_scenario
from funnelsim.scenario.toml_text import value_text

COUNTS = "Tag;Std;Pkw;Lkw\n" + "".join(f"06.05.2024;{hour};{400 + hour};{40 + hour}\n" for hour in range(24))
MAPPING = """\
sep = ";"
time = "Tag"
format = "%d.%m.%Y"
hour = "Std"
label = "start"
minutes = 60
counts = { Pkw = "car", Lkw = "lorry" }
"""
INLINE = "{ " + ", ".join(MAPPING.splitlines()) + " }"


@pytest.fixture
def scenario(tmp_path):
    """Return a function that writes a scenario which reads counts by a mapping."""
    (tmp_path / "county.csv").write_text(COUNTS)
    (tmp_path / "county.toml").write_text(MAPPING)

    def put(mapping):
        before, _, rest = starter_scenario("x").partition("[traffic.counts]\n")
        _, _, after = rest.partition("]\n")
        counts = f'[traffic.counts]\nfile = "county.csv"\nmapping = {mapping}\n'
        (tmp_path / "a.toml").write_text(before + counts + after)
        return tmp_path / "a.toml"

    return put


@pytest.mark.parametrize("mapping", [value_text("county.toml"), INLINE])
def test_counts_are_read_by_a_mapping(scenario, mapping):
    demand = demand_of(load_scenario(scenario(mapping)))
    at_7 = list(demand.starts_s).index(7 * 3600)
    cars, lorries = (demand.classes.index(name) for name in ("car", "lorry"))
    assert demand.vehicles[at_7, [cars, lorries]].tolist() == [407, 47]


def test_a_further_funnel_is_read_by_a_mapping_of_its_own(scenario):
    file = scenario(INLINE)
    back = '\n[[funnels]]\ndirection = "back"\n[funnels.traffic.counts]\nfile = "county.csv"\nmapping = "NAME.toml"\n'
    text = file.read_text()
    file.write_text(text + back.replace("NAME", "county"))
    assert load_scenario(file).funnels[0].traffic.counts.mapping.counts == {"Pkw": "car", "Lkw": "lorry"}
    file.write_text(text + back.replace("NAME", "gone"))
    with pytest.raises(ScenarioError, match=r"funnels\.0\.traffic\.counts\.mapping: the mapping gone.toml cannot be"):
        load_scenario(file)


def test_a_loaded_scenario_holds_the_whole_mapping(scenario, tmp_path):
    loaded = load_scenario(scenario(value_text("county.toml")))
    (tmp_path / "county.toml").unlink()
    assert loaded.traffic.counts.mapping.counts == {"Pkw": "car", "Lkw": "lorry"}
    assert demand_of(loaded).vehicles.sum() > 0
    with pytest.raises(TypeError):
        loaded.traffic.counts.mapping.counts["Pkw"] = "van"


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ('"gone.toml"', "traffic.counts.mapping: the mapping gone.toml cannot be opened"),
        ('"county"', '"county" given; allowed: a file that ends with .toml'),
        ("{ sepp = 1 }", "traffic.counts.mapping.sepp: unknown key; did you mean sep? allowed: sep, encoding"),
        ('{ sep = ";" }', "traffic.counts.mapping: the time of day is missing; allowed: time with a format"),
        (INLINE.replace("60", "7"), "traffic.counts.mapping.minutes: 7 given; allowed: 1, 2, 3"),
    ],
)
def test_what_is_wrong_with_a_mapping_is_said_at_its_key(scenario, mapping, said):
    with pytest.raises(ScenarioError) as caught:
        load_scenario(scenario(mapping))
    assert said in str(caught.value)


def test_all_problems_of_a_mapping_file_are_said_at_once(scenario, tmp_path):
    (tmp_path / "county.toml").write_text(MAPPING.replace("sep =", "sepp =").replace('"start"', '"begin"'))
    with pytest.raises(ScenarioError) as caught:
        load_scenario(scenario('"county.toml"'))
    assert "mapping.sepp: unknown key" in str(caught.value)
    assert 'mapping.label: "begin" given; allowed: "start", "end" or "last minute"' in str(caught.value)
