# `make run` serves the real desks at http://127.0.0.1:8000; `make test` passes every test.
# Both set up what they need: Python 3.11+, pip and git are enough (another Python: make run PYTHON=python3.12).
PYTHON ?= python3
export PYTHON
PYTEST = .venv/bin/python -m pytest -n auto --maxschedchunk 1
TIME = -m "not e2e and not slow and not postgres" tests/slots tests/booking/desks tests/booking/feeds tests/notifications

.PHONY: run test check bench screenshots lock

run: .venv/.ready
	.venv/bin/booking db upgrade && .venv/bin/booking serve

# Races start processes of their own: they come last, and one by one.
# No answer may depend on the machine's own zone: everything runs far from Japan, and what reckons with time in UTC too.
test: .venv/.ready-dev
	.ci/browser
	.ci/consumers
	TZ=UTC $(PYTEST) $(TIME)
	TZ=America/Los_Angeles $(PYTEST) --ignore tests/races
	TZ=America/Los_Angeles .venv/bin/python -m pytest tests/races

check: .venv/.ready-dev
	.venv/bin/ruff format --check . && .venv/bin/ruff check . && .venv/bin/mypy && .venv/bin/lint-imports

bench: .venv/.ready-dev
	.venv/bin/python -m tests.benchmarks

screenshots: .venv/.ready-dev
	.venv/bin/python -m tests.support.screenshots

lock: .venv/.ready-dev
	.ci/lock

.venv/.ready: pyproject.toml requirements.lock
	.ci/setup requirements.lock && touch $@

.venv/.ready-dev: .venv/.ready .ci/requirements-dev.lock
	.ci/setup .ci/requirements-dev.lock && touch $@
