#!/bin/bash
# What a staff needs, by the verbs of the command line: vacancies opened, listed and filled, the staff by subject, band and year;
# who must be trained and who has been; which rooms are free.
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
expect 0 rsnms vacancy close "$mark" --how mistaken
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

# ── places ───────────────────────────────────────────────────────────────────
expect 0 rsnms register record rooms "Лаборатория" --place 70-07-003 --ground owned="опись 1" --value kind=лаборатория --value seats=12 --from 2020-09-01
expect 0 rsnms --json room free rooms --from 2030-09-01 --until 2030-09-05 --places 12
has 1 title Лаборатория capacity 12 free 12 unit 70-07-003
expect 0 rsnms --json room free rooms --from 2030-09-01 --until 2030-09-05 --places 13
has 0
