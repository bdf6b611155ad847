#!/bin/bash
# A municipal node from the command line alone, over TCP: made at the region, lists dropped into its folder, what was
# refused and why, what it has brought down, a stick there and back while the link is cut, a copy of it held back and let
# through.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$(dirname "${BASH_SOURCE[0]}")/node_lib.sh"

THIRTY="$SOURCE/tests/data/thirty"
at_image() { rsnms --config "$WORK/image/rsnms.yaml" "$@"; }

# ── a region that listens on TCP, and its node ───────────────────────────────
expect 0 rsnms init "$region" --profile "$PROFILE"
expect 4 at_region node init "$node" --municipality 70-01 --name town
listening roster diagnostics programmes routes
expect 0 at_region up
expect 3 at_region history load "$THIRTY"
expect 0 at_region settle
supports="$(entries routes routes.support.recorded)"
expect 1 at_region node init "$WORK/none" --municipality 70-01-001 --name town
complained "no municipality"
expect 0 at_region node init "$node" --municipality 70-01 --name town --connect 127.0.0.1
said "Город Томск"
grep -q 'connect: tcp://127.0.0.1:' "$node/rsnms.yaml" || fail "the node does not speak TCP"
expect 1 at_region node init "$node" --municipality 70-01 --name town2 --connect 127.0.0.1
complained "nothing was changed"
expect 4 at_node node status
expect 0 at_node up

# ── what it has brought down ─────────────────────────────────────────────────
until_done sh -c "'$BUILD/rsnms' --config '$node/rsnms.yaml' node people | grep -q 'Школа № 1'"
until_done sh -c "'$BUILD/rsnms' --config '$node/rsnms.yaml' --json node routes | grep -q '\"route\"'"
until_done sh -c "'$BUILD/rsnms' --config '$node/rsnms.yaml' node programmes | grep -q П1"
until_done sh -c "'$BUILD/rsnms' --config '$node/rsnms.yaml' node frameworks | grep -q К1"
expect 0 at_node node people
if grep -q 'Район\|Абрамов\|Пётр' "$WORK/out"; then fail "the node shows names, or another municipality's people"; fi
expect 0 at_node node people --csv "$WORK/people.csv"
grep -q "Школа № 1" "$WORK/people.csv" || fail "node people --csv"
expect 0 at_node --json node people
cp "$WORK/out" "$WORK/people"
expect 0 at_node --json node routes
cp "$WORK/out" "$WORK/routes"
expect 0 at_node --json node programmes
cp "$WORK/out" "$WORK/programmes"
expect 0 at_node call node.procedure.list '{}'
cp "$WORK/out" "$WORK/procedures"
# Somebody who works there today: who has left stands in the list as well.
person="$(json "$WORK/people" '[r["person"] for r in d["rows"] if any(p.get("main") and not p.get("until") for p in r["posts"])][0]')"
programme="$(json "$WORK/programmes" 'd["rows"][0]["programme"]["id"]')"
expect 0 at_region call programmes.run.record "{\"programme\":\"$programme\",\"day\":\"$(date +%F)\",\"code\":\"e2e\"}"
run="$(grep -o '[0-9a-f]\{8\}-[0-9a-f-]\{27\}' "$WORK/out" | head -n 1)"
expect 0 at_node call node.enrolment.list '{}'
if grep -q "$run" "$WORK/out"; then fail "somebody is enrolled already"; fi
expect 0 at_region settle                                           # programmes has read who works where
expect 0 at_region call programmes.enrolment.open "{\"run\":\"$run\",\"person\":\"$person\",\"again\":true}"
until_done sh -c "'$BUILD/rsnms' --config '$node/rsnms.yaml' call node.enrolment.list '{}' | grep -q '$run'"

# ── lists, as Excel saves them ───────────────────────────────────────────────
drop() { iconv -f utf8 -t cp1251 >"$WORK/list" && mv "$WORK/list" "$node/files/drop/$1"; }
drop staff.csv <<'END'
Код;Фамилия;Имя;Дата рождения;Код организации;Должность;Работает с
u-1;Ежова;Ольга;01.02.1980;70-01-001;учитель;01.09.2020
u-2;Ёлкина;Анна;01.02.1985;70-01-001;учитель;01.09.2020
u-3;Чужая;Анна;01.02.1985;70-99-001;учитель;01.09.2020
END
until_done status_is 2 accepted
report="$node/files/reports/staff.csv"
grep -q '"4";"Код организации"' "$report" || fail "the report does not say which line: $(cat "$report")"
if grep -q 'Чужая' "$report"; then fail "the report holds what stood in the cells"; fi
drop support.csv <<'END'
Код работника;Форма;Дата
u-1;наставничество;01.10.2024
никто;наставничество;01.10.2024
END
until_done status_is 3 accepted
until_done status_is 1 refused
expect 0 at_node node refused --csv "$WORK/refused.csv"
grep -q "support.csv:3" "$WORK/refused.csv" || fail "node refused --csv"
expect 2 at_node node refused --conflicts --waiting
expect 0 at_node node refused
said "support.csv:3"
expect 0 at_node node status
said "принято 3"
said "последний ответ"
[ "$(entries routes routes.support.recorded)" = $((supports + 1)) ] || fail "not one support more"
if grep -rqaF 'Ежова' "$node/data" "$node/run"; then fail "a name lies open at the node"; fi

