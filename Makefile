# The one list of commands. On a machine with Python 3.11 or newer, pip and make, each target makes what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCALES := funnelsim/web/locales
SCENARIO ?= scenarios/motorway_early_shift.toml
QUICK := tests/reference tests/engines tests/model tests/analysis tests/scenario tests/counts
SLOW := tests/engines/test_adding_a_selection_rule.py  # compiles a copy of the package

.PHONY: help run quick test wheel nightly fuzz coverage check format docs site bench promises reference calibration \
    plans pictures catalogues studies validation clean

help:  ## list these commands
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,docs,animation,bench,cluster,pandas]'
	-$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[peers]'  # where they install
	touch $@

run: $(VENV)/installed  ## run the main scenario and print what it would find and cost
	$(BIN)/funnelsim run $(SCENARIO)

quick: $(VENV)/installed-dev  ## pass the tests of the model in less than a minute, before each commit
	$(BIN)/python -m pytest --numprocesses=auto --quiet --hypothesis-profile=quick $(QUICK) --ignore=$(SLOW)

test: $(VENV)/installed-dev  ## pass all tests and measure what they cover of the model
	$(BIN)/python -m pytest --numprocesses=auto --quiet --ignore=tests/experiments
	$(MAKE) coverage

wheel:  ## install the wheel alone on every Python here and use it in odd surroundings
	PYTHON=$(PYTHON) .ci/wheel

nightly: $(VENV)/installed-dev  ## search 10,000 random scenarios for logs that differ or do not add up (half an hour)
	$(BIN)/python -m pytest --numprocesses=auto --quiet --hypothesis-profile=nightly -m nightly tests

fuzz: $(VENV)/installed-dev  ## read 1,000 broken scenarios, 2,000 count files and 200 damaged folders; stop 140 commands
	FUZZ_FOLDERS=200 FUZZ_SCENARIOS=1000 FUZZ_COUNTS=2000 FUZZ_KILLS=100 FUZZ_INTERRUPTS=40 \
	    $(BIN)/python -m pytest --numprocesses=auto --quiet -m fuzz tests

# Machine code cannot be traced, so compiled functions first run as the Python they are written in.
coverage: $(VENV)/installed-dev  ## measure the branches of model, engines, analysis and experiments that tests cover
	$(BIN)/python -m pytest --numprocesses=auto --quiet -p tests.plain_python --hypothesis-profile=few -m "not heavy" \
	    tests/model tests/engines tests/analysis --cov --cov-report=
	$(BIN)/python -m pytest --numprocesses=auto --quiet tests/experiments --cov --cov-append --cov-fail-under=95

check: $(VENV)/installed-dev  ## lint, types, import directions, documentation site
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) site

format: $(VENV)/installed-dev  ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(VENV)/installed-dev  ## write the generated pages of the documentation
	$(BIN)/python -m funnelsim.reporting.reference docs

site: $(VENV)/installed-dev  ## build the documentation site under docs/_build/html
	$(BIN)/sphinx-build --fail-on-warning --quiet --jobs auto docs docs/_build/html

bench: $(VENV)/installed-dev  ## measure the speed claims
	$(BIN)/python -m pytest benchmarks/test_bench.py --benchmark-disable-gc --quiet
	$(BIN)/python benchmarks/performance.py
	$(BIN)/python benchmarks/interval_coverage.py
	$(BIN)/python benchmarks/count_mapping.py

promises: $(VENV)/installed-dev  ## measure whether `funnelsim optimise` keeps its promises (an hour)
	$(BIN)/python benchmarks/optimise_enumerable.py
	$(BIN)/python benchmarks/optimise.py

calibration: $(VENV)/installed-dev  ## measure how often `funnelsim sensitivity` is right, and write its page (20 minutes)
	$(BIN)/python benchmarks/sensitivity_calibration.py
	$(BIN)/python benchmarks/sensitivity_plans.py
	$(BIN)/python docs/sensitivity_example.py

reference: $(VENV)/installed-dev  ## compute the result and the tables of README and docs/limits.md again
	rm -rf results/reference
	$(BIN)/funnelsim run scenarios/motorway_early_shift.toml --seed 1 --replications 50 --out results/reference
	$(BIN)/python -m tests.reference.pages

plans: $(VENV)/installed  ## find the best plans of the shipped scenarios again
	rm -rf results/plans
	for name in motorway_early_shift friday_afternoon state_road_evening_shift; do \
	    $(BIN)/funnelsim optimise scenarios/$$name.toml --out results/plans/$$name && rm -r results/plans/$$name/parts \
	    || exit 1; done

catalogues: $(VENV)/installed-dev  ## collect the words of the page for translators, and compile what they wrote
	$(BIN)/pybabel --quiet extract --no-default-keywords -k text -k mark --no-location --sort-output \
	    -o $(LOCALES)/page.pot funnelsim/web
	$(BIN)/pybabel --quiet update --domain page --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --width 0 \
	    -i $(LOCALES)/page.pot -d $(LOCALES)
	rm $(LOCALES)/page.pot
	$(BIN)/pybabel --quiet compile --domain page -d $(LOCALES)

pictures: $(VENV)/installed-dev  ## make the pictures of the page in the documentation again
	FUNNELSIM_PICTURES=1 $(BIN)/python -m pytest --quiet tests/web -k picture

studies: $(VENV)/installed  ## compute the sweeps and figures of the studies again
	rm -rf results/studies docs/studies/figures
	$(BIN)/funnelsim sweep scenarios/motorway_early_shift.toml --replications 100 --out results/studies/motorway \
	    --vary "staffing.roster.border police.count=3,5,7,9,11" --vary selection.rate.default=0.02:0.30:0.04
	cp results/studies/motorway/sweep.csv docs/studies/motorway.csv
	$(BIN)/funnelsim plot results/studies/motorway --figure trade_off --format png --out docs/studies/figures/motorway
	$(BIN)/funnelsim sweep scenarios/sobriety_checkpoint.toml --out results/studies/sobriety
	cp results/studies/sobriety/sweep.csv docs/studies/sobriety.csv
	$(BIN)/funnelsim plot results/studies/sobriety --figure small_multiples --figure trade_off --format png \
	    --out docs/studies/figures/sobriety
	$(BIN)/funnelsim sweep scenarios/weigh_station.toml --out results/studies/weigh_station
	cp results/studies/weigh_station/sweep.csv docs/studies/weigh_station.csv
	$(BIN)/funnelsim plot results/studies/weigh_station --figure trade_off --y area_wait_mean_s \
	    --colour selection.adapt.points.1.1 --format png --out docs/studies/figures/weigh_station
	$(BIN)/funnelsim run scenarios/weigh_station.toml --replications 100 --out results/studies/no_word
	$(BIN)/funnelsim plot results/studies/no_word --figure hours_on_site --format png --out docs/studies/figures/no_word
	$(BIN)/funnelsim run scenarios/weigh_station.toml --replications 100 --out results/studies/word \
	    --set targets.overloaded.evade.alerted=0.8 --set targets.overloaded.evade.half_life_h=1
	$(BIN)/funnelsim plot results/studies/word --figure hours_on_site --format png --out docs/studies/figures/word
	$(BIN)/python docs/studies/teams.py

validation: $(VENV)/installed-dev  ## compare the model with theory, simulators, operations and literature, and write the page
	$(BIN)/python -m validation --page docs/validation.md

clean:  ## remove the environment and caches
	rm -rf $(VENV) build dist docs/_build docs/generated .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
