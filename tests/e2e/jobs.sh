#!/bin/bash
# A checked list is entered by a job that lies beside it: killed at any point of it, or cut off by a daemon that dies, the same
# command goes on where it was, enters each row once, and what was shown; other lists and damaged jobs are refused.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

start one roster
schools S1 S2 S3
ended() { rsnms --json journal roster --event roster.post.closed | grep -c '"event"' || true; }

# ── killed at every point, on the way in and on the way out ──────────────────
ROWS=120
n=0
for point in job_part:1 job_made:1 job_begun:1 job_begun:90 job_sent:1 job_sent:60 job_sent:120 job_settled:1 job_settled:70 job_settled:120 \
             job_rows_through:1 job_through:1; do
    n=$((n + 1))
    teachers S1 $((n * 1000)) $((n * 1000 + ROWS - 1)) >"$WORK/list.csv"
    before="$(head_of)"
    code=0
    RSNMS_FAILPOINT="$point" rsnms roster import "$WORK/list.csv" --delta >"$WORK/out" 2>"$WORK/err" || code=$?
    [ "$code" = 137 ] || fail "not killed at $point: exit code $code"
    [ "$point" = job_part:1 ] || [ -f "$WORK/list.csv.job" ] || fail "no job is left at $point"
    ! grep -qaE 'Лес|К-|1960' "$WORK/list.csv.job" 2>/dev/null || fail "a job says something of a person"
    case "$point" in job_settled:70|job_through:1) kept=1 ;; *) kept= ;; esac
    expect 0 rsnms roster import "$WORK/list.csv" --delta
    [ -z "$kept" ] || complained "продолжено, внесено раньше"
    [ "$(head_of)" = $((before + 2 * ROWS)) ] || fail "killed at $point: not one person and one post a row"
    [ ! -e "$WORK/list.csv.job" ] && [ ! -e "$WORK/list.csv.job.part" ] || fail "killed at $point: the job is not gone"
    expect 0 rsnms --json roster check "$WORK/list.csv"
    counted unchanged "$ROWS"
done

# ── the ends of a full list are steps of the job as well ─────────────────────
teachers S2 50001 50040 >"$WORK/full.csv"
expect 0 rsnms roster import "$WORK/full.csv" --delta
sed -i '2,11d' "$WORK/full.csv"
before="$(ended)"
for point in job_sent:4 job_settled:9 job_through:1; do
    code=0
    RSNMS_FAILPOINT="$point" rsnms roster import "$WORK/full.csv" --full --share 50 --dismiss 2024-08-31 >"$WORK/out" 2>"$WORK/err" || code=$?
    [ "$code" = 137 ] || fail "not killed at $point: exit code $code"
    [ -f "$WORK/full.csv.job" ] || fail "no job is left at $point"
done
expect 0 rsnms roster import "$WORK/full.csv" --full --share 50 --dismiss 2024-08-31
[ "$(ended)" = $((before + 10)) ] || fail "not one end for each who is missing"
expect 0 rsnms --json roster check "$WORK/full.csv" --full
counted unchanged 30 vanished 0 people 30

# ── the daemon dies in the middle ────────────────────────────────────────────
teachers S3 60001 68000 >"$WORK/long.csv"
before="$(head_of)"
reached="$(entries)"
rsnms --timeout 5 roster import "$WORK/long.csv" --delta >"$WORK/out" 2>"$WORK/err" &
loader=$!
for _ in $(seq 600); do
    [ "$(entries)" -lt $((reached + 500)) ] || break
    sleep 0.02
done
expect 0 rsnms down roster
wait "$loader" && fail "an import without a daemon ended well" || true
[ -f "$WORK/long.csv.job" ] || fail "no job is left of an import that was cut off"
grep -q "та же команда продолжит" "$WORK/err" || fail "it was not said how to go on"
expect 0 rsnms up roster
expect 0 rsnms roster import "$WORK/long.csv" --delta
complained "продолжено, внесено раньше"
[ "$(head_of)" = $((before + 16000)) ] || fail "not one person and one post a row"

# ── what was shown is what is done ───────────────────────────────────────────
teachers S1 70001 70003 >"$WORK/three.csv"
expect 0 rsnms roster import "$WORK/three.csv" --delta
sed -i 's/химия/физика/' "$WORK/three.csv"
expect 0 rsnms roster check "$WORK/three.csv" --keep
said "изменений 3"
expect 1 rsnms roster check "$WORK/three.csv" --keep
complained "уже начато"
teachers S1 70002 70002 | sed 's/химия/биология/' >"$WORK/other.csv"        # somebody else, meanwhile
expect 0 rsnms roster import "$WORK/other.csv" --delta
expect 3 rsnms roster import "$WORK/three.csv"
said "строка 3"
said "с тех пор как список сверяли"
expect 0 rsnms --json roster check "$WORK/three.csv"
counted unchanged 2 changed 1

# ── a job is of one list, whole, and of one process ──────────────────────────
teachers S1 80001 80050 >"$WORK/mine.csv"
expect 0 rsnms roster check "$WORK/mine.csv" --keep --job "$WORK/elsewhere.job"
[ ! -e "$WORK/mine.csv.job" ] || fail "the job does not lie where --job says"
before="$(head_of)"
sed -i 's/химия/физика/' "$WORK/mine.csv"
expect 1 rsnms roster import "$WORK/mine.csv" --job "$WORK/elsewhere.job"
complained "по другому содержанию списка"
sed -i 's/физика/химия/' "$WORK/mine.csv"
printf 'Столбец;Поле\nИмя;family\nФамилия;given\n' >"$WORK/columns.csv"
expect 1 rsnms roster import "$WORK/mine.csv" --job "$WORK/elsewhere.job" --map "$WORK/columns.csv"
complained "других столбцов"
for at in 3 60 100 300; do
    cp "$WORK/elsewhere.job" "$WORK/hurt.job"
    printf '\377' | dd of="$WORK/hurt.job" bs=1 seek=$at conv=notrunc status=none
    expect 1 rsnms roster import "$WORK/mine.csv" --job "$WORK/hurt.job"
    complained "$WORK/hurt.job: "
done
head -c 500 "$WORK/elsewhere.job" >"$WORK/hurt.job"
expect 1 rsnms roster import "$WORK/mine.csv" --job "$WORK/hurt.job"
complained "повреждено"
exec 9<"$WORK/elsewhere.job"
flock -x 9
expect 1 rsnms roster import "$WORK/mine.csv" --job "$WORK/elsewhere.job"
complained "уже работает другой процесс"
exec 9<&-
[ "$(head_of)" = "$before" ] || fail "a job that was refused has entered something"
expect 0 rsnms roster import "$WORK/mine.csv" --job "$WORK/elsewhere.job"
[ "$(head_of)" = $((before + 100)) ] || fail "the job was not done"
expect 1 rsnms roster import "$WORK/mine.csv" --delta --job "$WORK/none/at.job"
complained "другое место называет --job"
expect 2 rsnms roster import "$WORK/mine.csv" --delta --keep
