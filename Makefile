# Naryad: two commands do everything on a fresh machine, `make run` and `make test`.
PYTHON ?= python3
BIN := .venv/bin

# Start sandbox, worker, both bots and the site with the shipped config.toml; Ctrl-C stops all. Only warnings are logged,
# so that the addresses and the password stay on the screen: `NARYAD_LOGS__LEVEL=INFO make run` shows every step.
run: .venv/run.stamp .env
	@NARYAD_LOGS__LEVEL=$${NARYAD_LOGS__LEVEL:-WARNING} $(BIN)/honcho start

# Compiled files are kept: each process of the tests would compile all of the product again otherwise.
test quick test-postgres soak: export PYTHONDONTWRITEBYTECODE =

# Lint, types, import rules and all tests, with everything they need installed first. Four at a time on any machine:
# most of them wait for processes, so two cores are not idle and not crowded. What fails in the crowd is asked once more
# alone, and has to pass there: a race of a crowded machine is told (above, as a failure) and does not decide.
test: .venv/dev.stamp
	@sh scripts/need-chromium
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n 4 --dist worksteal || $(BIN)/pytest --last-failed --last-failed-no-failures none

# A minute's worth for daily work: lint, types, import rules, and the tests that play values alone.
quick: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest tests/record tests/test_the_house.py -m pure -n 2

# The tests of all that goes through the store, on PostgreSQL; `make test` runs only the most telling of them there.
test-postgres: .venv/dev.stamp
	@sh scripts/need-chromium
	NARYAD_TEST_STORE=postgresql $(BIN)/pytest $(addprefix tests/,record worker bots pitfalls web machines) \
		tests/test_whole_story.py $(addprefix tests/torture/test_,torture.py ends.py clock.py) -n 2 --dist worksteal

# Let people edit the sheet at random, and processes be killed 300 times, for much longer than `make test` does; prints
# the seed of each kind of day.
soak: .venv/dev.stamp
	NARYAD_SOAK=$${NARYAD_SOAK:-3000} $(BIN)/pytest tests/stateful -n 2 --dist worksteal -rP
	NARYAD_SOAK=$${NARYAD_SOAK:-3000} $(BIN)/pytest tests/torture/test_torture.py -rP

# Measure, one JSON object a line.
bench: .venv/dev.stamp
	@$(BIN)/python -m bench

# Draw docs/pictures/ anew: every page of the site in two widths, and the worksheet of the guide.
pictures: .venv/dev.stamp
	@sh scripts/need-chromium
	@$(BIN)/python -m scripts.pictures

# Verify every connection and setting of this machine, one line each.
check: .venv/run.stamp
	@$(BIN)/python -m worker check

.venv/run.stamp: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit("Нужен Python 3.11 или новее, а здесь " + sys.version.split()[0] + \
		". Укажите другой: make PYTHON=python3.12") if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Ставлю библиотеки…"
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/dev.stamp: requirements-dev.txt .venv/run.stamp
	@echo "Ставлю библиотеки для тестов…"
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

.env:
	@umask 077; sed "s|^SECRET_KEY=$$|SECRET_KEY=$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(48))')|" .env.example > .env

.PHONY: run test quick test-postgres soak bench pictures check
