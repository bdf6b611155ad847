#!/bin/bash
# A methodologist of a municipality behind a satellite link that has been gone for two weeks: what she enters waits and is counted; the
# region has dismissed somebody meanwhile; the driver takes the stick to the town and brings the answers back; she sees what was
# refused and why, in words, puts it right, and the link, once back, does nothing twice.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$(dirname "${BASH_SOURCE[0]}")/node_lib.sh"

PROFILE="$SOURCE/config/regions/khabarovsk.yaml"
TZ='<+10>-10'
expect 0 rsnms init "$region" --profile "$PROFILE"
listening roster diagnostics programmes routes
expect 0 at_region up
expect 0 at_region org add 27 регион "Хабаровский край"
expect 0 at_region org add 27-09 муниципалитет "Тугуро-Чумиканский район" --under 27
expect 0 at_region org add 27-09-001 школа "Школа с. Чумикан" --under 27-09
{
    echo "Код;Фамилия;Имя;Дата рождения;Код ОО;Должность;Предмет;Дата первой педагогической должности;Дата приема"
    for i in 1 2 3 4 5 6; do echo "Ч-$i;Таёжная;Инна;$i.03.1996;27-09-001;учитель;химия;01.09.2023;01.09.2023"; done
} >"$WORK/staff.csv"
expect 0 at_region node init "$node" --municipality 27-09 --name chumikan --connect 127.0.0.1
expect 0 at_node up
drop() { cat >"$WORK/list" && mv "$WORK/list" "$node/files/drop/$1"; }
until_done sh -c "'$BUILD/rsnms' --config '$node/rsnms.yaml' node status | grep -q 'последний ответ\|ждёт'"
drop staff.csv <"$WORK/staff.csv"                           # her staff: by its codes the node knows them from now on
until_done status_is 6 accepted
until_done sh -c "[ \"\$('$BUILD/rsnms' --config '$node/rsnms.yaml' node people | grep -c 'учитель')\" = 6 ]"
expect 0 at_node node people
! grep -q "Таёжная" "$WORK/out" || fail "the node shows names"

# ── 11 December: the link is gone. 25 December: six visits, and the papers of two days ──
expect 0 at_region down
{
    echo "Код работника;Форма;Дата"
    for i in 1 2 3 4 5 6; do echo "Ч-$i;посещение урока;$((i + 14)).12.2025"; done
    echo "Ч-2;наставничество;31.02.2025"                    # what the node itself can tell, it tells at once
} >"$WORK/visits"
drop visits.csv <"$WORK/visits"
until_done status_is 6 waiting
until_done test -s "$node/files/reports/visits.csv"
grep -q '"8";"Дата"' "$node/files/reports/visits.csv" || fail "what the node can tell is not said at once: $(cat "$node/files/reports/visits.csv")"
expect 0 at_node node status
said "ждёт 6 · отправлено "                   # those on the way are among them
said "· принято 6 · отказано 0"
expect 0 at_node node refused --waiting
[ "$(grep -c 'visits.csv:' "$WORK/out")" = 6 ] || fail "not six that wait, each with its line"
# The region goes on meanwhile: one of them was dismissed on the 17th.
expect 0 at_node down
expect 0 at_region up
expect 0 at_region post close Ч-4 27-09-001 --until 17.12.2025
expect 0 at_region down
expect 0 at_node up
status_is 6 waiting || fail "what waited did not outlast a night with the machine off"

# ── «Выгрузить на флешку», the town, and back ────────────────────────────────
expect 0 at_node node export "$WORK/stick"
said "6"
"$BUILD/tests/find_traces" "$WORK/stick" -- "посещение урока" >"$WORK/out" || fail "the stick can be read"
"$BUILD/tests/find_traces" "$WORK/stick" "$node" -- Таёжная >"$WORK/out" || fail "a name lies at the node"
expect 0 at_node down
expect 0 at_region up
expect 0 at_region settle
expect 0 at_region node import "$WORK/stick"
said "передано писем: 6"
expect 0 at_region down
expect 0 at_node up
expect 0 at_node node answers "$WORK/stick.answers"
said "решений принято 6"
expect 0 at_node node status
said "ждёт 0 · отправлено 12 · принято 11 · отказано 1"
expect 0 at_node node refused
said "visits.csv:5"
said "человек уволен 17.12.2025, а запись — о 18.12.2025; исправьте день или внесите на того, кто ведёт эту работу теперь"

# ── put right: on her who works there now; the same list again, and the link ──
sed -e 's/^Ч-4;посещение урока;18/Ч-5;посещение урока;18/' -e '/31.02/d' "$WORK/visits" >"$WORK/mended"
expect 0 at_region up
drop visits.csv <"$WORK/mended"
until_done status_is 12 accepted
expect 0 at_node node status
said "ждёт 0 · отправлено 13 · принято 12 · отказано 1"
said "последний ответ"
[ "$(entries routes routes.support.recorded)" = 6 ] || fail "supports: $(entries routes routes.support.recorded) instead of 6"
expect 0 at_region indicators who K 3.1. 2025 --unit 27-09
complained "5 counted"
expect 0 at_region indicators who K 3.1 2025 --unit 27-09       # as people say it
complained "5 counted"
expect 1 at_region indicators who K 3 2025 --unit 27-09
expect 0 at_region indicators --act K --indicator 3.1 --year 2025
said "3.1."
expect 0 at_region indicators judge K 1.1 2025 yes --text "утверждён" --document "приказ № 5" --day 2025-12-01
expect 0 at_region --json journal indicators --event indicators.judgement.recorded
said '"indicator":"1.1."'
