#!/usr/bin/env bash
# Every bench, one after the other; peers of the glucose bench live in environments of their own (see bench/glucose.py).
set -euo pipefail
cd "$(dirname "$0")/.."
for name in determine glucose "population 1000 10000" ingest; do
    read -r script sizes <<< "$name"
    printf '\n== bench/%s.py %s\n' "$script" "$sizes"
    # shellcheck disable=SC2086
    python "bench/$script.py" $sizes
done
