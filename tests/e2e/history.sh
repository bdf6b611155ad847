#!/bin/bash
# Thirty workers, counted by hand, through the command line: a load, the figures, the same load again, lists
# that are not what they say, and a list that comes before its organisations.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

THIRTY="$SOURCE/tests/data/thirty"

# ── files that are refused whole ─────────────────────────────────────────────
start list
head -c 2000 /dev/urandom > "$WORK/binary.csv"
expect 1 rsnms roster import "$WORK/binary.csv"
complained "$WORK/binary.csv: "
: > "$WORK/empty.csv"
expect 1 rsnms roster import "$WORK/empty.csv"
complained "файл пуст"
printf 'Код работника;Фамилия;Имя\r\n1;Абрамов;Пётр\r\n' > "$WORK/narrow.csv"
expect 1 rsnms roster import "$WORK/narrow.csv"
complained "нет столбца «Дата рождения»"
{ iconv -f cp1251 -t utf8 "$THIRTY/staff.csv"; printf '99;"Кавычкин;Пётр;'; } > "$WORK/open.csv"
expect 1 rsnms roster import "$WORK/open.csv"
complained "кавычка открыта и не закрыта"
expect 1 rsnms roster import "$WORK/none.csv"
expect 1 rsnms history load "$WORK"
complained "organisations.csv: нет такого файла"
expect 0 rsnms --json journal roster
[ ! -s "$WORK/out" ] || fail "a file that was refused whole has left entries"

# ── a list before its organisations, and again after them ────────────────────
expect 1 rsnms roster import "$THIRTY/staff.csv"
said "строка 2, столбец «Код организации»: найдено «70-01-001»"
complained "не принято 36"
expect 3 rsnms history load "$THIRTY"
complained "новых людей 30, новых должностей 34"

# ── from nothing, and the same again ─────────────────────────────────────────
start whole
expect 3 rsnms --json history load "$THIRTY"
cp "$WORK/out" "$WORK/refused"
complained "всего строк 130, внесено раньше 0, не принято 2"
expect 0 rsnms settle
expect 0 rsnms compare "$THIRTY" --refused "$WORK/refused"
expect 3 rsnms history load "$THIRTY"
complained "новых людей 0, новых должностей 0"
complained "внесено раньше 128"
said "строка 12, столбец «СНИЛС»: найдено «112-233-445 96»"
expect 0 rsnms settle
expect 0 rsnms compare "$THIRTY" --refused "$WORK/refused"
# The same list in another encoding is another file, and says nothing new.
iconv -f cp1251 -t utf8 "$THIRTY/staff.csv" > "$WORK/utf8.csv"
expect 3 rsnms roster import "$WORK/utf8.csv"
complained "новых людей 0, новых должностей 0, изменено 0, без изменений 34"
expect 0 rsnms compare "$THIRTY" --refused "$WORK/refused"

# ── a service that takes nothing in is said once, and is nothing about a row; with room again the same list goes through ──
if [ "$(df --output=avail -BM "$WORK" | tr -dc '0-9\n' | tail -n 1)" -lt 1000000 ]; then
    { cat "$WORK/utf8.csv"; printf '\r\n'; } >"$WORK/later.csv"
    sed -i 's/^log: info/log: info\nreserve_mb: 1000000/' "$RSNMS_CONFIG"
    expect 0 rsnms down roster
    expect 0 rsnms up roster
    expect 1 rsnms roster import "$WORK/later.csv"
    complained "на диске не осталось запаса"
    [ "$(cat "$WORK/out" "$WORK/err" | grep -c 'не осталось запаса')" = 1 ] || fail "the service's state is told row by row"
    sed -i '/^reserve_mb/d' "$RSNMS_CONFIG"
    expect 0 rsnms down roster
    expect 0 rsnms up roster
    expect 3 rsnms roster import "$WORK/later.csv"
    complained "без изменений 34"
else
    echo "SKIPPED: no reserve is larger than what is free in $WORK" >&2
fi

