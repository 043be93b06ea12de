#!/usr/bin/env bash
# Lock the newest parts that requirements/*.in allow, for every platform and Python that we support, with hashes.
# The locks name no registry: whoever installs uses the index of their own configuration.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -x .venv/bin/uv ] || { python3 -m venv .venv && .venv/bin/pip install -q --require-hashes -r requirements/boot.txt; }
# Python 3.11 is the oldest; --universal adds markers where 3.12 and 3.13 differ.
# A lock keeps its versions unless `make lock` is asked for newer ones.
lock() {
  .venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
    --no-emit-index-url --no-emit-find-links --upgrade "requirements/$1.in" -o "requirements/$1.txt" "${@:2}"
  echo "requirements/$1.txt: $(grep -c '==' "requirements/$1.txt") parts"
}
lock boot
lock base
lock dev -c requirements/base.txt
if grep -nE '(https?|file)://' requirements/*.txt; then
  echo "a lock names a place to download from; remove it from the configuration of uv" >&2
  exit 1
fi
