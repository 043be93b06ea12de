#!/usr/bin/env bash
# Style, types, layers and migrations; every gate runs, the first failing one gives the exit code.
set -uo pipefail
cd "$(dirname "$0")/.."
export MAEHIA_DATA="$PWD/var/test" DJANGO_SETTINGS_MODULE=maehia.settings
failed=0
gate() {
  local name=$1 begin=$SECONDS
  shift
  if "$@"; then echo "✓ $name ($((SECONDS - begin)) s)"; else echo "✗ $name"; failed=1; fi
}
strict() {
  local pure=(maehia/base maehia/thai maehia/linkage maehia/demo maehia/impact maehia/hazards maehia/network) files
  mapfile -t files < <(find maehia -name rules.py -o -name queries.py -o -name actions.py -o -name workflow.py \
    -o -path '*/queries/*.py' -o -path '*/actions/*.py' -o -path '*/rules/*.py' | grep -v '/tests/' | sort)
  .venv/bin/mypy --strict --exclude '/tests/' "${pure[@]}" "${files[@]}"
}
migrations() { .venv/bin/python -c 'from maehia.cli import cluster; cluster.start()' && .venv/bin/django-admin makemigrations --check --dry-run; }

gate "ruff" .venv/bin/ruff check .
gate "format" .venv/bin/ruff format --check -q .
gate "layers" .venv/bin/lint-imports --no-cache
gate "types" strict
gate "migrations" migrations
exit $failed
