# Every verb a developer or CI needs. `make install` is idempotent and quick when nothing changed.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
PROTOS := $(sort $(wildcard proto/verifier/v1/*.proto))
DATA ?=

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: install toolchains submissions demo test coverage check fuzz bench soak train-embedded docs proto proto-release format audit sbom clean

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

# One more than there are cores: tests wait for services and programs that they have started.
WORKERS ?= $(shell expr $$(nproc) + 1)
test: install
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile

# The same while each line and branch is watched, which takes longer.
coverage: install
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest --numprocesses $(WORKERS) --dist loadfile
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
	$(BIN)/verifier-cli config reference | diff docs/configuration.md - || { echo "run make docs"; false; }

# What breaks is left in .fuzz; the corpus is kept, so that the next run goes on where this ended.
SECONDS ?= 60
fuzz: install
	mkdir -p .fuzz
	$(BIN)/python tests/fuzz/fuzz_compare.py -max_total_time=$(SECONDS) -timeout=20 -max_len=600 \
		-artifact_prefix=.fuzz/ .fuzz

bench: install
	$(BIN)/python -m tests.bench.run --data "$(DATA)"

# Load while everything breaks, five-fold overload, malformed requests, and an hour at 70 per cent:
# the long forms of tests/service/soak, as root for the disk that fills. PARTS="faults fuzz" for some.
PARTS ?=
ITEMS ?= 100000
CALLS ?= 1000000
MINUTES ?= 60
SEED ?= 2026
soak: install
	PYTHONPATH=tests $(BIN)/python -m soaking.run $(PARTS) --items $(ITEMS) --calls $(CALLS) \
		--minutes $(MINUTES) --seed $(SEED)

# Trains the embedded model again, from seeds: about an hour on two cores. WORK keeps its checkpoints.
WORK ?= .embedded
train-embedded: install
	$(BIN)/python -m prm.embedded.train --work "$(WORK)"

proto: install
	$(BIN)/python -m grpc_tools.protoc --proto_path=proto \
		--python_out=. --pyi_out=. --grpc_python_out=. $(PROTOS)

# The page of all configuration keys, from the program.
docs: install
	$(BIN)/verifier-cli config reference > docs/configuration.md

# Only when a version is released: from then on `make check` holds us to this contract.
proto-release: install
	$(BIN)/buf build --exclude-source-info --output proto/released.binpb

format: install
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/buf format --write

# Auditors have an environment of their own, so that they are no part of what they look at.
AUDITORS := pip-audit==2.10.1 cyclonedx-bom==7.5.0
.audit/.installed: Makefile
	$(PYTHON) -m venv .audit
	.audit/bin/python -m pip install --quiet $(AUDITORS)
	touch $@

# Holds every pinned version against the known vulnerabilities, over the network. Strict: a package
# that could not be looked up is a failure, not a silence.
audit: .audit/.installed
	.audit/bin/pip-audit --strict --no-deps --disable-pip --requirement constraints.txt

# The bill of materials of the installed environment, CycloneDX 1.6.
sbom: install .audit/.installed
	.audit/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible \
		--output-file sbom.json $(VENV)

clean:
	rm -rf $(VENV) .audit sbom.json .submissions* .coverage* .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
