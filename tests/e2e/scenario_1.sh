#!/bin/bash
# A deputy head of a school, twenty minutes before leaving: the list that the school's own system saved (Windows-1251, «;», days as
# 1.09.25) against what is known, one cell mended, exactly what was shown entered, one who was moved to another school answered for;
# then the young ones of the school, and which of them nobody supports. With the school's own key: nobody asks for the municipality.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

start one
expect 0 rsnms org add 70 регион "Томская область"
expect 0 rsnms org add 70-07 муниципалитет "Город Стрежевой" --under 70
expect 0 rsnms org add 70-07-003 школа "Школа № 3" --under 70-07
expect 0 rsnms org add 70-07-004 школа "Школа № 4" --under 70-07
expect 0 rsnms keys new deputy --role school --scope 70-07-003
expect 0 rsnms keys new town --role municipal --scope 70-07
deputy() { rsnms --key deputy "$@"; }

# list was|now: 46 people of the spring; in September one has gone, three have come, two say otherwise, two cells are wrong.
list() {
    python3 - "$1" <<'EOP'
import sys
names = "Азарова Белых Вершинина Громова Демидова Ершова Жукова Зуева Ильина Котова Лапина".split()
def person(i):
    return [f"К-{i:02}", names[i % 11], "Анна Мария Ольга Вера Инга".split()[i // 11], "Ивановна", f"{1 + i % 28}.03.{1955 + i % 20}", "",
            "70-07-003", "учитель", "химия физика математика".split()[i % 3], "1.09.95", f"1.09.{10 + i % 6}"]
rows = [person(i) for i in range(45)]
for i in range(2):                                          # two young ones are there already
    rows[40 + i][4], rows[40 + i][9], rows[40 + i][10] = "7.05.1998", "1.09.23", "1.09.23"
if sys.argv[1] == "was":
    rows.append(["К-45", "Петрова", "Ольга", "Сергеевна", "3.02.1980", "", "70-07-003", "учитель", "история", "1.09.02", "1.09.12"])
else:
    rows[0][8] = "биология"
    rows[1][2] = "Инна"
    rows[15][5] = "112-233-445 96"                          # line 17
    rows[20][1] = "K" + rows[20][1][1:]                     # a Latin letter
    for i, (born, since) in enumerate([("12.06.2001", "1.09.25"), ("3.11.1999", "1.09.24"), ("3.11.1975", "1.09.25")]):
        rows.append([f"К-{46 + i}", "Новикова Осипова Рыбина".split()[i], "Дарья", "Петровна", born, "", "70-07-003", "учитель",
                     "математика", since, "1.09.25"])
head = "Код;Фамилия;Имя;Отчество;Дата рождения;СНИЛС;Код ОО;Должность;Предмет;Дата первой педагогической должности;Дата приема"
sys.stdout.buffer.write(("\r\n".join([head] + [";".join(row) for row in rows]) + "\r\n").encode("cp1251"))
EOP
}
list was >"$WORK/was.csv"
list now >"$WORK/now.csv"
expect 0 deputy roster import "$WORK/was.csv" --full

# ── «41 unchanged · 3 new · 2 changed · 1 vanished · 2 refused» ──────────────
expect 3 deputy roster check "$WORK/now.csv" --full
said "строк 48: новых людей 3, новых должностей 0, переходов 0, изменений 2, без изменений 41, не принято 2, сомнительных 0"
said "строка 2: изменится: Предмет: «химия» → «биология»"
said "строка 3: изменится: Имя"
said "нет в списке: 70-07-003: Петрова Ольга Сергеевна, К-45, учитель с 01.09.2012"
said "нет в списке людей 1, должностей 1"
said "строка 17, столбец «СНИЛС»: найдено «112-233-445 96»; контрольное число 96, по остальным цифрам выходит 95; исправьте или оставьте пустым"
said "строка 22, столбец «Фамилия»: найдено «K"
expect 0 deputy people show К-00 --purpose "сверка списков"     # a check has entered nothing
said "химия"

# ── one cell is mended on the spot; exactly what was shown is entered, 47 of 48 ──
mended() { iconv -f cp1251 -t utf8 "$WORK/now.csv" | sed 's/112-233-445 96/112-233-445 95/' | iconv -f utf8 -t cp1251; }
mended >"$WORK/mended.csv"
expect 3 deputy roster check "$WORK/mended.csv" --full --keep --vanished "$WORK/gone.csv"
said "изменений 3, без изменений 41, не принято 1"
said "строка 17: изменится: СНИЛС"
expect 3 deputy roster import "$WORK/mended.csv"
expect 3 deputy roster check "$WORK/mended.csv" --full
said "новых людей 0, новых должностей 0, переходов 0, изменений 0, без изменений 47, не принято 1"
expect 0 deputy people show К-15 --purpose "сверка списков"
said "112-233-445 95"
expect 0 rsnms --json people list --unit 70-07-003 --on 2025-09-02
[ "$(wc -l <"$WORK/out")" = 49 ] || fail "not the 45 and Петрова and the three new ones"

# ── «Петрова: переведена → школа № 4» ────────────────────────────────────────
grep -q "Переведён в" "$WORK/gone.csv" || fail "nobody is asked where she has gone"
! grep -q "Петрова" "$WORK/gone.csv" || fail "a name stands in the table of those who are missing"
sed -i '2s/;;$/;31.08.2025;70-07-004/' "$WORK/gone.csv"
# A school alone puts nobody into another one: that is said, with what can be done, and nothing moves.
expect 3 deputy roster import "$WORK/mended.csv" --full --answers "$WORK/gone.csv"
said "это вне области доступа ключа; перевести может тот, кто ведёт обе организации"
expect 0 rsnms people list --unit 70-07-004 --on 2025-09-02
! grep -q "учитель" "$WORK/out" || fail "a school has put somebody into another one"
sed 's/70-07-004$/70-99/' "$WORK/gone.csv" >"$WORK/nowhere.csv"
expect 1 rsnms --key town roster import "$WORK/mended.csv" --full --answers "$WORK/nowhere.csv"
complained "70-99"
expect 3 rsnms --key town roster import "$WORK/mended.csv" --full --answers "$WORK/gone.csv"
expect 0 rsnms people list --unit 70-07-004 --on 2025-09-01
said "история"
expect 0 rsnms people show К-45 --purpose "сверка списков"
said "31.08.2025"
said "01.09.2025"
expect 3 deputy roster check "$WORK/mended.csv" --full
! grep -q "нет в списке:" "$WORK/out" || fail "one who was moved is missing still"

# ── «Молодые до 35 в первые 3 года: 4, без формы поддержки: 2» ───────────────
expect 0 deputy --json people count --unit 70-07-003 --population young --on 2025-09-02
said '"people":4'
expect 0 deputy --json people list --unit 70-07-003 --population young --on 2025-09-02 --names --purpose "поддержка молодых"
[ "$(wc -l <"$WORK/out")" = 4 ] || fail "not four young ones by their names"
said '"family":"Новикова"'
said '"family":"Осипова"'
expect 0 rsnms settle
for whom in К-40 К-46; do expect 0 deputy support record "$whom" наставничество --day 02.09.2025; done
expect 2 deputy support record К-46 --day 02.09.2025
expect 1 deputy support record К-99 наставничество --day 02.09.2025
complained "нет человека с кодом К-99"
expect 0 rsnms settle
expect 0 rsnms indicators who T 5 2025 --unit 70-07-003 --side denominator
complained "4 counted"
expect 0 rsnms indicators who T 5 2025 --unit 70-07-003
complained "2 counted"
expect 0 rsnms indicators who T 5 2025 --unit 70-07-003 --side missing
complained "2 counted"
expect 0 rsnms indicators who T 5 2025 --unit 70-07-003 --side missing --names --purpose "поддержка молодых"
said "Осипова"
! grep -q "Новикова" "$WORK/out" || fail "one who is supported is said to be without support"

# ── what was shown and what was read is on record, and the names lie nowhere ──
expect 0 rsnms journal roster --event roster.person.was_read
said "сверка полного списка"
"$BUILD/tests/find_traces" "$WORK/one" -- Петрова Новикова Осипова 11223344595 >"$WORK/out" || fail "names in the clear"