# ── learning and tutors: a row that is not right is said with its file's column, once, and the rest is taken ──
start rows
expect 0 rsnms sample tomsk --workers 200 --seed 3 "$WORK/sample"
right="$(grep -c '"line":' "$WORK/sample/expected.json")"
printf '%s\r\n' 'Ч-1;999999;ДПП-013/2022-04;;;10.04.2022;;' 'Ч-2;000001;ДПП-013/1999-01;;;10.04.2022;;' \
    'Ч-3;000001;ДПП-013/2022-04;;;31.02.2022;;' >>"$WORK/sample/enrolments.csv"
printf '%s\r\n' 'Ч-9;итоговая;да;01.05.2022' 'З-000001;устная;да;01.05.2022' >>"$WORK/sample/attestations.csv"
printf '%s\r\n' '000001;дядька;;' >>"$WORK/sample/tutors.csv"
printf '%s\r\n' '000001;тьютор;999999;' >>"$WORK/sample/assignments.csv"
printf '%s\r\n' '000001;полёт на Луну;1;01.09.2023;;' '999999;связь;1;01.09.2023;;' >>"$WORK/sample/consents.csv"
printf '%s\r\n' 'rooms;Нет такого зала;3;4;1;;проба' 'rooms;Актовый зал;завтра;4;1;;проба' >>"$WORK/sample/bookings.csv"
printf '%s\r\n' 'practices;Нет такой;000001;14;да;relevance=5;Хорошо.' >>"$WORK/sample/opinions.csv"
expect 3 rsnms --json history load "$WORK/sample"
[ "$(wc -l <"$WORK/out")" = $((right + 12)) ] || fail "not $right refusals and twelve"
for refusal in '"Код работника", "reason": "person_unknown"' '"Поток", "reason": "run_unknown"' '"Дата", "reason": "type"' \
               '"Код зачисления", "reason": "enrolment_unknown"' '"Вид", "reason": "no_such_name"' \
               '"Код сопровождающего", "reason": "person_unknown"' '"Цель", "reason": "no_such_name"' '"Запись", "reason": "entry_unknown"' \
               '"Через дней", "reason": "type"' '"Работа", "reason": "review_unknown"'; do
    said "$refusal"
done
# What goes on today: a contest with its applications, works with experts, rooms that are booked.
expect 0 rsnms --json contest list support_staff
said '"title":"Конкурсный отбор методистов и тьюторов"'
expect 0 rsnms contest show support_staff "Конкурсный отбор методистов и тьюторов"
said "Заявок 4"
expect 0 rsnms --json review list programmes
[ "$(wc -l <"$WORK/out")" = 2 ] || fail "not two programmes at the experts"
# Names beside a long list: each of its people has one, a hundred of them to an entry, and each is asked for once.
expect 0 rsnms --json people list
people="$(grep -o '"person":"[^"]*"' "$WORK/out" | sort -u | wc -l)" posts="$(wc -l <"$WORK/out")"
[ "$people" -gt 100 ] && [ "$posts" -gt "$people" ] || fail "$people people with $posts posts: too few to try anything"
expect 0 rsnms --json people list --names --purpose "сверка имён"
[ "$(grep -c '^{"family":"[^"]*","given":"' "$WORK/out")" = "$posts" ] || fail "not each of $posts posts with a name"
expect 0 rsnms journal roster --event roster.person.searched
python3 - "$WORK/out" "$people" <<'EOP' || fail "the readings are not what was read"
import json, sys
entries = [json.loads(line) for line in open(sys.argv[1], encoding="utf8")]
read = [e["body"]["persons"] for e in entries if e["body"]["purpose"] == "сверка имён"]
assert len(read) == (int(sys.argv[2]) + 99) // 100, [len(r) for r in read]
assert len({p for r in read for p in r}) == sum(map(len, read)) == int(sys.argv[2])
EOP
expect 0 rsnms --json room list rooms "Актовый зал"
[ "$(wc -l <"$WORK/out")" = 3 ] || fail "not three bookings of the hall"
