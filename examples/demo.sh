#!/usr/bin/env bash
# The main job on real examples: four requests, each with another outcome; a sensor download; a population of 10,000.
# `priorauth` is on the path. What it writes stands in build/demo.
set -euo pipefail
cd "$(dirname "$0")/.."
members=${MEMBERS:-10000}
out=build/demo
rm -rf "$out"
mkdir -p "$out"

say() { printf '\n%s\n$ %s\n\n' "$(printf '=%.0s' {1..100})" "$*"; }

for name in approve ask conflict not-yet; do
    say priorauth determine "examples/$name.json"
    priorauth determine "examples/$name.json" --format text
done

log=tests/data/glucose/Clarity_Export_synthetic.csv
say priorauth glucose "$log" --html "$out/profile.html"
priorauth glucose "$log" --html "$out/profile.html" | head -20
echo "... the picture: $out/profile.html"

say priorauth population: synthesize, ingest, run as if all asked for a first pump
priorauth population synthesize "$members" "$out/export" --seed 7 --as-of 2026-11-20
# Some members lack their Coverage on purpose, so that the ingest ends with 3: done, with rejects.
priorauth population ingest "$out/export" "$out/tables" --as-of 2026-11-20 || test $? -eq 3
priorauth population run "$out/tables" --policy masshealth/insulin-pumps --as-of 2026-11-20 --out "$out/decided.parquet" \
    --suppose request_kind=initial --suppose product_code=E0784

echo
echo "The same as a service, with people, clocks and made-up requests: make serve, then open http://127.0.0.1:8080/"
