#!/usr/bin/env bash
# Every bench, one after the other; peers of the glucose bench live in environments of their own (see bench/glucose.py).
set -euo pipefail
cd "$(dirname "$0")/.."
for name in determine glucose population ingest; do
    printf '\n== bench/%s.py\n' "$name"
    python "bench/$name.py"
done
