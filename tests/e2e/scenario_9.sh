#!/bin/bash
# The administrator of a small region, alone, at a quarter past eight: a node that was restored from yesterday's disk image is said with
# what it holds and the one command that takes it over; the disk says for how long it will do; everything is backed up and each copy
# verified, daemons start again one by one; and the data of somebody who has left are destroyed on demand,
# found by a whole name that is typed in and never shown.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$(dirname "${BASH_SOURCE[0]}")/node_lib.sh"
at_image() { rsnms --config "$WORK/image/rsnms.yaml" "$@"; }

expect 0 rsnms init "$region" --profile "$PROFILE"
listening roster diagnostics programmes routes
expect 0 at_region up
expect 3 at_region history load "$SOURCE/tests/data/thirty"
head='Код работника;Фамилия;Имя;Отчество;Дата рождения;СНИЛС;Код организации;Должность;Предмет;Дата первой педагогической должности;Работает с;Уволен'
{
    echo "$head"
    echo "У-77;Чижикова;Аграфена;Епифановна;17.08.1979;112-233-445 95;70-01-001;учитель;химия;01.09.2001;01.09.2010;31.05.2023"
    echo "У-78;Чижикова;Аграфена;Ильинична;18.08.1981;;70-01-001;учитель;химия;01.09.2003;01.09.2010;"
} >"$WORK/left.csv"
expect 0 at_region roster import "$WORK/left.csv"
expect 0 at_region settle
expect 0 at_region node init "$node" --municipality 70-01 --name aleksandrovskoe --connect 127.0.0.1
expect 0 at_node up
until_done sh -c "'$BUILD/rsnms' --config '$node/rsnms.yaml' node people | grep -q 'Школа № 1'"

# ── «второй экземпляр с тем же ключом»: what it holds, and one command ───────
expect 0 at_node --json node people
person="$(json "$WORK/out" '[r["person"] for r in d["rows"] if any(p.get("main") and not p.get("until") for p in r["posts"])][0]')"
support() { rsnms --config "$1/rsnms.yaml" node enter routes.support.record "{\"person\":\"$person\",\"form\":\"стажировка\",\"day\":\"2024-10-$2\"}"; }
expect 0 support "$node" 01
until_done status_is 1 accepted
expect 0 at_node down
cp -a "$node" "$WORK/image"                                     # the night's image of the disk
expect 0 at_node up
expect 0 support "$node" 02
until_done status_is 2 accepted
expect 0 at_node down                                           # the machine died; the image was put on another
expect 0 at_region status
! grep -q "второй экземпляр" "$WORK/out" || fail "another copy is told of before there is one"
expect 0 at_image up
until_done sh -c "'$BUILD/rsnms' --config '$WORK/image/rsnms.yaml' node status | grep -q ЗАДЕРЖАН"
for day in 03 04 05; do expect 0 support "$WORK/image" "$day"; done
until_done sh -c "'$BUILD/rsnms' --config '$region/rsnms.yaml' status | grep -q 'записей у него: 3'"
expect 0 at_region status
said "узел «aleksandrovskoe»: второй экземпляр с тем же ключом, routes отказано"
said "принять то, что у этого: rsnms node accept aleksandrovskoe"
[ "$(grep -c 'работает' "$WORK/out")" = 6 ] || fail "not six services at work"
expect 0 at_region node accept aleksandrovskoe --replace
until_done sh -c "[ \"\$('$BUILD/rsnms' --config '$WORK/image/rsnms.yaml' --json node status | sed -n 's/.*\"waiting\": *\([0-9]*\).*/\1/p' | head -n 1)\" = 0 ]"
[ "$(at_region journal routes --event routes.support.recorded | grep -c '"2024-10-0[1-5]"')" = 5 ] || fail "not all five, each once"
expect 0 at_region status
! grep -q "второй экземпляр" "$WORK/out" || fail "what was settled is still told of"
expect 0 at_image down

# ── «запас кончится через … дней» ────────────────────────────────────────────
space="$region/data/space"
[ "$(wc -l <"$space")" = 1 ] || fail "what the disk holds is not noted once a day"
! grep -q "запас кончится" "$WORK/out" || fail "a forecast from one day"
used="$(cut -d ' ' -f 2 "$space")"
printf '%s %s\n' "$(date -d '-10 days' +%F)" "$((used - 10 * 1024 * 1024 * 1024))" >"$space"
expect 0 at_region status
said "прирост"
grep -qE 'занято [0-9]+ %; при нынешнем приросте \([0-9.]+ МиБ в сутки\) запас кончится через [0-9]+ дн\.' "$WORK/out" || fail "no forecast"
[ "$(wc -l <"$space")" = 2 ] || fail "today is not noted"
echo garbage >"$space"
expect 0 at_region status

# ── the upgrade: copies made and verified, daemons one by one ────────────────
expect 0 at_region backup all friday
[ "$(grep -c 'the chain is whole' "$WORK/out")" = 6 ] || fail "not six copies verified"
expect 1 at_region backup all friday                            # a copy is never written over
for service in roster diagnostics programmes routes indicators federal; do
    expect 0 at_region down "$service"
    expect 0 at_region up "$service"
done
expect 0 at_region status
[ "$(grep -c 'работает' "$WORK/out")" = 6 ] || fail "not six services at work after the upgrade"
expect 0 at_region settle

# ── «удалить сведения об уволенном»: by whole name, unseen, with a term ──────
received="$(date -d '-18 days' +%d.%m.%Y)"
expect 1 at_region roster erase "Чижикова Аграфена" --act 12-у --plan           # two of them
complained "учитель"
! grep -q "Епифановна\|Ильинична" "$WORK/out" "$WORK/err" || fail "a name is shown to who destroys it"
expect 1 at_region roster erase "Чижикова Агр Епифановна" --act 12-у --plan     # not by beginnings
expect 0 at_region roster erase "чижикова аграфена епифановна" --act 12-у --plan --received "$received"
said "Найден человек"
said "Будет уничтожено: фамилия, имя, отчество"
said "Осталось без имени: должности"
said "Данные не заблокированы"
said "Документов о квалификации не выдано"
said "За пределы региона сведения о нём не уходили"
said "Срок: осталось 12 дней из 30"
! grep -qi "чижиков\|1979\|112-233" "$WORK/out" || fail "personal data are shown"
expect 2 at_region roster erase "Чижикова Аграфена Епифановна" --act 12-у --ground consent_withdrawn
expect 0 at_region people block "Чижикова Аграфена Епифановна" --act 11-б --ground storage_term --until 2026-12-31
expect 0 at_region roster erase У-77 --act 12-у --plan
said "Данные заблокированы по акту 11-б"
expect 0 at_region people unblock У-77 --act 11-с
expect 0 at_region roster erase "Чижикова Аграфена Епифановна" --act 12-у --ground consent_withdrawn --out "$WORK/act"
said "Акт № 12-у"
! grep -qi "чижиков\|1979\|112-233" "$WORK/act"/* || fail "the act or the journal brings the name back"
expect 1 at_region roster erase "Чижикова Аграфена Епифановна" --act 13-у --plan
expect 0 at_region people show У-78 --purpose "сверка списков"
said "Ильинична"
"$BUILD/tests/find_traces" "$region/data" "$region/run" "$WORK/act" -- Чижикова Епифановна 11223344595 >"$WORK/out" || fail "personal data in the clear"
