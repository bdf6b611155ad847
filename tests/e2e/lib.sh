# shellcheck shell=bash
# What the scripts of tests/e2e share. Sourced by them; RSNMS_SOURCE and RSNMS_BUILD come from CTest.
set -euo pipefail

SOURCE="${RSNMS_SOURCE:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}"
BUILD="${RSNMS_BUILD:-$SOURCE/build/release}"
export PROFILE="$SOURCE/config/regions/tomsk.yaml"
export TZ='<+07>-07'          # its zone: for `date`; what the programs mean by a day they take from the profile
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
# start NAME [SERVICE…]: an installation of its own, and those services of it up (none named: all).
start() {
    expect 0 rsnms init "$WORK/$1" --profile "$PROFILE"
    export RSNMS_CONFIG="$WORK/$1/rsnms.yaml"
    expect 0 rsnms up "${@:2}"
}
said()     { grep -qF -- "$1" "$WORK/out" || fail "not on standard output: $1"; }
complained() { grep -qF -- "$1" "$WORK/err" || fail "not on standard error: $1"; }

# rows: of the list that was printed with --json; with NAME VALUE … only those with these members, with NAME '' without it.
rows() {
    python3 - "$WORK/out" "$@" <<'EOP'
import json, sys
want = sys.argv[2:]
lines = [json.loads(line) for line in open(sys.argv[1], encoding="utf8")]
print(sum(all(str(line.get(k, "")) == v for k, v in zip(want[::2], want[1::2])) for line in lines))
EOP
}
has() { local n="$1"; shift; checks=$((checks + 1)); [ "$(rows "$@")" = "$n" ] || fail "not $n rows with $*"; }
# field NAME: of the first line that was printed with --json.
field() { python3 -c 'import json,sys; print(json.loads(open(sys.argv[1]).readline())[sys.argv[2]])' "$WORK/out" "$1"; }
# counted NAME VALUE…: in the last line of a check with --json.
counted() {
    python3 - "$WORK/out" "$@" <<'EOP' || fail "not counted as expected: $*"
import json, sys
got = json.loads(open(sys.argv[1]).read().splitlines()[-1])
want = dict(zip(sys.argv[2::2], map(int, sys.argv[3::2])))
bad = {k: got.get(k) for k in want if got.get(k) != want[k]}
assert not bad, bad
EOP
    checks=$((checks + 1))
}
# id_of CODE: the identifier of an organisation.
id_of() { rsnms --json org show "$1" | sed -n 's/^  "id": "\([^"]*\)".*/\1/p'; }
# What stands in roster's journal; a check of a list is an entry, and enters nothing.
entries() { rsnms metrics roster | sed -n 's/^rsnms_head{service="roster"} //p'; }
readings() { rsnms --json journal roster --event roster.list.checked | grep -c '"event":"roster.list.checked"' || true; }
head_of() { echo $(($(entries) - $(readings))); }

# A town of one region, with schools of these codes.
schools() {
    local school
    expect 0 rsnms org add 70 регион "Область"
    expect 0 rsnms org add 70-01 муниципалитет "Город" --under 70
    for school in "$@"; do expect 0 rsnms org add "$school" школа "Школа $school" --under 70-01; done
}
# teachers SCHOOL FROM TO: a list of so many made-up teachers, one a line.
teachers() {
    python3 - "$@" <<'EOP'
import sys
letters = "абвгдежзиклмнопрстуфхцчшщэюя"
print("Код;Фамилия;Имя;Дата рождения;Код ОО;Должность;Предмет;Дата приема")
for i in range(int(sys.argv[2]), int(sys.argv[3]) + 1):
    name = "".join(letters[i // 28 ** k % 28] for k in range(3))
    print(f"К-{i};Лес{name};Анна;{1960 + i % 40}-03-{1 + i % 28:02};{sys.argv[1]};учитель;химия;2015-09-01")
EOP
}

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
