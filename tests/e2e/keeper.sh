#!/bin/bash
# `rsnms up` keeps the daemons: what dies is started again, with back-off, and it is said; what was stopped
# stays down; a keeper that is killed leaves its daemons serving, and the next one looks after them.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

expect 0 rsnms init "$WORK/one" --profile "$PROFILE"
export RSNMS_CONFIG="$WORK/one/rsnms.yaml"
run="$WORK/one/run"
pid_of() { cat "$run/$1.pid" 2>/dev/null || echo none; }
keeper() { cat "$run/keeper.lock"; }
alive() { [ -e "/proc/$1/exe" ]; }

# again SERVICE OLD: it has another pid, and answers.
again() {
    for _ in $(seq 300); do
        if [ "$(pid_of "$1")" != "$2" ] && rsnms call "$1.service.status" >/dev/null 2>&1; then
            return 0
        fi
        sleep 0.1
    done
    fail "$1 was not started again; $(cat "$run/keeper.log")"
}

expect 0 rsnms up
expect 0 rsnms status
! grep -q "завершалась сама" "$WORK/out" || fail "something is said to have ended"

# ── killed: started again, and said ──────────────────────────────────────────
old="$(pid_of roster)"
kill -9 "$old"
again roster "$old"
grep -q "roster ended by itself (signal 9), for the 1. time" "$run/keeper.log" || fail "the keeper does not say so"
expect 0 rsnms status
said "roster: завершалась сама и была запущена снова, раз: 1"
said "signal 9"

# Again and again: each time it waits twice as long.
for _ in 1 2; do
    old="$(pid_of roster)"
    kill -9 "$old"
    again roster "$old"
done
grep -q "for the 2. time: it is started again in 1.0 s" "$run/keeper.log" || fail "no back-off of 1 s"
grep -q "for the 3. time: it is started again in 2.0 s" "$run/keeper.log" || fail "no back-off of 2 s"

# ── stopped on purpose: stays down ───────────────────────────────────────────
expect 0 rsnms down routes
sleep 1.5
[ ! -e "$run/routes.pid" ] || fail "routes was started again after down"
expect 4 rsnms status
complained "routes is down"
expect 0 rsnms up routes
said "routes"

# ── down and up again before the keeper has looked: it was stopped, it did not end by itself ──
kill -STOP "$(keeper)"
expect 0 rsnms down roster
rsnms up roster >"$WORK/up" 2>&1 &
up=$!
sleep 0.5
kill -CONT "$(keeper)"
wait "$up" || fail "up after down: $(cat "$WORK/up")"
! grep -q "roster ended by itself (exit code 0)" "$run/keeper.log" || fail "a stop is taken for an end; $(cat "$run/keeper.log")"

# ── one that cannot come back: tried at growing distances, never in a spin, and it comes back when mended ──
cp "$WORK/one/region.yaml" "$WORK/region.good"
sed -i 's/^first_year: .*/first_year: soon/' "$WORK/one/region.yaml"
old="$(pid_of indicators)"
before="$(grep -c "indicators starts" "$run/keeper.log")"
kill -9 "$old"
sleep 4
tries=$(($(grep -c "indicators starts" "$run/keeper.log") - before))
[ "$tries" -ge 1 ] && [ "$tries" -le 4 ] || fail "tried $tries times in 4 s"
cp "$WORK/region.good" "$WORK/one/region.yaml"
again indicators "$old"

# ── a log that has grown long is begun anew, while its daemon writes on ──────
head -c 20000000 /dev/zero | tr '\0' 'x' >>"$run/diagnostics.log"
for _ in $(seq 200); do
    [ "$(stat -c %s "$run/diagnostics.log")" -gt 1000000 ] || break
    sleep 0.1
done
[ "$(stat -c %s "$run/diagnostics.log")" -lt 1000000 ] || fail "a log of 20 MB is left as it is"
[ "$(stat -c %s "$run/diagnostics.log.1")" -gt 20000000 ] || fail "what the log held is not in diagnostics.log.1"

# ── a source that is silent is said to be, and heard again ───────────────────
kill -STOP "$(pid_of roster)"
for _ in $(seq 200); do
    rsnms --timeout 1 --json status >"$WORK/status" 2>/dev/null || true
    ! grep -q '"reason":"silent"' "$WORK/status" || break
    sleep 0.2
done
grep -q '"reason":"silent"' "$WORK/status" || fail "nobody says that roster is silent: $(cat "$WORK/status")"
rsnms --timeout 1 status >"$WORK/status" 2>/dev/null || true
grep -q "нет связи: молчит" "$WORK/status" || fail "the status does not say in words that roster is silent"
kill -CONT "$(pid_of roster)"
for _ in $(seq 200); do
    rsnms --json status >"$WORK/status" || true
    grep -q '"reason":"silent"' "$WORK/status" || break
    sleep 0.2
done
! grep -q '"reason":"silent"' "$WORK/status" || fail "roster is still said to be silent"

# ── the keeper itself ────────────────────────────────────────────────────────
lost="$(keeper)"
pids="$(for s in roster diagnostics programmes routes indicators; do pid_of "$s"; done)"
kill -9 "$lost"
for pid in $pids; do
    alive "$pid" || fail "process $pid went with the keeper"
done
expect 0 rsnms up
said "was running"
[ "$(keeper)" != "$lost" ] || fail "no new keeper"
old="$(pid_of diagnostics)"
kill -9 "$old"
again diagnostics "$old"
expect 1 rsnms up --foreground
complained "a keeper runs already"

# ── down: nobody is left, not even one that was just being started again ─────
kill -9 "$(pid_of programmes)"
kept="$(keeper)"
expect 0 rsnms down
! alive "$kept" || fail "the keeper is still there"
sleep 1.5
for file in "$run"/*.pid; do
    [ ! -e "$file" ] || fail "$file is there after down"
done
left="$(pgrep -f -- "--config $RSNMS_CONFIG" || true)"
[ -z "$left" ] || fail "processes are left: $left"
