#!/bin/bash
# What a region keeps of its agreements, communities, sites and projects, by the verbs of the command line: entered by a decision with its
# document, with those who take part, what is to be done by when and who answers; done, put off, overdue; and what came of it in a year.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

start one roster
no_tokens() { ! grep -qE '(column|register|document|entry_stage)\.[a-z_]+' "$WORK/out" || fail "a bare token in what is shown"; }

expect 0 rsnms org add 70 регион "Томская область"
expect 0 rsnms org add 70-И институт "ТОИПКРО" --under 70
expect 0 rsnms org add 70-07 муниципалитет "Город Стрежевой" --under 70
expect 0 rsnms org add 70-07-003 школа "Школа № 3" --under 70-07 --opened 01.09.1975
cat >"$WORK/list.csv" <<'EOL'
code;family;given;born;organisation;post;subject;from
К-1;Воробьёва;Анна;14.03.1991;70-07-003;учитель;математика;01.09.2020
К-2;Кедров;Борис;12.11.1980;70-07-003;учитель;физика;01.09.2010
EOL
expect 0 rsnms roster import "$WORK/list.csv"
expect 0 rsnms document add order 45 "О взаимодействии" --day 2024-01-10 --issuer-title "Департамент общего образования" --public
expect 0 rsnms document add minutes 3 "Протокол встречи" --day 2024-04-12 --issuer 70-07

# ── an agreement: parties, obligations, who answers, what was fulfilled (R5) ──
agreed=(network_agreements "Модуль по функциональной грамотности")
expect 0 rsnms register record "${agreed[@]}" --place 70-И --from 2024-01-15 --ground "signed@10.01.2024=экземпляр 1" --decision 45
expect 1 rsnms register record network_agreements "Другой" --place 70-И --from 2024-01-15 --ground "signed@10.01.2024=экземпляр 2" --decision 46
expect 0 rsnms part join "${agreed[@]}" 70-И --role "базовая организация" --from 2024-01-15
expect 0 rsnms duty set "${agreed[@]}" обязательство "Провести модуль" --due 2024-05-01 --part 70-И
expect 0 rsnms duty set "${agreed[@]}" обязательство "Предоставить лабораторию" --due 2024-06-01
expect 0 rsnms duty fulfil "${agreed[@]}" "Провести модуль" --day 2024-04-20 --people 25 --result "25 слушателей" --document 45
expect 0 rsnms --json register activity network_agreements --from 2024-01-01 --until 2024-12-31
has 1
has 1 kind обязательство planned 2 done 1 late 0 overdue 1 nobodys 1 people 25 last 2024-04-20 parts 1 missing организация-участник
expect 0 rsnms --json register activity network_agreements --from 2024-01-01 --until 2024-05-31
has 1 planned 1 done 1 overdue 0
expect 0 rsnms --json register activity network_agreements --unit 70-07 --from 2024-01-01 --until 2024-12-31
has 0
expect 1 rsnms register activity network_agreements --from 2024-12-31 --until 2024-01-01
expect 0 rsnms register end "${agreed[@]}" --until 2024-12-31 --reason "исполнен" --decision 45
expect 0 rsnms --json register show network_agreements --all
python3 - "$WORK/out" <<'EOP' || fail "decision and exit do not point at their document"
import json, sys
row = json.loads(open(sys.argv[1], encoding="utf8").readline())
sys.exit(row.get("decision") is None or row.get("decision") != row.get("exit"))
EOP

# ── a community: members, plan, meetings, the yearly analysis (R6) ───────────
group=(communities "Методическое объединение математиков")
expect 1 rsnms register record "${group[@]}" --place 70-07 --from 2024-01-15 --ground "created@10.01.2024=положение 1" --value kind="методическое объединение"
expect 0 rsnms register record "${group[@]}" --place 70-07 --from 2024-01-15 --ground "created@10.01.2024=положение 1" \
    --value kind="методическое объединение" --value level=муниципальный --value subject=математика --value leader=К-1
