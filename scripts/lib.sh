# shellcheck shell=bash
# What the scripts share: where things are, and how they say so. Sourced, not run.
set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
JOBS="${JOBS:-$(nproc)}"
export ROOT JOBS

say()  { printf '\n── %s\n' "$*"; }
warn() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die()  { warn "$*"; exit 1; }

# usage_of FILE: the comment at the head of a script is its help.
usage_of() { sed -n '2,/^[^#]/ { /^#/ s/^# \{0,1\}//p }' "$1"; }

# build_in NAME [cmake options]: configures and builds build/NAME, or only what TARGET names; quiet unless it fails.
build_in() {
    local name="$1" dir="$ROOT/build/$1" log
    shift
    mkdir -p "$dir"
    log="$dir/build.log"
    say "build/$name${*:+ ($*)}"
    if ! { cmake -G Ninja -S "$ROOT" -B "$dir" "$@" && ninja -C "$dir" -j "$JOBS" "${TARGET:-all}"; } >"$log" 2>&1; then
        tail -n 40 "$log" >&2
        warn "build/$name does not build; the whole log is in $log"
        return 1
    fi
}
