# shellcheck shell=bash
# What the scripts of tests/e2e share. Sourced by them; RSNMS_SOURCE and RSNMS_BUILD come from CTest.
set -euo pipefail

SOURCE="${RSNMS_SOURCE:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}"
BUILD="${RSNMS_BUILD:-$SOURCE/build/release}"
export PROFILE="$SOURCE/config/regions/tomsk.yaml"
WORK="$(mktemp -d /tmp/rsnms-e2e.XXXXXX)"
checks=0

rsnms() { "$BUILD/rsnms" "$@"; }

fail() {
    printf 'FAILED: %s\n' "$*" >&2
    [ ! -f "$WORK/out" ] || sed 's/^/  out| /' "$WORK/out" >&2
    [ ! -f "$WORK/err" ] || sed 's/^/  err| /' "$WORK/err" >&2
    exit 1
}

# expect CODE COMMAND…: runs it; what it says is in $WORK/out and $WORK/err.
expect() {
    local wanted="$1" code=0
    shift
    "$@" >"$WORK/out" 2>"$WORK/err" || code=$?
    checks=$((checks + 1))
    [ "$code" = "$wanted" ] || fail "exit code $code instead of $wanted: $*"
}
said()     { grep -qF -- "$1" "$WORK/out" || fail "not on standard output: $1"; }
complained() { grep -qF -- "$1" "$WORK/err" || fail "not on standard error: $1"; }

# Every daemon that a test started is ended by the command line; one that is left is a failure.
cleanup() {
    local code=$? at
    for at in "$WORK"/*/rsnms.yaml; do
        [ -f "$at" ] || continue
        rsnms --config "$at" down >/dev/null 2>&1 || code=1
        # What a sanitizer or an assertion says goes to a daemon's log, where nobody would look.
        if grep -E -A 30 'Sanitizer|runtime error|Assertion' "${at%/*}"/run/*.log >&2; then
            code=1
        fi
        [ "$code" = 0 ] || tail -n 5 "${at%/*}"/run/*.log >&2 || true
    done
    rm -rf "$WORK"
    [ "$code" != 0 ] || echo "$checks checks"
    exit "$code"
}
trap cleanup EXIT
