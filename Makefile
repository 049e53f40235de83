# Lobbydesk. `make run` starts the demo, `make test` runs every test.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check
LANGUAGE := web/translations/zh_Hans_CN/LC_MESSAGES/messages
LOCK := --quiet --generate-hashes --allow-unsafe --strip-extras --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options

# Some shells forbid Python to keep what it compiled: each of thousands of processes of a test would compile it anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run setup test fuzz test-crash test-box bench check lint audit messages lock bundle clean

run: $(VENV)/run.ready
	@exec $(BIN)/lobbydesk demo

setup: $(VENV)/test.ready

# What needs no browser, the longest first, and what drives a browser, three at a time, for some of it waits;
# alone what takes times. What fails in a browser is asked once more, alone: three of them on two cores are late now and
# then. What fails twice has failed; what failed once stands above, to be mended.
LONGEST := tests/crash tests/fuzz tests/test_simulate.py tests/desk/test_sealed.py tests/test_unplugging.py \
	tests/test_permissions.py tests/test_demo.py tests/test_restore.py tests/test_deliver.py tests/test_foreign_ids.py \
	tests/attack tests/printing tests/reception
TOGETHER := --dist loadfile --no-loadscope-reorder
SCREENS := tests/browser tests/systemd/test_screen.py tests/systemd/test_proxy.py
TIMED := tests/test_bench.py
test: $(VENV)/test.ready
	$(BIN)/python -m pytest -n 3 $(TOGETHER) $(addprefix --ignore=,$(SCREENS) $(TIMED) $(BOOTED)) $(LONGEST) tests
	$(BIN)/python -m pytest -n 3 $(TOGETHER) $(addprefix --ignore=,$(TIMED)) $(SCREENS) || \
		$(BIN)/python -m pytest --last-failed --last-failed-no-failures none $(SCREENS)
	$(BIN)/python -m pytest $(TIMED)

# A bare Debian under systemd-nspawn: installed from a bundle without a network, then through every fault. Needs root.
BOOTED := tests/systemd/boot
test-box: $(VENV)/test.ready
	@requirements/debian mmdebstrap systemd-container
	$(BIN)/python -m pytest -q -s $(BOOTED)

# Requests drawn from the routes of both apps, held to what must never be answered; `FUZZ_SEED` does a run again.
FUZZ_REQUESTS ?= 100000
fuzz: $(VENV)/test.ready
	FUZZ_REQUESTS=$(FUZZ_REQUESTS) $(BIN)/python -m tests.fuzz

# The power goes at more moments than `make test` has time for: so many, and half as many in each of two controls.
CRASH_STATES ?= 6000
test-crash: $(VENV)/test.ready
	LOBBYDESK_CRASH_STATES=$(CRASH_STATES) $(BIN)/python -m pytest -q tests/crash

bench: $(VENV)/test.ready
	@$(BIN)/lobbydesk bench

lint: $(VENV)/test.ready
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

# Known weaknesses of what the product runs with. Ends with 3 where the public lists cannot be reached.
audit: $(VENV)/test.ready
	@requirements/audit $(BIN)/python

check: lint test

$(VENV)/bin/python:
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || requirements/debian python3-venv
	$(PYTHON) -m venv $(VENV)

# What the product needs to run: its locked dependencies, a font for paper and screen, and the voice of the display.
$(VENV)/deps.ready: $(VENV)/bin/python requirements/run.txt
	@requirements/debian fonts-noto-cjk espeak-ng
	$(PIP) install --require-hashes -r requirements/run.txt
	@touch $@

$(VENV)/run.ready: $(VENV)/deps.ready pyproject.toml $(LANGUAGE).mo
	$(PIP) install --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(LANGUAGE).mo: $(LANGUAGE).po $(VENV)/deps.ready
	@$(BIN)/pybabel --quiet compile -f -i $(LANGUAGE).po -o $@

# What the tests need besides: their libraries, a browser, the tracer of the crash test, a real CUPS, systemd's eye, the
# box's proxy.
$(VENV)/test.ready: $(VENV)/run.ready requirements/test.txt
	@requirements/debian chromium chromium-headless-shell strace cups systemd caddy
	$(PIP) install --require-hashes -r requirements/test.txt
	@touch $@

# Collect the strings of both apps into the catalogue; new ones come out empty and a test names them.
messages: $(VENV)/test.ready
	@$(BIN)/pybabel --quiet extract -F web/translations/babel.cfg -k _l --no-location --sort-output --omit-header \
		-w 120 -o $(VENV)/messages.pot .
	@cp $(LANGUAGE).po $(VENV)/messages.po
	@$(BIN)/pybabel --quiet update --no-fuzzy-matching --ignore-obsolete --omit-header -w 120 -l zh_Hans_CN \
		-i $(VENV)/messages.pot -o $(VENV)/messages.po
	@cat web/translations/zh_Hans_CN/header.po $(VENV)/messages.po > $(LANGUAGE).po

# Renew the locks (needs pip-tools in the environment); no address is recorded.
lock:
	cd requirements && pip-compile $(LOCK) -o test.txt build.in run.in test.in
	cd requirements && pip-compile $(LOCK) -c test.txt -o run.txt build.in run.in

# All that an installation without a network needs, for Debian machines of this one's kind: copy it to a stick.
# BUNDLE_SCREENS=no leaves browser, compositor, voice and large fonts out; BUNDLE_VERSION names a build of your own.
BUNDLE ?= var/bundle
BUNDLE_SCREENS ?= yes
bundle:
	@systemd/bundle $(BUNDLE) --screens $(BUNDLE_SCREENS) $(if $(BUNDLE_VERSION),--version $(BUNDLE_VERSION))

clean:
	rm -rf $(VENV) build *.egg-info
