#!/bin/bash
# People found by the beginnings of their names and listed by what they do: what is shown, to whom, what stands of it in the
# journal, that names lie in no file, and that after a start they can be found again.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

one="$WORK/one"
expect 0 rsnms init "$one" --profile "$PROFILE"
export RSNMS_CONFIG="$one/rsnms.yaml"
# Where little memory may be locked the operator has to allow it to be swapped.
limit="$(ulimit -l)"
[ "$limit" = unlimited ] || [ "$limit" -ge 1024 ] || sed -i 's|^    vault_key: .*|&\n    unlocked: true|' "$RSNMS_CONFIG"
expect 0 rsnms up roster
expect 0 rsnms org add 70 регион "Томская область"
expect 0 rsnms org add 70-07 муниципалитет "Город Стрежевой" --under 70
expect 0 rsnms org add 70-08 муниципалитет "Александровский район" --under 70
expect 0 rsnms org add 70-07-003 школа "Школа № 3" --under 70-07
expect 0 rsnms org add 70-08-001 школа "Школа № 1" --under 70-08
{
    echo "Код;Фамилия;Имя;Отчество;Дата рождения;СНИЛС;Код ОО;Должность;Предмет;Дата приема;Уволен"
    echo "К-01;Чижикова;Аграфена;Епифановна;17.08.1979;112-233-445 95;70-07-003;учитель;химия;01.09.2010;31.05.2023"
    echo "К-02;Чижёв;Пётр;Аграфенович;18.08.1961;;70-07-003;директор;;01.09.2001;"
    echo "К-03;Мамина-Чижова;Ольга;Петровна;19.08.1990;;70-08-001;учитель;физика;01.09.2015;"
    for i in $(seq 10 39); do echo "К-$i;Иванова;Анна;Ивановна;$((i % 28 + 1)).03.19$((i + 50));;70-08-001;учитель;математика;01.09.2016;"; done
} >"$WORK/list.csv"
expect 0 rsnms roster import "$WORK/list.csv"

# ── who leads it on a day ────────────────────────────────────────────────────
expect 0 rsnms org team 70-07-003
said "директор"
expect 0 rsnms org team 70-07-003 --on 2001-08-31
! grep -q "директор" "$WORK/out" || fail "a head before his first day"
expect 0 rsnms --json org team 70-08-001
! grep -q "post" "$WORK/out" || fail "a team of a school without a head"

# ── found ────────────────────────────────────────────────────────────────────
expect 2 rsnms people search чиж                        # why has to be said
expect 0 rsnms people search чиж --purpose "сверка списков"
said "Чижикова"
said "Чижёв"
said "Мамина-Чижова"
said "Школа № 3"
expect 0 rsnms people search агр чижик --purpose "сверка списков"
said "Чижикова"
! grep -q "Чижёв" "$WORK/out" || fail "one was found of whose name not every word is"
expect 0 rsnms people search ЧИЖЕВ --purpose "сверка списков"
said "Чижёв"
expect 1 rsnms people search ч --purpose "сверка списков"
complained "слишком коротко"
expect 0 rsnms people search чиж --unit 70-08 --purpose "сверка списков"
said "Мамина-Чижова"
! grep -q "Чижикова" "$WORK/out" || fail "one was found who works elsewhere"
expect 0 rsnms people search чиж --post head --purpose "сверка списков"
said "Чижёв"
! grep -q "Мамина" "$WORK/out" || fail "a filter has no effect"
expect 1 rsnms people search чиж --post космонавт --purpose "сверка списков"
expect 0 rsnms --json people search иванова --purpose "сверка списков"
[ "$(grep -c '"family":"Иванова"' "$WORK/out")" = 20 ] || fail "not a first page of 20"
complained "показаны первые 20"
expect 0 rsnms --json people search иванова --all --purpose "сверка списков"
[ "$(sort -u "$WORK/out" | wc -l)" = 30 ] || fail "not all thirty, each once"
expect 0 rsnms people search иванова --all --purpose "сверка списков" --csv "$WORK/found.csv" --xlsx "$WORK/found.xlsx"
[ "$(head -c 3 "$WORK/found.csv" | od -An -tx1 | tr -d ' ')" = efbbbf ] || fail "no mark at the head of the CSV file"
[ "$(grep -c '^Иванова;Анна;Ивановна;Школа № 1;учитель;математика;01.09.2016;' "$WORK/found.csv")" = 30 ] || fail "not thirty rows in the CSV file"
[ -s "$WORK/found.xlsx" ] || fail "no workbook"

