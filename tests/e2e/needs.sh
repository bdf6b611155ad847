#!/bin/bash
# What a staff needs, by the verbs of the command line: vacancies opened, listed and filled, the staff by subject, band and year;
# who must be trained and who has been, here and outside; whose data are blocked; ties of experts; which rooms are free and who has
# booked them; people named by their names.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

start one roster

expect 0 rsnms org add 70 регион "Томская область"
expect 0 rsnms org add 70-07 муниципалитет "Город Стрежевой" --under 70
expect 0 rsnms org add 70-07-003 школа "Школа № 3" --under 70-07 --opened 01.09.1975
cat >"$WORK/list.csv" <<'EOL'
code;family;given;born;organisation;post;subject;from;matching
К-1;Воробьёва;Анна;14.03.1991;70-07-003;учитель;химия;01.09.2020;да
К-2;Кедров;Борис;12.11.1960;70-07-003;учитель;физика;01.09.2010;нет
EOL
expect 0 rsnms roster import "$WORK/list.csv"

# ── vacancies ────────────────────────────────────────────────────────────────
expect 0 rsnms vacancy open 70-07-003 учитель --subject химия --load 50 --from 01.09.2023
expect 0 rsnms vacancy open 70-07-003 учитель --subject физика --from 2022-09-01
expect 1 rsnms vacancy open 70-07-003 волшебник --from 2022-09-01
expect 0 rsnms --json vacancy list 70-07
has 2
has 1 subject химия load "0,50" from 2023-09-01 organisation 70-07-003
expect 0 rsnms --json vacancy list 70-07 --on 2023-08-31
has 1 subject физика
expect 0 rsnms vacancy list --csv "$WORK/vacancies.csv"
grep -q "физика" "$WORK/vacancies.csv" || fail "no vacancy in the file"
expect 0 rsnms --json vacancy list 70-07 --subject физика
mark="$(python3 -c 'import json; print(json.loads(open("'"$WORK/out"'").readline())["mark"])')"
expect 2 rsnms vacancy close "$mark" --how vacant
expect 1 rsnms vacancy close "$mark" --how filled --by К-3
expect 0 rsnms vacancy close "$mark" --how filled --by К-2
expect 1 rsnms vacancy close 00000000 --how mistaken
expect 0 rsnms --json vacancy list
has 1 subject химия

# ── the staff ────────────────────────────────────────────────────────────────
expect 0 rsnms --json staffing show 70-07
has 1 subject химия posts 1 vacancies 1 load "0,50"
has 1 subject физика posts 1
expect 0 rsnms --json staffing show --by band --on 2025-01-15
has 1 band age_60 people 1
has 1 band under_35 people 1
expect 0 rsnms --json staffing show --by year
has 11
expect 2 rsnms staffing show --by age
expect 0 rsnms --json staffing retrain 70-07
has 1
has 1 subject физика why mismatched organisation 70-07-003
expect 0 rsnms staffing retrain
! grep -qE 'retraining_why\.' "$WORK/out" || fail "a bare token in what is shown"
expect 0 rsnms staffing show 70-07
! grep -qE '(column|training_state)\.[a-z_]+' "$WORK/out" || fail "a bare token in what is shown"

# ── what is proposed to the authority ───────────────────────────────────────
expect 0 rsnms org add 70-01 департамент "Департамент общего образования" --under 70
expect 2 rsnms staffing propose 70-07 --number 15-п --to 70-01
expect 1 rsnms staffing propose 70-07 --number 15-п --to 70-09 --csv "$WORK/proposal.csv"
[ ! -e "$WORK/proposal.csv" ] || fail "a file of a proposal that goes to nobody"
expect 0 rsnms staffing propose 70-07 --number 15-п --to 70-01 --csv "$WORK/proposal.csv" --on 2025-01-15
grep -q '^Вакансии;химия;1;0,50' "$WORK/proposal.csv" || fail "no vacancy in the proposal"
grep -q '^Образование не соответствует предмету;физика;1;' "$WORK/proposal.csv" || fail "whom to retrain is not in the proposal"
! grep -qE 'Воробьёва|Кедров' "$WORK/proposal.csv" || fail "somebody is named in the proposal"
expect 0 rsnms --json document inbox 70-01 --open
has 1 number 15-п kind proposal
expect 0 rsnms document check 15-п "$WORK/proposal.csv"
grep -q 'Контрольная подпись системы' "$WORK/out" || fail "it is not said what the check is worth"
expect 0 rsnms --key authority document acknowledge 15-п 70-01
expect 0 rsnms --json document inbox 70-01 --open
has 0
expect 0 rsnms document inbox 70-01
! grep -qE '(column|document_kind)\.[a-z_]+' "$WORK/out" || fail "a bare token in what is shown"

