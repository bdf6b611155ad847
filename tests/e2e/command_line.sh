#!/bin/bash
# The command line against real daemons: exit codes, what is said when something is wrong, and the verbs that
# look after stores and keys. No data of a region is needed.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# ── before there is anything ─────────────────────────────────────────────────
expect 0 rsnms --help
said "exit codes"
expect 2 rsnms
expect 2 rsnms frobnicate
complained "no such verb: frobnicate"
expect 2 rsnms keys
for verb in init up down status call methods journal verify rebuild backup restore "keys new" "keys list" "keys rotate" "keys revoke" \
            "roster check" "roster import" "history load" indicators worst route compare settle sample metrics "federal open" "federal fill" "federal enter" "federal show" \
            "federal submit" "federal approve" "federal return" "federal send" "federal list" "federal compare" "federal check" \
            "federal reply" "federal key" "federal withdraw" "federal answer"; do
    # shellcheck disable=SC2086
    expect 0 rsnms $verb --help
    said "usage: rsnms $verb"
done
expect 1 rsnms --config "$WORK/none.yaml" status
complained "$WORK/none.yaml"

expect 2 rsnms init "$WORK/one"
expect 1 rsnms init "$WORK/one" --profile "$WORK/none.yaml"
expect 0 rsnms init "$WORK/one" --profile "$PROFILE"
said "rsnms up"
expect 1 rsnms init "$WORK/one" --profile "$PROFILE"
complained "is there already"
export RSNMS_CONFIG="$WORK/one/rsnms.yaml"
[ "$(stat -c %a "$WORK/one/keys/vault.key")" = 600 ] || fail "others may read the vault's key"
[ "$(stat -c %a "$WORK/one/keys/roster.secret")" = 600 ] || fail "others may read a secret key"

# ── a daemon that is down ────────────────────────────────────────────────────
expect 4 rsnms status
complained "roster is down: expected at ipc://$WORK/one/run/roster.sock"
expect 4 rsnms call roster.organisation.list
complained "roster is down: nobody listens at ipc://$WORK/one/run/roster.sock"
expect 4 rsnms indicators
complained "indicators is down"
expect 0 rsnms down

# ── a profile that is wrong: nothing starts, and it says file, line and field ─
cp "$WORK/one/region.yaml" "$WORK/region.good"
sed -i 's/^first_year: .*/first_year: soon/' "$WORK/one/region.yaml"
line="$(grep -n '^first_year' "$WORK/one/region.yaml" | cut -d: -f1)"
expect 4 rsnms up indicators
complained "indicators did not start"
complained "region.yaml:$line"
complained "first_year"
cp "$WORK/region.good" "$WORK/one/region.yaml"
sed '/^profile:/d' "$RSNMS_CONFIG" >"$WORK/one/bare.yaml"       # without settings there is nothing to work by
expect 1 "$BUILD/rsnms-indicators" --config "$WORK/one/bare.yaml"
complained "bare.yaml: profile: missing"
sed '/vault_key:/d' "$RSNMS_CONFIG" >"$WORK/one/bare.yaml"
expect 1 "$BUILD/rsnms-roster" --config "$WORK/one/bare.yaml"
complained "bare.yaml: services[0].vault_key: missing"
cp "$RSNMS_CONFIG" "$WORK/config.good"
echo "surprise: 1" >>"$RSNMS_CONFIG"
expect 1 rsnms status
complained "surprise"
cp "$WORK/config.good" "$RSNMS_CONFIG"
expect 2 rsnms up nobody

# ── up, status, a second up ──────────────────────────────────────────────────
expect 0 rsnms up
said "indicators"
pid="$(cat "$WORK/one/run/roster.pid")"
expect 0 rsnms up
said "was running"
[ "$(cat "$WORK/one/run/roster.pid")" = "$pid" ] || fail "a second up started a second daemon"
expect 0 rsnms status
said "работает"
expect 0 rsnms --lang en status
said "service"
expect 0 rsnms --json status
python3 -c 'import json,sys; rows = json.load(open(sys.argv[1])); assert len(rows) == 6 and all(r["up"] for r in rows)' "$WORK/out" \
    || fail "status --json is not six services that are up"
expect 0 rsnms settle
expect 0 rsnms metrics
said 'rsnms_head{service="routes"} 0'

