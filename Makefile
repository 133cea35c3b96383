# The few verbs of the project: `make help`.
SHELL := bash
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python

# A stamp is newer than what it was made from, or its recipe runs again.
CREATED := $(VENV)/.created
DEMO_READY := $(VENV)/.demo-ready
DEV_READY := $(VENV)/.dev-ready
PEERS_READY := $(VENV)/.peers-ready
TILLS_READY := $(VENV)/.tills-ready

.PHONY: help setup system system-all system-demo check test test-bluez test-all demo bench docs requirements clean

help: ## Show the verbs
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

setup: $(DEV_READY) ## Make .venv with everything a developer needs

system:
	@scripts/install-debian-packages.sh

system-all:
	@scripts/install-debian-packages.sh --all

system-demo:
	@scripts/install-debian-packages.sh --demo

check: $(DEV_READY) ## Format, lint, types, import rules, generated docs in date
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(PY) -m scripts.generate_docs --check

# One process a core; whoever is done takes over from the others. The virtual machine is booted once.
PYTEST := $(PY) -m pytest -n auto --dist worksteal

# The order holds under `make -j` too: system packages, then one thing after another.
test: | system ## System packages, setup, check, and every test that is quick
	@$(MAKE) check
	$(PYTEST) -m "not slow and not vm"

test-bluez: | system-all ## The path over the real BlueZ alone, in a virtual machine without a radio
	@$(MAKE) $(DEV_READY)
	$(PY) -m pytest -m vm

test-all: | system-all ## The same with every test, the slow ones and virtual machines too
	@$(MAKE) check
	$(PYTEST) -m "not vm"
	$(PY) -m pytest -m vm

demo: | system-demo ## Start the demonstration (releve demo)
	@$(MAKE) $(DEMO_READY)
	$(BIN)/releve demo

bench: $(DEV_READY) ## Measure (python -m bench)
	$(PY) -m bench

docs: $(DEV_READY) ## Write the generated docs again
	$(PY) -m scripts.generate_docs

clean: ## Remove .venv, caches and build products; keeps what was downloaded, in tests/vm/.cache
	rm -rf $(VENV) tests/peers/node_modules $(TILLS:%=%/.venv) build dist .import_linter_cache .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

# --- the environment --------------------------------------------------------

$(CREATED):
	@for python in "$${PYTHON-}" python3.11 python3 python3.12 python3.13 python3.14; do \
		[ -n "$$python" ] || continue; \
		"$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
			>/dev/null 2>&1 || continue; \
		echo "Making $(VENV) with $$("$$python" --version)"; \
		rm -rf $(VENV) && "$$python" -m venv $(VENV) && touch $@ && exit 0; \
		exit 1; \
	done; \
	echo "Relevé needs Python 3.11 or later with its venv module; none was found." >&2; \
	echo "On Debian: apt-get install python3-venv. Elsewhere: make PYTHON=/path/to/python3" >&2; \
	exit 1

# Installs a hashed file, then the project itself. uv is quick; pip does it where uv does not run.
PIP := $(PY) -m pip --quiet --disable-pip-version-check
UV_PIP := $(BIN)/uv pip install --quiet --python $(PY)
define install
	@echo "Installing $(1)"
	@if $(PIP) install --require-hashes -r requirements/uv.txt && \
		$(UV_PIP) --require-hashes -r $(1) && \
		$(UV_PIP) --no-deps --no-build-isolation -e .; then :; else \
		echo "uv did not do it; installing with pip" >&2; \
		$(PIP) install --require-hashes -r $(1) && \
		$(PIP) install --no-deps --no-build-isolation -e .; \
	fi
endef

$(DEMO_READY): $(CREATED) requirements/demo.txt requirements/uv.txt pyproject.toml
	$(call install,requirements/demo.txt)
	touch $@

# Other people's form engines, which the tests hold ours against; without npm those tests are skipped.
$(PEERS_READY): $(CREATED) tests/peers/package-lock.json
	@if command -v npm >/dev/null; then \
		echo "Installing tests/peers" && \
		npm ci --prefix tests/peers --no-progress --loglevel=error >/dev/null && \
		touch tests/peers/node_modules/.installed; \
	else echo "npm is missing: tests against other form engines are skipped" >&2; fi
	@touch $@

# Other people's tills, each in an environment of its own, which the tests hold our payment protocols against.
# Some are installed from source, and want setuptools; one names all of Odoo as what it needs: --no-deps.
TILLS := $(addprefix tests/peers/,telium postelium odoo)
TILL_FLAGS := --require-hashes --no-deps --no-build-isolation
$(TILLS_READY): $(CREATED) requirements/uv.txt tests/peers/build.txt $(TILLS:%=%/requirements.txt)
	@$(PIP) install --require-hashes -r requirements/uv.txt || true
	@for till in $(TILLS); do \
		echo "Installing $$till"; \
		venv="$$till/.venv"; python="$$venv/bin/python"; \
		with_uv="$(BIN)/uv pip install --quiet --python $$python $(TILL_FLAGS)"; \
		with_pip="$$python -m pip --quiet --disable-pip-version-check install --use-pep517 $(TILL_FLAGS)"; \
		rm -rf "$$venv"; \
		if $(BIN)/uv venv --quiet --no-project --python $(PY) "$$venv" && \
			$$with_uv -r tests/peers/build.txt && $$with_uv -r "$$till/requirements.txt"; then :; else \
			echo "uv did not do it; installing with pip" >&2; \
			rm -rf "$$venv" && $(PY) -m venv "$$venv" && \
			$$with_pip -r tests/peers/build.txt && $$with_pip -r "$$till/requirements.txt" || exit 1; \
		fi; \
	done
	@touch $@

# The developer's environment holds the demo's: the same versions, and more.
$(DEV_READY): $(CREATED) $(PEERS_READY) $(TILLS_READY) requirements/dev.txt requirements/demo.txt requirements/uv.txt pyproject.toml
	$(call install,requirements/dev.txt)
	touch $(DEMO_READY) $@

# --- hashed requirement files -----------------------------------------------

# New versions wait a week. For one that cannot: make requirements SOONER="name=false"
COOL_DOWN := 7 days
SOONER ?=
COMPILE = env -u UV_INDEX -u UV_INDEX_URL -u UV_DEFAULT_INDEX -u UV_EXTRA_INDEX_URL \
	-u UV_FIND_LINKS -u UV_NO_INDEX -u UV_CONSTRAINT -u UV_OVERRIDE -u UV_CONFIG_FILE \
	$(BIN)/uv pip compile --quiet --no-config --universal --python-version 3.11 --upgrade \
	--generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
	--exclude-newer "$(COOL_DOWN)" $(addprefix --exclude-newer-package ,$(SOONER))

requirements: $(CREATED) ## Choose versions again and write requirements/*.txt
	[ -x $(BIN)/uv ] || $(PY) -m pip install --quiet --require-hashes -r requirements/uv.txt
	$(COMPILE) --group installer -o requirements/uv.txt
	$(COMPILE) --group build --extra dev pyproject.toml -o requirements/dev.txt
	$(COMPILE) --group build --extra agent --extra gateway --extra sims pyproject.toml \
		--constraint requirements/dev.txt -o requirements/demo.txt
	$(COMPILE) tests/peers/build.in -o tests/peers/build.txt
	for till in $(TILLS); do \
		$(COMPILE) $$([ "$$till" = tests/peers/odoo ] && echo --no-deps) \
			"$$till/requirements.in" -o "$$till/requirements.txt" || exit 1; \
	done