# ── a step handed in for one of its people ───────────────────────────────────
open_step='next(r["draft"]["route"] + " " + str(s["step"]) for r in d["rows"] if r["state"] in ("agreed", "active") for s in r["step_states"] if s["state"] != "accepted")'
read -r route step < <(json "$WORK/routes" "$open_step")
expect 0 at_node node enter routes.step.submit "{\"route\":\"$route\",\"step\":$step,\"evidence\":\"конспект урока\"}"
until_done status_is 4 accepted
until_done sh -c "'$BUILD/rsnms' --config '$region/rsnms.yaml' call routes.route.get '{\"route\":\"$route\"}' | grep -q 'конспект урока'"
expect 2 at_node node enter roster.organisation.register '{}'

# ── the link is cut: the stick goes there and back ───────────────────────────
expect 0 at_region down
procedure="$(json "$WORK/procedures" 'd["rows"][0]["id"]')"
day="$(json "$WORK/procedures" 'd["rows"][0]["opens"]')"
drop more.csv <<'END'
Код;Фамилия;Имя;Дата рождения;Код организации;Должность;Работает с
u-4;Жилина;Ольга;01.02.1981;70-01-001;учитель;01.09.2020
END
until_done status_is 1 waiting
expect 0 at_node node enter routes.support.record "{\"person\":\"$person\",\"form\":\"стажировка\",\"day\":\"2024-10-02\"}"
expect 0 at_node node enter programmes.completion.record "{\"person\":\"$person\",\"programme\":\"$programme\",\"enrolled\":\"2024-02-01\",\"day\":\"2024-03-01\",\"document\":\"УЗ-1\"}"
expect 0 at_node node enter diagnostics.sitting.record "{\"procedure\":\"$procedure\",\"person\":\"$person\",\"day\":\"$day\",\"answers\":[{\"task\":1,\"chosen\":[1]}]}"
expect 0 at_node node enter routes.support.record "{\"person\":\"$person\",\"form\":\"стажировка\",\"day\":\"2024-10-03\"}"
until_done status_is 5 waiting
expect 0 at_node node export "$WORK/stick"
said "5"
expect 0 at_node down
if grep -qaF 'стажировка' "$WORK/stick"; then fail "the stick can be read"; fi
expect 0 at_region up
expect 0 at_region node import "$WORK/stick"
expect 0 at_region down
expect 0 at_node up
expect 0 at_node node answers "$WORK/stick.answers"
said "решений принято 5"
expect 0 at_node node answers "$WORK/stick.answers"
said "были известны 5"
status_is 0 waiting || fail "something waits still"
expect 0 at_node node refused
status_is 9 accepted || fail "not everything on the stick was accepted"
accepted="$(at_node --json node status | sed -n 's/.*"accepted": *\([0-9]*\).*/\1/p' | head -n 1)"
# … and the link again: nothing is done twice
expect 0 at_region up
drop after.csv <<'END'
Код работника;Форма;Дата
u-4;наставничество;01.10.2024
END
until_done status_is $((accepted + 1)) accepted
expect 0 at_node node status
[ "$(entries routes routes.support.recorded)" = $((supports + 4)) ] || fail "supports: $(entries routes routes.support.recorded) instead of $((supports + 4))"

# ── a copy of it ─────────────────────────────────────────────────────────────
expect 0 at_node down
cp -a "$node" "$WORK/image"
expect 0 at_node up
expect 0 at_node node enter routes.support.record "{\"person\":\"$person\",\"form\":\"стажировка\",\"day\":\"2024-10-04\"}"
until_done status_is $((accepted + 2)) accepted
expect 0 at_image up
until_done sh -c "'$BUILD/rsnms' --config '$WORK/image/rsnms.yaml' node status | grep -q ЗАДЕРЖАН"
expect 0 at_image node enter routes.support.record "{\"person\":\"$person\",\"form\":\"стажировка\",\"day\":\"2024-10-05\"}"
until_done sh -c "'$BUILD/rsnms' --config '$region/rsnms.yaml' node list | grep -q 'routes.support.record 1'"
expect 1 at_region node accept nobody
expect 0 at_region node accept town
until_done sh -c "'$BUILD/rsnms' --config '$WORK/image/rsnms.yaml' node status | grep -q выключить"
expect 1 at_image node enter routes.support.record "{\"person\":\"$person\",\"form\":\"стажировка\",\"day\":\"2024-10-06\"}"
expect 0 at_image down
expect 0 at_node node enter routes.support.record "{\"person\":\"$person\",\"form\":\"стажировка\",\"day\":\"2024-10-07\"}"
until_done status_is $((accepted + 3)) accepted
[ "$(entries routes routes.support.recorded)" = $((supports + 7)) ] || fail "supports: $(entries routes routes.support.recorded) instead of $((supports + 7))"
