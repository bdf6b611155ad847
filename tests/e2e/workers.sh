#!/bin/bash
# Workers as the acts want them known (R2): education, beginnings, rate and days of a post, several posts of one person, and those who stand
# on no staff list: students, gifted young people, interns of other regions. Read in from one file, and read again by the verbs.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

start one roster

expect 0 rsnms org add 70 регион "Томская область"
expect 0 rsnms org add 70-07 муниципалитет "Город Стрежевой" --under 70
expect 0 rsnms org add 70-07-003 школа "Школа № 3" --under 70-07
expect 0 rsnms org add 70-07-004 школа "Школа № 4" --under 70-07
expect 0 rsnms org add 70-К колледж "Педагогический колледж" --under 70-07
cat >"$WORK/list.csv" <<'EOL'
code;family;given;born;organisation;post;subject;from;until;rate;part_time;working_since;teaching_since;education;pedagogical_since;matching
Р-1;Кедрова;Инна;14.03.1981;70-07-003;учитель;химия;01.09.2010;;0,75;;01.08.2003;01.09.2004;высшее педагогическое;;да
Р-1;Кедрова;Инна;14.03.1981;70-07-004;учитель;биология;01.09.2021;31.05.2024;0,5;да;01.08.2003;01.09.2004;высшее педагогическое;;нет
Р-2;Лопатин;Олег;12.11.1979;70-07-003;заместитель директора;;01.09.2015;;1;;;;высшее;;
Р-2;Лопатин;Олег;12.11.1979;70-07-003;учитель;физика;01.09.2015;;0,25;да;;;высшее;;
С-1;Юнина;Мария;02.02.2003;70-К;студент;;01.09.2022;;;;;;;;
С-1;Юнина;Мария;02.02.2003;70-07-004;учитель;музыка;01.09.2023;;0,5;;;;среднее профессиональное (непедагогическое);;
О-1;Яркова;Дарья;03.03.2004;70-К;участник программы для одарённой педагогической молодёжи;;01.09.2023;;;;;;;;
Г-1;Дальний;Игорь;04.04.1990;70-К;слушатель другого региона;;01.02.2024;30.06.2024;;;;;;;
EOL
expect 0 rsnms roster import "$WORK/list.csv"

# ── the card, and the posts ──────────────────────────────────────────────────
expect 0 rsnms --json people show Р-1 --purpose "личное дело"
said '"2003-08-01"'
said '"2004-09-01"'
said '"education": "higher"'
said '"pedagogical": "yes"'
said '"rate": 75'
said '"2024-05-31"'
expect 0 rsnms people show Р-1 --purpose "личное дело"
said "химия"
said "биология"
said "31.05.2024"
said "высшее"
! grep -qE '(column|education_level|yes_no)\.[a-z_]+' "$WORK/out" || fail "a bare token on the card"

# ── each once, whatever the number of posts ──────────────────────────────────
population() { rsnms --json people count --on "$2" | sed -n "s/.*\"population\":\"$1\",\"size\":\([0-9]*\).*/\1/p"; }
counts() { [ "$(population "$1" "$2")" = "$3" ] || fail "$1 on $2: $(population "$1" "$2") instead of $3"; }
counts educators 2024-03-01 3           # Р-1 with two posts, Р-2 who teaches too, С-1 who teaches already
counts leaders 2024-03-01 1
counts students 2024-03-01 1
counts gifted 2024-03-01 1
counts guests 2024-03-01 1
counts guests 2024-07-01 0
counts students 2022-08-31 0
expect 0 rsnms --json people population guests --on 2024-03-01 --names --purpose "сверка"
has 1
said "Дальний"
expect 0 rsnms --json people population guests --on 2024-07-01
has 0
expect 0 rsnms --json people list --post учитель --on 2024-03-01
has 4
expect 0 rsnms --json people list --post учитель --on 2024-06-01
has 3
expect 0 rsnms --json people list --post student --on 2024-03-01
has 1
expect 0 rsnms people list --csv "$WORK/posts.csv" --on 2024-03-01
grep -q "слушатель другого региона" "$WORK/posts.csv" || fail "who is on no staff list is not in the file"

# ── education that is told later, and a post that ends ───────────────────────
cat >"$WORK/later.csv" <<'EOL'
code;family;given;born;organisation;post;subject;from;education;pedagogical_since;matching
С-1;Юнина;Мария;02.02.2003;70-07-004;учитель;музыка;01.09.2023;среднее профессиональное педагогическое;30.06.2024;да
EOL
expect 0 rsnms --json people population unpedagogical --on 2024-03-01
has 1
expect 0 rsnms roster import --delta "$WORK/later.csv"
expect 0 rsnms --json people population unpedagogical --on 2024-07-01
has 0
expect 0 rsnms --json people show С-1 --purpose "личное дело"
said '"pedagogical_since": "2024-06-30"'