expect 0 rsnms --json staffing retrain 70-07
post="$(python3 -c 'import json; print(json.loads(open("'"$WORK/out"'").readline())["post"])')"
expect 0 rsnms vacancy open 70-07-003 учитель --subject физика --from 2023-09-01
mark="$(rsnms --json vacancy list 70-07 --subject физика | python3 -c 'import json, sys; print(json.loads(sys.stdin.readline())["mark"])')"
expect 0 rsnms vacancy close "$mark" --how filled --by "$post"

# ── training ─────────────────────────────────────────────────────────────────
expect 0 rsnms register record method_staff К-1 --ground post="приказ 1" --from 2022-09-01
expect 0 rsnms --json training list municipal_tutors 70-07
has 1 state overdue obliged 2022-09-01 due 2023-08-31
expect 0 rsnms --json training list municipal_tutors --state done
has 0
expect 2 rsnms training list municipal_tutors --state maybe
expect 1 rsnms training list knitting
expect 0 rsnms --json training count municipal_tutors
has 1 unit 70-07 obliged 1 overdue 1
expect 0 rsnms training count municipal_tutors
expect 0 rsnms --json training list municipal_tutors --names --purpose "кого учить"
has 1 family Воробьёва given Анна state overdue
expect 2 rsnms training list municipal_tutors --names                       # why has to be said
expect 2 rsnms training list municipal_tutors --purpose "кого учить"
expect 0 rsnms journal roster --event roster.person.searched
[ "$(grep -c '"purpose":"кого учить"' "$WORK/out")" = 1 ] || fail "names in a list without their one entry"
expect 0 rsnms training list municipal_tutors --names --purpose "кого учить" --csv "$WORK/training.csv"
grep -q '^Воробьёва;Анна;;' "$WORK/training.csv" || fail "no name in the file"
expect 0 rsnms --json training kinds
has 1 training municipal_tutors register method_staff outside True within 12
expect 0 rsnms training record К-1 municipal_tutors --day 2023-05-12 --document "77-о" --provider "Федеральный координатор" --title "Школа тьюторов"
expect 1 rsnms training record К-1 municipal_tutors --day 2023-05-12 --document "77-о" --provider "Федеральный координатор"
expect 1 rsnms training record К-1 knitting --day 2023-05-12 --document "79-о" --provider "Федеральный координатор"
expect 0 rsnms --json training of К-1
has 1 training municipal_tutors document 77-о day 2023-05-12 provider "Федеральный координатор" title "Школа тьюторов"
expect 0 rsnms --json training list municipal_tutors --state done
has 1 trained 2023-05-12
expect 1 rsnms training strike К-1 80-о --reason "нет такого"
expect 0 rsnms training strike К-1 77-о --reason "не тот человек"
expect 0 rsnms --json training of К-1
has 0
expect 0 rsnms --json training list municipal_tutors --state done
has 0
expect 0 rsnms training kinds
! grep -qE 'column\.[a-z_]+' "$WORK/out" || fail "a bare token in what is shown"