# ── call ─────────────────────────────────────────────────────────────────────
region="$(sed -n 's/^region: //p' "$RSNMS_CONFIG")"
expect 2 rsnms call roster.organisation.register '{"code": "70",'
complained "not JSON: 1:"
expect 2 rsnms call roster.organisation.register '{"code": "70", "kind": "castle", "title": "x"}'
complained "kind"
complained "no_such_name"
expect 2 rsnms call roster.organisation.register '{"code": "70", "kind": "region", "title": "x", "colour": "red"}'
complained "colour"
expect 2 rsnms call roster.organisation.register '{"kind": "region", "title": "x"}'
complained "code"
complained "missing"
expect 2 rsnms call roster.no.such
complained "no such method: roster.no.such"
expect 0 rsnms call roster.organisation.register "{\"id\": \"$region\", \"code\": \"70\", \"kind\": \"region\", \"title\": \"Томская область\"}"
said "$region"
expect 0 rsnms call roster.organisation.register - <<<"{\"code\": \"70-01\", \"kind\": \"municipality\", \"title\": \"Стрежевой\", \"parent\": \"$region\"}"
expect 1 rsnms call roster.organisation.register "{\"code\": \"70-02\", \"kind\": \"school\", \"title\": \"x\"}"
complained "parent"
expect 1 rsnms --json call roster.organisation.register "{\"code\": \"70-02\", \"kind\": \"school\", \"title\": \"x\"}"
said '"reason": "parent_missing"'
expect 0 rsnms call roster.organisation.list
said "Стрежевой"
expect 1 rsnms --key authority call roster.organisation.register '{"code": "70-03", "kind": "municipality", "title": "x"}'
expect 1 rsnms --key nobody call roster.organisation.list
complained "nobody"

# The same command id a second time has no second effect.
id="$(python3 -c 'import os, time; b = bytearray(int(time.time() * 1000).to_bytes(6, "big") + os.urandom(10)); b[6] = b[6] & 15 | 112; b[8] = b[8] & 63 | 128; h = b.hex(); print("-".join((h[:8], h[8:12], h[12:16], h[16:20], h[20:])))')"
body="{\"code\": \"70-04\", \"kind\": \"municipality\", \"title\": \"Асино\", \"parent\": \"$region\"}"
expect 0 rsnms call --command "$id" roster.organisation.register "$body"
cp "$WORK/out" "$WORK/first"
expect 0 rsnms call --command "$id" roster.organisation.register "$body"
cmp -s "$WORK/out" "$WORK/first" || fail "the same command got another answer"
expect 1 rsnms call --command "$id" roster.organisation.register "${body/Асино/Колпашево}"

# ── journal ──────────────────────────────────────────────────────────────────
expect 0 rsnms journal roster
python3 - "$WORK/out" <<'EOP' || fail "the journal is not JSON lines numbered from 1 without a gap"
import json, sys
rows = [json.loads(line) for line in open(sys.argv[1])]
assert [r["number"] for r in rows] == list(range(1, len(rows) + 1))
assert rows[0]["event"] == "roster.organisation.registered" and rows[0]["body"]["title"] == "Томская область"
assert any(r["event"] == "refused" for r in rows)
EOP
lines="$(wc -l <"$WORK/out")"
expect 0 rsnms journal roster --from "$lines"
[ "$(wc -l <"$WORK/out")" = 1 ] || fail "--from the last entry gives more than one"
expect 0 rsnms journal roster --event roster.organisation
[ "$(grep -c '"event":"refused"' "$WORK/out")" = 0 ] || fail "--event does not choose"
for service in diagnostics programmes routes indicators federal; do
    expect 0 rsnms journal "$service"
done
expect 2 rsnms journal nobody
timeout 20 "$BUILD/rsnms" journal roster --follow >"$WORK/followed" &
follower=$!
rsnms call roster.organisation.register "{\"code\": \"70-05\", \"kind\": \"municipality\", \"title\": \"Кедровый\", \"parent\": \"$region\"}" >/dev/null
for _ in $(seq 100); do
    ! grep -q Кедровый "$WORK/followed" || break
    sleep 0.1
done
kill -INT "$follower" 2>/dev/null || true
wait "$follower" 2>/dev/null || true
grep -q Кедровый "$WORK/followed" || fail "--follow did not show a new entry"

# ── keys ─────────────────────────────────────────────────────────────────────
expect 2 rsnms keys new x
expect 2 rsnms keys new x --role emperor --all
complained "municipal"
expect 0 rsnms keys new strezhevoy --role municipal --scope "$region"
expect 1 rsnms keys new strezhevoy --role municipal --scope "$region"
expect 0 rsnms keys list
said "strezhevoy"
expect 0 rsnms keys list --csv "$WORK/keys.csv"
grep -q "^strezhevoy;municipal;действует;да;" "$WORK/keys.csv" || fail "keys list --csv"
expect 0 rsnms --json keys list
python3 -c 'import json,sys; assert len(json.load(open(sys.argv[1]))["principals"]) == 11' "$WORK/out" || fail "keys list --json"
expect 0 rsnms keys rotate operator
old="$(sed -n "s/.*keys revoke '\(.*\)'.*/\1/p" "$WORK/out")"
expect 0 rsnms --key operator call roster.service.status
expect 0 rsnms keys revoke "$old"
expect 0 rsnms --key operator call roster.service.status        # the new one speaks, the old one is dead
expect 1 rsnms keys rotate nobody
expect 0 rsnms keys revoke strezhevoy
said "revoked"
expect 1 rsnms keys revoke strezhevoy

