#!/bin/sh
# A sample of `make model`; the whole of it is tests/model/run.
if ! command -v spin >/dev/null; then
    echo "1..0 # SKIP spin is not installed"
    exit 0
fi
exec "$(dirname "$0")/../model/run" --sample