expect 0 rsnms part join "${group[@]}" К-1 --role руководитель --from 2024-01-15
expect 0 rsnms part join "${group[@]}" К-2 --role участник --from 2024-03-01
expect 0 rsnms duty set "${group[@]}" план "План на 2024 год" --due 2024-02-01
expect 0 rsnms duty set "${group[@]}" встреча "Весенняя встреча" --due 2024-04-01 --part К-1
expect 0 rsnms duty set "${group[@]}" встреча "Осенняя встреча" --due 2024-10-01 --part К-1
expect 0 rsnms duty fulfil "${group[@]}" "Весенняя встреча" --day 2024-04-12 --people 14 --document 3
expect 0 rsnms duty drop "${group[@]}" "Осенняя встреча" --reason "перенесена на ноябрь" --day 2024-09-20
expect 1 rsnms duty drop "${group[@]}" "Осенняя встреча" --reason "ещё раз"
expect 0 rsnms duty set "${group[@]}" встреча "Ноябрьская встреча" --due 2024-11-15 --part К-1
expect 0 rsnms --json duty list "${group[@]}" --open
has 0 title "Осенняя встреча"
has 1 title "Ноябрьская встреча"
expect 0 rsnms --json register activity communities --from 2024-01-01 --until 2024-12-31
has 1 kind встреча planned 2 done 1 late 1 overdue 1 dropped 1 people 14 parts 2 joined 2
has 1 kind план planned 1 done 0 overdue 1 nobodys 1
analysed=0
for _ in $(seq 50); do                      # set by a timer, as long as the community is there
    expect 0 rsnms --json duty list "${group[@]}" --open
    analysed="$(rows kind "анализ состояния")"
    [ "$analysed" = 0 ] || break
    sleep 0.1
done
[ "$analysed" = 1 ] || fail "no yearly analysis is asked for"
expect 0 rsnms register activity communities --from 2024-01-01 --until 2024-12-31
no_tokens
expect 0 rsnms register activity communities --from 2024-01-01 --until 2024-12-31 --csv "$WORK/activity.csv"
grep -q ';встреча;2;1;1;1;' "$WORK/activity.csv" || fail "a kind of duty is not in the file"
! grep -q 'трансляция результатов' "$WORK/activity.csv" || fail "a line of what there was not"

# ── a site: places that can be booked, results spread (R7, R14) ──────────────
expect 0 rsnms register record sites 70-07-003 --from 2024-02-01 --ground experience="протокол 2" --value profile=химия --value places=6
expect 0 rsnms duty set sites 70-07-003 "трансляция результатов" "Открытый урок для района" --due 2024-05-15
expect 0 rsnms duty fulfil sites 70-07-003 "Открытый урок для района" --day 2024-05-14 --people 40
expect 0 rsnms --json register activity sites --from 2024-01-01 --until 2024-12-31
has 1 kind "трансляция результатов" done 1 people 40 entry 70-07-003
for zone in UTC+12 UTC-14; do        # on one of the two it is another day than in the region at any hour
    TZ=$zone expect 0 rsnms duty set sites 70-07-003 "трансляция результатов" "Из $zone" --due today
    expect 0 rsnms --json duty list sites 70-07-003
    has 1 title "Из $zone" due "$(date +%F)"
    TZ=$zone expect 0 rsnms duty drop sites 70-07-003 "Из $zone" --day today --reason "проверка"
done
day() { date -d "+$1 days" +%F; }
expect 0 rsnms room book sites 70-07-003 --from "$(day 10)" --until "$(day 12)" --places 4 --for К-2 --purpose "стажировка"
expect 1 rsnms room book sites 70-07-003 --from "$(day 11)" --until "$(day 11)" --places 3 --purpose "сверх мест"
expect 0 rsnms --json room free sites --from "$(day 10)" --until "$(day 12)"
has 1 capacity 6 free 2

# ── projects and teams: aim, people, stages, result (R12) ────────────────────
project=(projects "Первый класс молодого педагога")
expect 0 rsnms register record "${project[@]}" --place 70-07 --from 2024-02-01 --until 2024-12-31 --ground "approved@20.01.2024=приказ 7" \
    --value kind="сетевой инновационный проект" --value level=муниципальный --value aim="закрепление молодых педагогов"
