.PHONY: run test check prove bench

run:    ## Install what is missing, migrate, seed the demo city on the first start, serve
	@./setup.sh run
	@exec .venv/bin/flask --app wsgi start

test:   ## Install what tests need, then every check and test
	@./setup.sh test
	@$(MAKE) --no-print-directory check
	.venv/bin/python -m pytest -n auto --dist loadgroup -m "not prove"

check:
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

prove:  ## Long proofs
	@./setup.sh test
	.venv/bin/python -m pytest -n auto --dist loadgroup -m prove

bench:  ## Benchmarks of the engine and the server
	@./setup.sh test
	.venv/bin/python -m benchmarks