# ── by whom ──────────────────────────────────────────────────────────────────
town="$(rsnms --json org show 70-07 | sed -n 's/.*"id": "\([^"]*\)".*/\1/p' | head -n 1)"
expect 0 rsnms keys new town --role municipal --scope "$town"
expect 0 rsnms --key town people search чиж --purpose "сверка списков"
said "Чижикова"
! grep -q "Мамина" "$WORK/out" || fail "a municipality found one of another's"
expect 1 rsnms --key town people search чиж --unit 70-08 --purpose "сверка списков"
expect 1 rsnms --key authority people search чиж --purpose "сверка списков"

# ── one, lists, numbers ──────────────────────────────────────────────────────
expect 0 rsnms people show К-01 --purpose "сверка списков"
said "112-233-445 95"
said "химия"
expect 2 rsnms people show К-01
expect 0 rsnms people list --unit 70-07
said "директор"
! grep -q "Чиж" "$WORK/out" || fail "a list names somebody"
expect 2 rsnms people list --unit 70-07 --names
expect 0 rsnms --json people list --unit 70-08 --names --purpose "сверка списков"
[ "$(grep -c '"family":"Иванова","given":"Анна"' "$WORK/out")" = 30 ] || fail "not thirty by their names"
said '"family":"Мамина-Чижова"'
expect 0 rsnms --json people list --post учитель --subject математика
[ "$(wc -l <"$WORK/out")" = 30 ] || fail "not thirty posts"
expect 0 rsnms --json people list --unit 70-08 --years-from 5 --on 2021-01-01
[ "$(wc -l <"$WORK/out")" = 1 ] || fail "not one post of five years"
expect 0 rsnms --json people count --on 2023-01-01
said '"population":"workers","size":33'
expect 0 rsnms --json people count --population leaders
said '"people":1'
expect 0 rsnms people list --csv "$WORK/posts.csv"
[ "$(wc -l <"$WORK/posts.csv")" = 33 ] || fail "not the head and 32 posts"

# ── what stands of it ────────────────────────────────────────────────────────
expect 0 rsnms journal roster --event roster.person.searched
said '"purpose":"сверка списков"'
[ "$(grep -c '"event":"roster.person.searched"' "$WORK/out")" -eq 10 ] || fail "searches without an entry"
"$BUILD/tests/find_traces" "$one" -- Чижикова Аграфена чижик иванова >"$WORK/out" || fail "names, or what was looked for, in the clear"
expect 0 rsnms call roster.names.get
said '"people": 33'
said '"phase": "ready"'
# How finding people by name stands is said with everything else; of nobody's data is a word of it.
expect 4 rsnms status                                   # roster alone runs
said "поиск людей по имени: указатель готов; людей: 33"
expect 4 rsnms --json status
python3 - "$WORK/out" <<'EOP' || fail "the index of names is not told by status --json"
import json, sys
rows = {row["service"]: row for row in json.load(open(sys.argv[1], encoding="utf8"))}
names = rows["roster"]["names"]
assert names["phase"] == "ready" and names["people"] == 33 and names["records"] == 33 and names["bytes"] > 0, names
assert "names" not in rows["routes"], rows["routes"]
EOP

# ── after a start; and who is erased ─────────────────────────────────────────
expect 0 rsnms down roster
expect 0 rsnms up           # an erasure asks all journals
expect 0 rsnms people search чижикова --purpose "сверка списков"
said "Чижикова"
# With him goes the record that another school made of him, and its journal.
expect 0 rsnms --json call roster.worker.record '{"code": "Д-01", "family": "Чижикова", "given": "Аграфена", "born": "1979-08-18", "organisation": "70-08-001",
    "post": "учитель", "from": "2012-09-01", "until": "2013-05-31"}'
again="$(sed -n 's/.*"person": "\([^"]*\)".*/\1/p' "$WORK/out")"
[ -n "$again" ] || fail "no second record"
expect 0 rsnms people merge К-01 Д-01 --ground "паспорт сверен"
expect 1 rsnms roster erase "$again" --act 12-у --ground consent_withdrawn --out "$WORK/act"
complained "объединена"
expect 0 rsnms roster erase К-01 --act 12-у --ground consent_withdrawn --out "$WORK/act"
said "«сверка списков»: family, given, patronymic"
said "Объединённая с ней запись того же лица: $again"
grep -q "roster.post.opened.*$again" "$WORK/act/journal.jsonl" || fail "the extract leaves out the record that was merged"
[ "$(grep -c '"roster.person.erased"' "$WORK/act/journal.jsonl")" = 2 ] || fail "not both records erased"
expect 0 rsnms --json people search чижикова --purpose "сверка списков"
[ ! -s "$WORK/out" ] || fail "an erased one is found"
expect 0 rsnms call roster.names.get
said '"people": 32'
said '"records": 34'                                    # his records stay, both, and are looked at when the index is built
