# make demo   set up, print the briefs of the example businesses, and open the console of one at http://127.0.0.1:8000
# make test   set up and run every check: format, lint, types, import order, tests
# make bench  measure against named baselines (see bench/README.md)
# make calibration  write docs/calibration.md: a simulated world beside the real data in ../shared/data
# make lead-times  write docs/lead-times.md: how late suppliers deliver, foretold on the real data in ../shared/data
# make forecasts  write docs/forecasts.md: demand forecasts beside baselines on the real data in ../shared/data
# make approvals  write docs/approvals.md: what real card attempts in ../shared/data hang on, and where to send them
# make scorecard  write docs/scorecard.md and the table the console shows: how right Argosy is where the truth is known
# make screens  every page of the running console as pictures, in both languages, themes and widths
# make guide  the guide for sellers, from docs/guide and the code, with the pictures that make screens took; the console shows it
# make customer-value  write docs/customer-value.md: who buys again and what a buyer is worth, on CDNOW

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: setup setup-dev demo test check bench calibration scorecard forecasts lead-times clean approvals customer-value screens guide

setup: $(VENV)/.setup
setup-dev: $(VENV)/.setup-dev

$(VENV)/.setup: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(VENV)/.setup-dev: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	touch $(VENV)/.setup $@

demo: setup guide
	$(BIN)/argosy demo demo-shop
	$(BIN)/argosy serve -C demo-shop-brand

check: setup-dev
	$(BIN)/ruff format --check src tests bench docs
	$(BIN)/ruff check src tests bench docs
	$(BIN)/mypy
	$(BIN)/lint-imports

# The last ones start Spark clusters, PostgreSQL servers and browsers: after the others, a file at a time.
test: check
	$(BIN)/python -m pytest -n auto --dist worksteal --ignore tests/engines --ignore tests/browser
	$(BIN)/python -m pytest -n 2 --dist loadfile tests/engines tests/browser

bench: setup-dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[bench]"
	$(BIN)/python bench/run.py

calibration: setup
	$(BIN)/python -m tests.world.calibration

lead-times: setup-dev
	$(BIN)/python -m tests.outlook.lead_times

scorecard: setup
	$(BIN)/argosy prove --seeds 20 -o docs/scorecard.md -o src/argosy/brief/proved.csv

forecasts: setup-dev
	$(BIN)/python -m tests.outlook.forecasts

approvals: setup-dev
	$(BIN)/python -m tests.outlook.approvals

# of a running console: make screens NAME=ana, the password in ARGOSY_PASSWORD
FOLDER ?= build/screens

screens: setup-dev
	$(BIN)/python -m tests.browser.screens http://127.0.0.1:8000 $(NAME) $(FOLDER)

guide: setup
	$(BIN)/python -m docs.guide.build src/argosy/console/guide $(FOLDER)

customer-value: setup
	$(BIN)/python -m tests.outlook.customer_value

clean:
	rm -rf $(VENV) demo-shop demo-shop-brand
