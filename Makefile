# Throw-away databases live in memory where the machine has such a folder: a test waits for no disk.
PYTEST = TMPDIR=$$(test -w /dev/shm && echo /dev/shm || echo /tmp) .venv/bin/python -m pytest -n auto

.PHONY: run test check prove bench

run:    ## Install what is missing, migrate, seed the demo city on the first start, serve
	@./setup.sh run
	@exec .venv/bin/flask --app wsgi start --demo

test:   ## Install what tests need, then every check and test
	@./setup.sh test
	@$(MAKE) --no-print-directory check
	$(PYTEST) -m "not prove"

check:
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

prove:  ## Long proofs, and every property on twenty times as many new examples
	@./setup.sh test
	$(PYTEST) -m prove
	PLACEMENT_TEST_TIMES=20 $(PYTEST) -m "hypothesis and not prove"

bench:  ## Benchmarks of the engine and the server
	@./setup.sh test
	.venv/bin/python -m benchmarks
