#!/usr/bin/env bash
# Fetches LHC-Forms, a renderer of FHIR Questionnaires, and the zone.js that it wants, into node_modules beside this file.
# Not by `npm ci`: LHC-Forms lists what it was built with as what it needs (all of Angular), and npm never ends over that;
# what it gives out is whole without. The versions and their hashes stand here instead of in a lock file.
set -euo pipefail
cd "$(dirname "$0")"
fetched() { # NAME VERSION SHA512 FILE...: these files of a package
  local name="$1" version="$2" wanted="$3" archive
  shift 3
  test "$(cat "node_modules/$name/.version" 2>/dev/null)" != "$version" || return 0
  archive="$(npm pack --silent "$name@$version" | tail -1)"
  local found
  found="$(openssl dgst -sha512 -binary "$archive" | base64 -w0)"
  if test "$found" != "$wanted"; then
    echo "$name@$version: expected sha512 $wanted, found $found" >&2
    rm -f "$archive"
    exit 1
  fi
  rm -rf "node_modules/$name"
  mkdir -p "node_modules/$name"
  tar xzf "$archive" -C "node_modules/$name" --strip-components=1 "${@/#/package/}"
  rm -f "$archive"
  echo "$version" >"node_modules/$name/.version"
}
mkdir -p node_modules
fetched lforms 40.1.3 \
  WLruTm+BcVnafC0rSAQ3/cNqhxvclBUxyBG68aub/uha2NaK9H8ZZcEXTTuORuGzzCt0wa7fvhuieZtcDIdPzQ== \
  LICENSE.md package.json dist/fhir/R4 dist/lforms/webcomponent
fetched zone.js 0.15.1 \
  XE96n56IQpJM7NAoXswY3XRLcWFW83xe0BiAOeMD7K5k5xecOeul3Qcpx6GqEeeHNkW5DWL5zOyTbEfB4eti8w== \
  LICENSE package.json bundles/zone.umd.min.js
