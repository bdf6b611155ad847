#!/bin/bash
# What is installed works from where it is installed, and what describes it does not fall behind: the manual page
# and the completion know every verb, the units and the containers every daemon of a region.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

DESTDIR="$WORK/root" cmake --install "$BUILD" --prefix /usr >"$WORK/installed"
usr="$WORK/root/usr"
here() { "$usr/bin/rsnms" "$@"; }

# ── it runs ──────────────────────────────────────────────────────────────────
expect 0 here init "$WORK/one" --profile "$usr/share/rsnms/regions/tomsk.yaml"
export RSNMS_CONFIG="$WORK/one/rsnms.yaml"
expect 0 here up
expect 0 here status
said "работает"
for pid in "$WORK"/one/run/*.pid; do
    [[ "$(readlink "/proc/$(cat "$pid")/exe")" == "$usr/libexec/rsnms/"* ]] || fail "$pid is not of the installation"
done
expect 0 here down

# ── manual and completion ────────────────────────────────────────────────────
gzip -dc "$usr/share/man/man1/rsnms.1.gz" >"$WORK/manual"
here --help | sed -n 's/^  \([a-z]\{1,\}\( [a-z]\{1,\}\)*\)\( .*\)\{0,1\}$/\1/p' >"$WORK/verbs"
[ "$(wc -l <"$WORK/verbs")" -gt 20 ] || fail "no verbs found in --help"
completion="$(PATH="$usr/bin:$PATH" bash -c '. "$1"; _rsnms_verbs' - "$usr/share/bash-completion/completions/rsnms")"
while read -r verb; do
    checks=$((checks + 1))
    grep -qE "^\.B $verb( |$)" "$WORK/manual" || fail "the manual page does not know: $verb"
    grep -qxF "$verb" <<<"$completion" || fail "the completion does not know: $verb"
done <"$WORK/verbs"
if command -v man >/dev/null; then
    expect 0 env MANROFFSEQ= LC_ALL=C.UTF-8 man --warnings -E UTF-8 -l "$WORK/manual"
    [ ! -s "$WORK/err" ] || fail "the manual page is not good roff"
fi

# ── units and containers ─────────────────────────────────────────────────────
sed -n 's/^  - name: //p' "$RSNMS_CONFIG" >"$WORK/daemons"
while read -r name; do
    checks=$((checks + 1))
    [ -x "$usr/libexec/rsnms/rsnms-$name" ] || fail "no program of $name is installed"
    grep -q "rsnms@$name.service" "$usr/lib/systemd/system/rsnms-region.target" || fail "rsnms-region.target does not want $name"
    grep -q "command: \[rsnms-$name\]" "$SOURCE/docker/compose.yaml" || fail "compose.yaml has no container of $name"
    grep -q "in .*\b$name\b" "$SOURCE/docker/entrypoint" || fail "docker/entrypoint gives no address to $name"
done <"$WORK/daemons"