# ── stores ───────────────────────────────────────────────────────────────────
expect 0 rsnms backup roster monday
expect 1 rsnms backup roster monday
expect 1 rsnms backup roster ../../away
expect 4 rsnms verify roster
complained "stop it first"
expect 4 rsnms rebuild roster
expect 4 rsnms restore roster "$WORK/one/backup/monday"
expect 0 rsnms verify roster --store "$WORK/one/backup/monday/roster"
said "the chain is whole"
rsnms call roster.organisation.register "{\"code\": \"70-06\", \"kind\": \"municipality\", \"title\": \"После копии\", \"parent\": \"$region\"}" >/dev/null
expect 0 rsnms down roster
expect 4 rsnms status
expect 0 rsnms verify roster
expect 0 rsnms rebuild roster
said "the state is what its"
expect 0 rsnms rebuild roster --replace
expect 1 rsnms restore roster "$WORK/nowhere"
expect 0 rsnms verify roster
"$BUILD/rsnms-roster" --config "$RSNMS_CONFIG" >"$WORK/one/run/roster.log" 2>&1 &
stranger=$!
for _ in $(seq 100); do
    ! rsnms call roster.organisation.list >/dev/null 2>&1 || break
    sleep 0.05
done
expect 4 rsnms restore roster "$WORK/one/backup/monday"
complained "in use by another process"
expect 4 rsnms verify roster
expect 0 rsnms call roster.organisation.list
kill "$stranger"
wait "$stranger" || fail "the daemon ended with $?"
expect 0 rsnms restore roster "$WORK/one/backup/monday"
said "new incarnation"
expect 0 rsnms verify roster
expect 0 rsnms up roster
expect 0 rsnms call roster.organisation.list
grep -q Асино "$WORK/out" || fail "the restored store lost what the backup held"
! grep -q "После копии" "$WORK/out" || fail "the restored store holds what came after the backup"

# ── a daemon that was stopped, one that hangs (one that dies: keeper.sh) ─────
expect 0 rsnms down programmes
expect 4 rsnms status
complained "programmes is down"
expect 0 rsnms up
said "programmes     started"
kill -STOP "$(cat "$WORK/one/run/programmes.pid")"
expect 4 rsnms --timeout 1 call programmes.programme.list
complained "programmes does not answer"
complained "ipc://$WORK/one/run/programmes.sock"
expect 1 rsnms down programmes --wait 1
complained "was killed"
expect 0 rsnms up programmes

# ── tcp by configuration: a free port, found again by run/SERVICE.endpoint ───
expect 0 rsnms down indicators
python3 - "$RSNMS_CONFIG" <<'EOP'
import sys
text = open(sys.argv[1]).read()
open(sys.argv[1], "w").write(text.replace("- name: indicators\n", "- name: indicators\n    listen: tcp://127.0.0.1:*\n"))
EOP
expect 4 rsnms call indicators.value.list
complained "indicators is down"
expect 0 rsnms up indicators
expect 0 rsnms --json status
said '"endpoint":"tcp://'
expect 0 rsnms settle
expect 0 rsnms call indicators.catalogue.get
said "Доля педагогических работников"

# ── down: none is left, and a second down says so ────────────────────────────
pids="$(cat "$WORK"/one/run/*.pid)"
expect 0 rsnms down
for pid in $pids; do
    if [ -e "/proc/$pid/exe" ]; then
        fail "process $pid is still there after down"
    fi
done
expect 0 rsnms down
said "was not running"

# ── --foreground: the daemons end with it ────────────────────────────────────
"$BUILD/rsnms" up --foreground >"$WORK/foreground" 2>&1 &
front=$!
for _ in $(seq 200); do
    [ "$(grep -c started "$WORK/foreground")" != 6 ] || break
    sleep 0.1
done
expect 0 rsnms status
pids="$(cat "$WORK"/one/run/*.pid)"
kill -TERM "$front"
code=0
wait "$front" || code=$?
[ "$code" = 0 ] || fail "up --foreground ended with $code"
for pid in $pids; do
    if [ -e "/proc/$pid/exe" ]; then
        fail "process $pid is still there after up --foreground"
    fi
done

# ── a store that was damaged ─────────────────────────────────────────────────
python3 - "$WORK/one/data/roster/data.mdb" <<'EOP'
import sys
path = sys.argv[1]
data = bytearray(open(path, "rb").read())
at = data.find("Асино".encode())
assert at > 0
while at > 0:
    data[at] ^= 1 << 1
    at = data.find("Асино".encode(), at + 1)
open(path, "r+b").write(data)
EOP
expect 1 rsnms verify roster
complained "entry"
