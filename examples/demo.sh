#!/usr/bin/env bash
# The main job on real examples: decide four requests, each with another outcome. `priorauth` is on the path.
set -euo pipefail
cd "$(dirname "$0")"
for name in approve ask conflict not-yet; do
    printf '\n%s\n$ priorauth determine examples/%s.json\n\n' "$(printf '=%.0s' {1..100})" "$name"
    priorauth determine "$name.json" --format text
done
