#!/bin/bash
# Personal data over a whole installation: nothing of them can be read in any file of it, before and after; a person is
# erased, with act and extract; a backup of the store from before, restored after it, cannot show him, and hears of it again;
# keys that are of another time are refused with what to do.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

one="$WORK/one"
expect 0 rsnms init "$one" --profile "$PROFILE"
export RSNMS_CONFIG="$one/rsnms.yaml"
expect 0 rsnms up
expect 3 rsnms history load "$SOURCE/tests/data/thirty"

head='Код работника;Фамилия;Имя;Отчество;Дата рождения;СНИЛС;Код организации;Должность;Предмет;Совместительство;Дата первой педагогической должности;Работает с;Уволен'
printf '%s\r\n%s\r\n' "$head" 'У-77;Чижикова;Аграфена;Епифановна;17.08.1979;112-233-445 95;70-01-001;учитель;химия;нет;01.09.2001;01.09.2010;31.05.2023' >"$WORK/left.csv"
expect 0 rsnms roster import "$WORK/left.csv"
complained "новых людей 1"
person="$(rsnms --key centre call roster.person.find '{"codes":["У-77"]}' | grep -oP '"\K[0-9a-f-]{36}')"
[ -n "$person" ] || fail "no such person was found"
expect 0 rsnms call roster.person.read "{\"person\":\"$person\",\"purpose\":\"сверка списков\"}"
said "Чижикова"
expect 0 rsnms call roster.consent.give "{\"person\":\"$person\",\"purpose\":\"support\",\"text\":\"2023-1\",\"day\":\"2023-01-10\"}"

# ── what lies in files ───────────────────────────────────────────────────────
secrets=(Чижикова Аграфена Епифановна 1979-08-17 11223344595)
# hidden PATH…: nothing of it in any form. The search itself is tested by test_traces.
hidden() {
    "$BUILD/tests/find_traces" "$@" -- "${secrets[@]}" >"$WORK/out" || fail "personal data in the clear"
    [ "$(grep -oP '^\d+(?= files)' "$WORK/out")" -gt 10 ] || fail "hardly a file was looked at"
    checks=$((checks + 1))
}
found() {
    ! "$BUILD/tests/find_traces" "$1" -- "$2" >"$WORK/out" || fail "the search does not find $2, which lies there"
    checks=$((checks + 1))
}
expect 0 rsnms settle
hidden "$one"
found "$WORK/left.csv" Чижикова
found "$one" "сверка списков"

# ── copies from before ───────────────────────────────────────────────────────
expect 0 rsnms backup roster before
expect 0 rsnms vault backup "$WORK/before.vault"
expect 1 rsnms vault backup "$WORK/before.vault"
complained "File exists"
cp "$one/keys/vault.key" "$WORK/before.key"

# ── erased ───────────────────────────────────────────────────────────────────
expect 2 rsnms roster erase "$person" --act 12-у --ground because --out "$WORK/act"
expect 1 rsnms roster erase нет-такого --act 12-у --ground consent_withdrawn --out "$WORK/act"
expect 0 rsnms roster erase У-77 --act 12-у --ground consent_withdrawn --out "$WORK/act"
said "Акт № 12-у"
said "согласие отозвано"
said "сменён"
said "Обращений к данным: 1"
said "«сверка списков»: code, family, given, born, patronymic, snils, teaching_since"
grep -q '"event":"roster.person.was_read"' "$WORK/act/journal.jsonl" || fail "the extract has no reading"
grep -q '"event":"roster.consent.given"' "$WORK/act/journal.jsonl" || fail "the extract has no consent"
grep -q '"event":"roster.person.erased"' "$WORK/act/journal.jsonl" || fail "the extract has no erasure"
while read -r line; do
    python3 -c 'import json,sys; json.loads(sys.argv[1])' "$line" || fail "no JSON: $line"
done <"$WORK/act/journal.jsonl"
expect 1 rsnms call roster.person.read "{\"person\":\"$person\",\"purpose\":\"сверка списков\"}"
complained "стёрты"
expect 0 rsnms roster erase "$person" --act 12-у --ground consent_withdrawn --out "$WORK/act"      # the same again
! cmp -s "$WORK/before.key" "$one/keys/vault.key" || fail "the key-encryption key is the old one"
[ ! -e "$one/keys/vault.key.next" ] || fail "the turn left its file behind"
expect 0 rsnms vault status
said "erased                 1"
said "in order"
expect 0 rsnms vault backup "$WORK/after.vault"
expect 0 rsnms vault backup                             # where the daemon keeps to its term
said "files/roster/vault/"
cmp <(tail -n +2 "$one"/files/roster/vault/*.vault | grep -v '^end ') <(tail -n +2 "$WORK/after.vault" | grep -v '^end ') || fail "another backup than the one with a name"
hidden "$one" "$WORK/act" "$WORK/before.vault" "$WORK/after.vault"

# ── the store of before, restored ────────────────────────────────────────────
expect 0 rsnms down roster
expect 0 rsnms restore roster "$one/backup/before"
expect 4 rsnms up roster
complained "rsnms vault restore"
printf 'rsnms vault of roster, rows 3\n' >"$WORK/cut.vault"
expect 1 rsnms vault restore "$WORK/cut.vault"
complained "not a whole backup"
expect 1 rsnms vault restore "$WORK/before.vault"          # keys of that time: the file of the key is another one
complained "rsnms vault restore"
expect 0 rsnms vault restore "$WORK/after.vault"
expect 0 rsnms up roster
for _ in $(seq 100); do                                     # it hears of the erasure again, by itself
    rsnms journal roster --event roster.person.erased >"$WORK/erased"
    [ ! -s "$WORK/erased" ] || break
    sleep 0.1
done
grep -q '"again":true' "$WORK/erased" || fail "the restored store has not heard of the erasure"
expect 1 rsnms call roster.person.read "{\"person\":\"$person\",\"purpose\":\"сверка списков\"}"
complained "стёрты"
expect 0 rsnms --key centre call roster.person.find '{"codes":["У-77"]}'
said "00000000-0000-0000-0000-000000000000"
# Of others everything is there.
other="$(rsnms --key centre call roster.worker.list "{\"unit\":\"$(rsnms call roster.organisation.find '{"codes":["70"]}' | grep -oP '"\K[0-9a-f-]{36}')\",\"limit\":1}" | grep -oP '"person": "\K[0-9a-f-]{36}' | head -n 1)"
expect 0 rsnms call roster.person.read "{\"person\":\"$other\",\"purpose\":\"сверка списков\"}"
said '"family"'
for _ in $(seq 100); do
    rsnms vault status >"$WORK/out"
    ! grep -q "in order" "$WORK/out" || break
    sleep 0.1
done
said "in order"
hidden "$one" "$WORK/act"

# ── the keys of a store that was set aside ───────────────────────────────────
expect 0 rsnms vault rotate
said "was turned"
expect 0 rsnms backup roster late
expect 0 rsnms vault rotate
expect 0 rsnms down roster
expect 0 rsnms restore roster "$one/backup/late"
aside="$(ls -d "$one"/data/roster.before-restore.* | tail -n 1)"
expect 0 rsnms vault restore "$aside"
expect 0 rsnms up roster
expect 0 rsnms call roster.person.read "{\"person\":\"$other\",\"purpose\":\"сверка списков\"}"
