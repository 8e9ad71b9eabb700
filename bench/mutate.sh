#!/usr/bin/env bash
# Mutation testing (mutmut) of truth, dates and outcome, in a copy and an environment of their own. About two minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git archive HEAD | tar x -C "$work"
python3 -m venv "$work/.venv"
"$work/.venv/bin/pip" install --quiet mutmut==3.8.1 pytest hypothesis msgspec lark PyYAML numpy
cd "$work"
.venv/bin/mutmut run --max-children "${CHILDREN:-2}" >mutmut.log 2>&1 || true
tail -c 200 mutmut.log | tr '\r' '\n' | tail -2
for mutant in $(.venv/bin/mutmut results | sed -n 's/^ *\(priorauth[^:]*\): survived/\1/p'); do
    echo "survived: $mutant"
    .venv/bin/mutmut show "$mutant" | grep '^[-+] '
done