# ── a person by name; his data; definitions ──────────────────────────────────
expect 0 rsnms --json register of "воробьёва анна"
has 1 register method_staff
expect 1 rsnms register of "Петрова Анна"
complained "никого с таким именем нет"
expect 0 rsnms --json people standing "Воробьева Анна"
has 1 state in_use
expect 0 rsnms people block К-1 --act 3-б --ground asked
expect 0 rsnms --json people standing К-1
has 1 state blocked act 3-б why asked
expect 0 rsnms people standing К-1
! grep -qE '(column|block_ground|person_state)\.[a-z_]+' "$WORK/out" || fail "a bare token in what is shown"
expect 0 rsnms --json people list --unit 70-07 --names --purpose "сверка"
has 0 family Воробьёва
has 1 family Кедров
expect 0 rsnms people unblock К-1 --act 4-б
expect 0 rsnms --json people list --unit 70-07 --names --purpose "сверка"
has 1 family Воробьёва
expect 0 rsnms --json people population educators --on 2024-01-15
has 2
has 2 kind educator code 70-07-003
expect 0 rsnms --json people population educators --unit 70-07 --on 2024-01-15 --names --purpose "сверка"
has 1 family Кедров
expect 1 rsnms people population wizards
expect 0 rsnms people renew
expect 0 rsnms expert tie К-1 К-2 --kind kin --from 2024-01-01
expect 0 rsnms expert tie К-1 70-07-003 --kind work --until 2024-06-30
expect 0 rsnms --json expert ties К-1 --names --purpose "сверка"
has 2
has 1 family Кедров kind kin from 2024-01-01
has 1 other 70-07-003 kind work until 2024-06-30
expect 2 rsnms expert tie К-1 К-2 --kind envy
expect 0 rsnms expert ties К-1
! grep -qE '(column|tie_kind)\.[a-z_]+' "$WORK/out" || fail "a bare token in what is shown"

# ── places ───────────────────────────────────────────────────────────────────
expect 0 rsnms register record rooms "Лаборатория" --place 70-07-003 --ground owned="опись 1" --value kind=лаборатория --value seats=12 --from 2020-09-01
expect 0 rsnms --json room free rooms --from 2030-09-01 --until 2030-09-05 --places 12
has 1 title Лаборатория capacity 12 free 12 unit 70-07-003
expect 0 rsnms --json room free rooms --from 2030-09-01 --until 2030-09-05 --places 13
has 0
day() { date -d "+$1 days" +%F; }
expect 0 rsnms room book rooms Лаборатория --from "$(day 30)" --until "$(day 32)" --places 5 --for 70-07-003 --purpose "стажировка"
expect 0 rsnms room book rooms Лаборатория --from "$(day 31)" --until "$(day 31)" --for К-1 --purpose "проба"
expect 1 rsnms room book rooms Лаборатория --from "$(day 31)" --until "$(day 34)" --places 7 --purpose "сверх мест"
expect 0 rsnms --json room free rooms --from "$(day 30)" --until "$(day 34)"
has 1 title Лаборатория free 6
expect 0 rsnms --json room list rooms Лаборатория --from "$(day 32)" --until "$(day 60)"
has 1
has 1 for 70-07-003 places 5 what_for стажировка
expect 0 rsnms --json room list rooms Лаборатория --names --purpose "кто занял"
has 1 family Воробьёва what_for проба
expect 0 rsnms --json room list rooms Лаборатория
mark="$(python3 -c 'import json; print([r["mark"] for r in map(json.loads, open("'"$WORK/out"'")) if r["places"] == 5][0])')"
expect 0 rsnms room cancel rooms Лаборатория "$mark" --reason "перенесли"
expect 1 rsnms room cancel rooms Лаборатория "$mark" --reason "ещё раз"
expect 1 rsnms room cancel rooms Лаборатория 00000000 --reason "нет такой"
complained "такой брони нет"
expect 0 rsnms --json room list rooms Лаборатория
has 1
expect 0 rsnms --json room list rooms Лаборатория --all
has 1 cancelled True reason перенесли
expect 0 rsnms room list rooms Лаборатория --all
! grep -qE 'column\.[a-z_]+' "$WORK/out" || fail "a bare token in what is shown"
