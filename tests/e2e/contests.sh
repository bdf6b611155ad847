#!/bin/bash
# A call for members of a register, by verbs alone: applications, experts without a conflict, their opinions, the decision; and
# two records of one person made one and taken apart again.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

start one roster

expect 0 rsnms org add 70 регион "Томская область"
for town in 01 02; do
    expect 0 rsnms org add "70-$town" муниципалитет "Город $town" --under 70
    expect 0 rsnms org add "70-$town-001" школа "Школа города $town" --under "70-$town"
    expect 0 rsnms keys new "town$town" --role municipal --scope "70-$town"
done
{
    echo "Код;Фамилия;Имя;Дата рождения;Код ОО;Должность;Предмет;Дата приема"
    echo "Э-1;Азарова;Анна;1970-03-01;70-02-001;учитель;химия;2015-09-01"
    echo "Э-2;Белых;Борис;1971-04-02;70-02-001;учитель;физика;2015-09-01"
    echo "Э-3;Власова;Вера;1972-05-03;70-01-001;учитель;химия;2015-09-01"
    echo "П-1;Громова;Галина;1980-06-04;70-01-001;учитель;история;2015-09-01"
    echo "П-2;Громова-Лис;Галина;1980-06-04;70-02-001;учитель;история;2020-09-01"
} >"$WORK/staff.csv"
expect 0 rsnms roster import "$WORK/staff.csv"
for expert in Э-1 Э-2 Э-3; do
    expect 0 rsnms register record method_staff "$expert" --from 2024-09-01 --ground "post=приказ № 1"
done

