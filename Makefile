# Two commands for a newcomer: `make demo` and `make test`. The rest is in README.md.
PYTHON ?= python3
PORT ?= 8000
RUN = .venv/bin/python
# Some machines forbid it; then each start compiles everything again.
unexport PYTHONDONTWRITEBYTECODE
LOCK = .venv/bin/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet $(UPGRADE)
SIX = accounts config core directory referrals search
STRICT = SECRET_KEY=$$($(RUN) -c "import secrets; print(secrets.token_urlsafe(64))") \
	FIELD_ENCRYPTION_KEYS=$$($(RUN) -c "import base64, secrets; print(','.join(f'{p}:c1:{base64.b64encode(secrets.token_bytes(32)).decode()}' for p in ('enc', 'idx', 'mac', 'bak')))") \
	ALLOWED_HOSTS=linkwell.example SITE_URL=https://linkwell.example

.PHONY: demo test check fix bench lock counts docs messages pictures
.DEFAULT_GOAL := demo

.venv/bin/python:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { \
		echo "Linkwell needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1)."; \
		echo "Install it, then run: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/run: .venv/bin/python requirements.txt
	@echo "Installing what Linkwell stands on (once, about half a minute) ..."
	@.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/dev: .venv/run requirements-dev.txt
	@echo "Installing the tools of developers (once, about a minute) ..."
	@.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

demo: .venv/run
	@SECURITY_PROFILE=demo PORT=$(PORT) $(RUN) manage.py demo $(ARGS)

test: .venv/dev
	@$(RUN) -m tests.run $(PART)

check: .venv/dev
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	git ls-files -z '*.html' | xargs -0 .venv/bin/djade --check --target-version 5.2
	.venv/bin/typos
	.venv/bin/mypy .
	.venv/bin/lint-imports
	.venv/bin/bandit -q -ll -r $(SIX)
	$(STRICT) $(RUN) manage.py check --deploy --fail-level WARNING
	$(RUN) manage.py makemigrations --check --dry-run --settings config.settings_test
	$(RUN) manage.py spectacular --validate --file /dev/null --settings config.settings_test
	$(RUN) -m pytest -q tests/architecture

fix: .venv/dev
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .
	git ls-files -z '*.py' | xargs -0 .venv/bin/django-upgrade --target-version 5.2
	git ls-files -z '*.html' | xargs -0 .venv/bin/djade --target-version 5.2

# Prints JSON and fails on a miss; PART=inbox ARGS="--referrals 20000" is a small try of one part.
bench: .venv/dev
	@$(RUN) -m bench.run $(PART) $(ARGS)

lock: .venv/dev
	$(LOCK) -o requirements.txt
	$(LOCK) --group dev -c requirements.txt -o requirements-dev.txt

counts docs: .venv/dev
	WRITE=1 $(RUN) -m pytest -q tests/architecture tests/api -k "current or counts"

# Needs Chromium and a running `make demo`, whose passphrase DEMO_PASSPHRASE holds.
pictures: .venv/dev
	$(RUN) docs/pictures.py

# Needs GNU gettext; the compiled file is committed, because `make demo` must not need it.
messages: .venv/dev
	$(RUN) manage.py makemessages -l zh_Hans --no-location --no-obsolete --ignore .venv --ignore var --settings config.settings_test
	$(RUN) manage.py compilemessages -l zh_Hans --settings config.settings_test