expect 0 rsnms part join "${project[@]}" К-2 --role руководитель --from 2024-02-01
expect 0 rsnms part join "${project[@]}" 70-07-003 --role организация --from 2024-02-01
expect 0 rsnms duty set "${project[@]}" этап "Подготовка" --due 2024-04-01 --part К-2
expect 0 rsnms duty set "${project[@]}" результат "Сборник материалов" --due 2024-12-01 --part К-2
expect 0 rsnms duty fulfil "${project[@]}" "Подготовка" --day 2024-03-30
expect 0 rsnms duty fulfil "${project[@]}" "Сборник материалов" --day 2024-11-30 --result "сборник издан" --document 45
expect 0 rsnms --json register activity projects --from 2024-01-01 --until 2024-12-31
has 1 kind этап done 1 late 0
has 1 kind результат done 1
expect 0 rsnms --json duty list "${project[@]}"
has 1 kind результат result "сборник издан"
expect 0 rsnms register record teams "Команда школы № 3" --place 70-07-003 --from 2024-02-01 --ground "formed@20.01.2024=приказ 8" \
    --value kind="проектная методическая команда" --value level=институциональный --value aim="функциональная грамотность"
expect 0 rsnms part join teams "Команда школы № 3" К-1 --role участник --from 2024-02-01
expect 0 rsnms --json part list teams "Команда школы № 3" --on 2024-03-01
has 1 role участник

# ── who stands in several registers (R4) ─────────────────────────────────────
expect 0 rsnms register record mentors К-2 --from 2024-09-01 --ground "named@01.09.2024=приказ 9" --value kind="педагог-наставник" --decision 45
expect 0 rsnms register record support_staff К-2 --from 2024-09-01 --ground "diagnostics@01.06.2024=процедура 4" --value function="тьюторское сопровождение"
expect 0 rsnms --json register of К-2
has 1 register mentors from 2024-09-01
has 1 register support_staff

# ── who the subjects are, and whom the networked service serves (R1) ─────────
expect 0 rsnms org add 70-01 муниципалитет "Город Томск" --under 70
expect 0 rsnms org add 70-К колледж "Томский педагогический колледж" --under 70-01
expect 0 rsnms register rules subjects
grep -q "по согласованию" "$WORK/out" || fail "the closed list does not say who takes part by agreement"
no_tokens
expect 1 rsnms register record subjects 70-К --from 2024-01-10 --ground colleges
expect 0 rsnms register record subjects 70-К --from 2024-01-10 --ground "colleges@20.12.2023=письмо 12"
expect 1 rsnms register record subjects 70-07-003 --from 2024-01-10 --ground "colleges@20.12.2023=письмо 12"
grep -q "не для организаций этого вида" "$WORK/err" || fail "a school entered as a college is not refused in words"
expect 1 rsnms register record subjects 70-07-003 --from 2024-01-10 --ground club
grep -q "в закрытом списке" "$WORK/err" || fail "a kind that the closed list does not have is not refused in words"
expect 0 rsnms register record subjects "Методический совет" --place 70-07-003 --from 2024-01-10 --ground council
expect 0 rsnms --json register show subjects --on 2024-02-01
has 1 title "Методический совет" place 70-07-003
has 1 member 70-К
service=(method_services "Сетевая муниципальная методическая служба")
expect 0 rsnms register record "${service[@]}" --place 70 --from 2021-09-01 --ground "serves=положение 1"
expect 0 rsnms part join "${service[@]}" 70-07 --role "обслуживаемый муниципалитет" --from 2021-09-01
expect 0 rsnms part join "${service[@]}" 70-01 --role "обслуживаемый муниципалитет" --from 2022-01-01
expect 1 rsnms part join "${service[@]}" 70-07-003 --role "обслуживаемый муниципалитет" --from 2022-01-01
expect 0 rsnms --json register show method_services --with 70-01 --on 2021-12-31
has 0
expect 0 rsnms --json register show method_services --with 70-01 --on 2022-01-01
has 1 title "Сетевая муниципальная методическая служба"
expect 0 rsnms --json part list "${service[@]}" --on 2022-01-01
has 2 role "обслуживаемый муниципалитет"
