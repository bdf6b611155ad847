#!/bin/bash
# Personal data over a whole installation and a node of it: nothing of them can be read in any file, before and after; a person is
# erased, with act and extract; a backup of the store from before, restored after it, cannot show him, and hears of it again;
# keys that are of another time are refused with what to do.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

one="$WORK/one"
node="$WORK/node"
mkdir "$WORK/tmp"
export TMPDIR="$WORK/tmp"                                # what any program puts aside is looked through as well
free_port() {
    local port
    while port=$((20000 + RANDOM % 12000)) && (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
    echo "$port"
}
expect 0 rsnms init "$one" --profile "$PROFILE"
export RSNMS_CONFIG="$one/rsnms.yaml"
for service in roster diagnostics programmes routes; do
    sed -i "s/^  - name: $service\$/&\n    listen: tcp:\/\/127.0.0.1:$(free_port)/" "$one/rsnms.yaml"
done
# The key over all keys is for its owner alone.
[ "$(stat -c %a "$one/keys/vault.key")" = 600 ] || fail "others may read the master key"
chmod 640 "$one/keys/vault.key"
expect 4 rsnms up roster
complained "chmod 600"
chmod 600 "$one/keys/vault.key"
ulimit -c unlimited                                     # a daemon switches dumps off whatever it was started with
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

# ── the same person at a node, whose region is away ──────────────────────────
at_node() { rsnms --config "$node/rsnms.yaml" "$@"; }
node_is() {
    for _ in $(seq 300); do
        ! at_node --json node status 2>/dev/null | grep -q "\"$1\": *$2\b" || return 0
        sleep 0.1
    done
    fail "the node has not come to $1 $2"
}
expect 0 rsnms node init "$node" --municipality 70-01 --name town --connect 127.0.0.1
expect 0 at_node up
for _ in $(seq 300); do                                  # it knows the region's organisations
    ! at_node node people 2>/dev/null | grep -q 'Школа № 1' || break
    sleep 0.1
done
expect 0 rsnms down
cp "$WORK/left.csv" "$WORK/list" && mv "$WORK/list" "$node/files/drop/left.csv"
node_is waiting 1
for _ in $(seq 300); do                                  # its last row is safe: it goes
    [ -e "$node/files/drop/left.csv" ] || break
    sleep 0.1
done
[ ! -e "$node/files/drop/left.csv" ] || fail "the list still lies in the folder"

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
hidden "$one" "$node"
expect 0 rsnms up
node_is accepted 1
expect 0 rsnms settle
# Whatever looks for people and lists them leaves nothing behind but the file that was asked for.
expect 0 rsnms people search Чижикова --purpose "сверка списков" --xlsx "$WORK/found.xlsx"
expect 0 rsnms people search Чижикова --purpose "сверка списков" --csv "$WORK/found.csv"
found "$WORK/found.csv" Чижикова
# A list that is being entered lies nowhere, and the job beside it names nobody.
sed 's/01.09.2010;31.05.2023/01.09.2008;31.05.2009/' "$WORK/left.csv" >"$WORK/earlier.csv"
code=0
RSNMS_FAILPOINT=job_sent:1 rsnms roster import "$WORK/earlier.csv" --delta >/dev/null 2>&1 || code=$?
[ "$code" != 0 ] && [ -f "$WORK/earlier.csv.job" ] || fail "no job is left of an import that was killed"
touch "$WORK/tmp/looked"
hidden "$one" "$node" "$WORK/earlier.csv.job" "$WORK/tmp"
rm "$WORK/earlier.csv.job"
found "$WORK/left.csv" Чижикова
found "$one" "сверка списков"
for pid in "$one"/run/*.pid "$node"/run/*.pid; do
    grep -qE '^Max core file size +[01] +[01] ' "/proc/$(cat "$pid")/limits" || fail "${pid##*/}: a core dump of it could be written"
done

# ── the search itself, in each place and each coding ─────────────────────────
# Planted at the end of a file of that place: it has to be found there.
as() { case "$1" in base64) base64 -w0 ;; *-base64) iconv -f utf8 -t "${1%-base64}" | base64 -w0 ;; *) iconv -f utf8 -t "$1" ;; esac }
codings=(UTF-8 CP1251 UTF-16LE UTF-16BE base64 CP1251-base64 UTF-16LE-base64 UTF-16BE-base64)
secret=0
cp -a "$one" "$WORK/planted-one"
cp -a "$node" "$WORK/planted-node"
for place in one/data/roster/data.mdb one/data/programmes/data.mdb one/run/roster.log one/files/roster/note one/backup/note \
             node/data/node/data.mdb node/files/drop/note node/files/reports/left.csv node/run/node.log; do
    file="$WORK/planted-$place"
    mkdir -p "${file%/*}"
    for offset in "" 1 12; do
        coding="${codings[secret % 8]}"
        cp "$file" "$WORK/kept" 2>/dev/null || : >"$WORK/kept"
        printf '%s%s,' "$offset" "${secrets[secret % 5]}" | as "$coding" >>"$file"
        ! "$BUILD/tests/find_traces" "$file" -- "${secrets[@]}" >"$WORK/out" || fail "${secrets[secret % 5]} in $coding is not found in $place"
        checks=$((checks + 1)) secret=$((secret + 1))
        cp "$WORK/kept" "$file"
    done
done
rm -r "$WORK/planted-one" "$WORK/planted-node" "$WORK/kept"

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
said "Обращений к данным: 4"                             # прочли, нашли дважды, сверили список
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
hidden "$one" "$node" "$WORK/act" "$WORK/before.vault" "$WORK/after.vault" "$WORK/tmp"

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
hidden "$one" "$node" "$WORK/act" "$WORK/tmp"

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
