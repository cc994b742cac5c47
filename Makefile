# Every verb a developer or CI needs. `make install` is idempotent and quick when nothing changed.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
PROTOS := $(sort $(wildcard proto/verifier/v1/*.proto))
DATA ?=

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: install toolchains submissions demo test coverage check fuzz bench train-embedded proto proto-release format clean

install: $(VENV)/.installed submissions

# torch comes first and pinned: unpinned, its dependents would pull gigabytes of CUDA packages.
$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt torch
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[all]'
	touch $@

# The packages that programs under test may import; see deploy/submissions.
submissions: $(VENV)/.installed
	@deploy/submissions

# Compilers and interpreters, where we may install any.
toolchains:
	@deploy/toolchains

demo: install
	$(BIN)/python -m examples.demo

test: install
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile

# The same while each line and branch is watched, which takes longer.
coverage: install
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest --numprocesses auto --dist loadfile
	-$(BIN)/coverage combine --quiet 2>/dev/null  # what a killed process leaves may be torn
	$(BIN)/coverage report --format=total | sed 's/^/coverage, per cent: /'

check: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/buf lint
	$(BIN)/buf format --diff --exit-code
	$(BIN)/buf breaking --against proto/released.binpb
	$(BIN)/python tests/generated_code.py

# What breaks is left in .fuzz; the corpus is kept, so that the next run goes on where this ended.
SECONDS ?= 60
fuzz: install
	mkdir -p .fuzz
	$(BIN)/python tests/fuzz/fuzz_compare.py -max_total_time=$(SECONDS) -timeout=20 -max_len=600 \
		-artifact_prefix=.fuzz/ .fuzz

bench: install
	$(BIN)/python -m tests.bench.run --data "$(DATA)"

# Trains the embedded model again, from seeds: about an hour on two cores. WORK keeps its checkpoints.
WORK ?= .embedded
train-embedded: install
	$(BIN)/python -m prm.embedded.train --work "$(WORK)"

proto: install
	$(BIN)/python -m grpc_tools.protoc --proto_path=proto \
		--python_out=. --pyi_out=. --grpc_python_out=. $(PROTOS)

# Only when a version is released: from then on `make check` holds us to this contract.
proto-release: install
	$(BIN)/buf build --exclude-source-info --output proto/released.binpb

format: install
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/buf format --write

clean:
	rm -rf $(VENV) .submissions* .coverage* .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
