#!/usr/bin/env bash
# Re-make the two lock files from pyproject.toml: versions and hashes for every platform, no addresses.
# Keeps the versions that are locked; `scripts/lock.sh --upgrade` takes the newest, `-P NAME` one of them.
set -euo pipefail
cd "$(dirname "$0")/.."

if command -v uv >/dev/null; then
    uv=(uv)
else
    tools=$(mktemp -d)
    trap 'rm -rf "$tools"' EXIT
    python3 -m pip install --quiet --target "$tools" uv
    uv=("$tools/bin/uv")
fi

compile=("${uv[@]}" pip compile --quiet --universal --python-version 3.11 --generate-hashes
    --no-emit-index-url --no-emit-find-links --custom-compile-command scripts/lock.sh pyproject.toml)
"${compile[@]}" --output-file requirements.lock "$@"
"${compile[@]}" --extra dev --constraint requirements.lock --output-file requirements-dev.lock "$@"
grep -Ec '^[a-z0-9._-]+==' requirements.lock requirements-dev.lock