# ── the call and an application ──────────────────────────────────────────────
expect 0 rsnms contest open sites sites "Площадки года" --from today --until "$(date -d "+60 days" +%F)" --seats 3
expect 0 rsnms --json contest list sites
has 1 title "Площадки года" seats 3
expect 1 rsnms contest apply sites "Другие площадки" 70-01-001 --ground "experience=протокол № 1"
complained "нет такого конкурса"
expect 0 rsnms contest apply sites "площадки года" 70-01-001 --ground "experience=протокол № 1" --value "profile=химия"
expect 0 rsnms --json contest show sites "Площадки года"
has 1 member 70-01-001 stage proposed outcome open
expect 0 rsnms --json review list sites --open
has 1 place 70-01-001 outcome open
work="$(sed -n 's/.*"mark":"\([^"]*\)".*/\1/p' "$WORK/out")"

# ── experts: who is free, and why not the others ─────────────────────────────
expect 0 rsnms --json review candidates sites "$work"
has 3
has 1 conflict same_place
has 2 conflict free
expect 1 rsnms review assign sites "$work" Э-3
expect 0 rsnms review assign sites "$work" Э-1
expect 0 rsnms review assign sites "$work" Э-2
expect 1 rsnms review answer sites "$work" Э-3 --accept
complained "эксперту Э-3 не поручалась"
expect 0 rsnms review answer sites "$work" Э-1 --accept
expect 0 rsnms review answer sites "$work" Э-2 --refuse "болен"
expect 2 rsnms review answer sites "$work" Э-1
expect 0 rsnms --json review show sites "$work"
said '"stage": "refused"'
expect 0 rsnms org add 70-03 муниципалитет "Город 03" --under 70
expect 0 rsnms org add 70-03-001 школа "Школа города 03" --under 70-03
sed 's/70-02-001/70-03-001/; s/Э-2/Э-4/; s/Белых/Дёмин/; s/1971/1969/' "$WORK/staff.csv" | sed -n '1p; /Э-4/p' >"$WORK/more.csv"
expect 0 rsnms roster import "$WORK/more.csv"
expect 0 rsnms register record method_staff Э-4 --from 2024-09-01 --ground "post=приказ № 2"
expect 0 rsnms review assign sites "$work" Э-4 --due "$(date -d "+20 days" +%F)"
expect 2 rsnms review submit sites "$work" Э-4 --point relevance --summary "да"
expect 1 rsnms review submit sites "$work" Э-4 --point relevance=99 --point content=8 --point result=7 --summary "опыт описан"
expect 0 rsnms review submit sites "$work" Э-4 --point relevance=9 --point content=8 --point "result=7=мало данных" --summary "опыт описан"
expect 1 rsnms register decide sites 70-01-001 --admit                  # experts have not finished
expect 0 rsnms review submit sites "$work" Э-1 --point relevance=8 --point content=8 --point result=8 --summary "поддержать"
expect 0 rsnms review return sites "$work" Э-1 --reason "поясните последний балл"
expect 0 rsnms review submit sites "$work" Э-1 --point relevance=8 --point content=8 --point result=7 --summary "поддержать, пояснено"
expect 0 rsnms review close sites "$work"
expect 0 rsnms review pay sites "$work" Э-1 --day today
expect 0 rsnms --json expert show Э-1
has 1 done 1 returned 1 unpaid 0
expect 0 rsnms --json expert works Э-4
has 1 stage submitted
expect 0 rsnms contest show sites "Площадки года" --xlsx "$WORK/contest.xlsx"
expect 0 rsnms --json contest show sites "Площадки года"
has 1 member 70-01-001 outcome positive rank 1
expect 0 rsnms register decide sites 70-01-001 --admit
expect 0 rsnms --json register show sites
has 1 member 70-01-001
for list in "contest list sites" "contest show sites $(rsnms --json contest list sites | sed -n 's/.*"mark":"\([^"]*\)".*/\1/p')" "review list sites" \
            "review show sites $work" "expert works Э-1" "expert show Э-1"; do
    # shellcheck disable=SC2086
    expect 0 rsnms $list
    ! grep -qE '(column|review|review_outcome|assignment_stage|expert_conflict|contest)\.[a-z_]+' "$WORK/out" || fail "a bare token in $list"
done

# ── one person in two lists ──────────────────────────────────────────────────
workers() { rsnms call roster.population.count "{\"unit\": \"$(id_of 70)\", \"on\": \"2024-12-31\"}" | sed -n 's/.*"workers": "\{0,1\}\([0-9]*\).*/\1/p'; }
before="$(workers)"
expect 2 rsnms people merge П-1
expect 0 rsnms people merge П-1 П-2 --ground "сменила фамилию, паспорт сверен"
[ "$(workers)" = $((before - 1)) ] || fail "two records of one person are counted as two"
expect 0 rsnms --json people merges П-1
has 1 posts 1 ground "сменила фамилию, паспорт сверен"
gone="$(sed -n 's/.*"gone":"\([^"]*\)".*/\1/p' "$WORK/out")"
expect 0 rsnms people unmerge "$gone" --ground "тёзки"
[ "$(workers)" = "$before" ] || fail "a merger that was undone still counts"
expect 0 rsnms --json people merges П-1
has 0

# ── a row that only a person can tell the meaning of ─────────────────────────
row='{"code": "Э-1", "family": "Громова", "given": "Галина", "born": "1980-06-04", "organisation": "70-02-001", "post": "учитель", "subject": "история", "from": "2021-09-01"}'
expect 0 rsnms call roster.doubt.raise "{\"row\": $row, \"list\": \"школа города 02\", \"line\": 7}"
expect 0 rsnms --json doubt list --unit 70-02
has 1 organisation 70-02-001 line 7 list "школа города 02"
doubt="$(sed -n 's/.*"mark":"\([^"]*\)".*/\1/p' "$WORK/out")"
expect 0 rsnms doubt list
! grep -q "Громова\|reason\." "$WORK/out" || fail "a name or a bare token among what waits"
expect 0 rsnms --json doubt show "$doubt"
candidates="$(wc -l <"$WORK/out")"
[ "$candidates" -ge 1 ] && grep -q '"score":' "$WORK/out" || fail "no candidate with a likeness"
expect 0 rsnms --json doubt show "$doubt" --names --purpose "кто это"
[ "$(grep -c '"family":' "$WORK/out")" = "$candidates" ] || fail "a candidate without a name"
expect 1 rsnms doubt show 00000000
expect 2 rsnms doubt decide "$doubt" --new --drop
expect 1 rsnms doubt decide 00000000 --new
expect 0 rsnms doubt decide "$doubt" --person П-1
expect 0 rsnms --json doubt list
has 0

# The same of a whole list: what is clear is left to the import, what is not waits, and is taken as was decided.
{
    echo "Код;Фамилия;Имя;Дата рождения;Организация;Должность;Предмет;Работает с"
    echo "Э-1;Ветрова;Зоя;08.08.1988;70-02-001;учитель;физика;01.09.2021"
    echo "Ж-1;Ясная;Юлия;09.09.1989;70-02-001;учитель;физика;01.09.2021"
} >"$WORK/doubtful.csv"
expect 0 rsnms doubt raise "$WORK/doubtful.csv" --list "сентябрь"
complained "строк 2, сомнительных 1, ждут решения 1"
expect 0 rsnms doubt raise "$WORK/doubtful.csv" --list "сентябрь"
expect 0 rsnms --json doubt list
has 1 line 2 list "сентябрь" reason code_of_another
expect 3 rsnms roster import "$WORK/doubtful.csv"
expect 0 rsnms doubt decide "$(sed -n 's/.*"mark":"\([^"]*\)".*/\1/p' <(rsnms --json doubt list))" --new
expect 0 rsnms roster import "$WORK/doubtful.csv"
expect 0 rsnms roster import "$WORK/doubtful.csv"
complained "новых людей 0"
complained "не принято 0"
