#!/bin/bash
# One staff list in all the forms in which it comes (tests/data/lists): each that says the same changes nothing, each that is faulty
# is refused by row, column, reason and remedy, or whole, and what is good in it is entered all the same.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

start one roster
expect 0 rsnms org add 70 регион "Область"
expect 0 rsnms org add 70-01 муниципалитет "Город" --under 70
expect 0 rsnms org add S1 школа "Школа 1" --under 70-01
cp -r "$SOURCE/tests/data/lists" "$WORK/lists"
cd "$WORK/lists"
declare -A seen

# checked CODE FILE NAME VALUE…: the counts of its check.
checked() {
    local code="$1" file="$2"
    shift 2
    seen[$file]=1
    expect "$code" rsnms --json roster check "$file"
    python3 - "$WORK/out" "$@" <<'EOP' || fail "not counted as expected: $file $*"
import json, sys
got = json.loads(open(sys.argv[1]).read().splitlines()[-1])
want = dict(zip(sys.argv[2::2], map(int, sys.argv[3::2])))
bad = {k: got.get(k) for k in want if got.get(k) != want[k]}
assert not bad, bad
EOP
}
# tells FILE SENTENCE…: as a person reads them.
tells() {
    local file="$1"
    shift
    rsnms roster check "$file" >"$WORK/out" 2>"$WORK/err" || true
    for sentence in "$@"; do said "$sentence"; done
}
# refused_whole FILE SENTENCE: of the file, and nothing of it is entered.
refused_whole() {
    seen[$1]=1
    expect 1 rsnms roster import "$1" --delta
    complained "$1: $2"
    expect 1 rsnms roster check "$1"
    complained "$1: $2"
}

# ── the same in every form ───────────────────────────────────────────────────
checked 0 book.xlsx new_person 10 rows 10                       # whichever comes first is the list
expect 0 rsnms roster import utf8.csv --delta
for file in utf8.csv utf8_bom.csv lf.csv cp1251.csv comma.csv tab.csv quoted_breaks.csv dates.csv yo.csv spaces.csv whole_name.csv \
            book.xlsx oneroster.zip; do
    checked 0 "$file" unchanged 10 rows 10
done
head_before="$(rsnms --json journal roster | grep -c '"event":"roster.p' || true)"
for file in cp1251.csv dates.csv yo.csv spaces.csv book.xlsx oneroster.zip; do
    expect 0 rsnms roster import "$file" --delta
done
[ "$(rsnms --json journal roster | grep -c '"event":"roster.p' || true)" = "$head_before" ] || fail "the same list in another form has changed something"

# ── each with its fault ──────────────────────────────────────────────────────
checked 3 truncated.csv unchanged 5 refused 1 rows 6
tells truncated.csv 'строка 7, столбец «Код ОО»: пусто; должно быть заполнено'
refused_whole truncated_quote.csv "строка 6: файл обрывается на середине буквы"
refused_whole truncated.xlsx "книга Excel повреждена"
checked 3 header_again.csv unchanged 10 refused 1 rows 11
tells header_again.csv 'строка 7: это снова заголовок списка; уберите строку'
refused_whole column_twice.csv "столбец «Фамилия» стоит дважды"
refused_whole mixed_encodings.csv "строка 7: с этой строки другая кодировка"
refused_whole utf16.csv "это не текст: сохраните список как CSV"
refused_whole koi8.csv "нет столбца «Код работника»"
checked 3 latin.csv unchanged 7 refused 3
tells latin.csv 'строка 3, столбец «Фамилия»: найдено «Вoробьёв»; латинская буква «o» на месте 2; наберите её кириллицей' \
                'строка 5, столбец «Имя»: найдено «Cемён»; латинская буква «C» на месте 1' \
                'строка 8, столбец «Отчество»: найдено «Матвeевич»; латинская буква «e» на месте 5'
checked 3 snils.csv unchanged 8 refused 2
tells snils.csv 'строка 2, столбец «СНИЛС»: найдено «112-233-445 96»; контрольное число 96, по остальным цифрам выходит 95; исправьте или оставьте пустым' \
                'строка 3, столбец «СНИЛС»: найдено «123-456»; цифр 6, должно быть 11'
checked 0 two_heads.csv unchanged 9 new_post 1
tells two_heads.csv 'два руководителя сразу: S1, строки 5 и 10' 'руководитель уже есть: S1, строка 10'
checked 3 unknown_school.csv unchanged 8 refused 2
tells unknown_school.csv 'строка 6, столбец «Код ОО»: найдено «S404»; такой организации нет; проверьте код или сначала внесите организацию' \
                         'строка 9, столбец «Код ОО»: пусто; должно быть заполнено'
checked 3 ragged.csv unchanged 9 refused 1
tells ragged.csv 'строка 4, столбец «Код ОО»: пусто'
for file in *; do
    [ -n "${seen[$file]:-}" ] || [ "$file" = README.md ] || fail "nobody has looked at tests/data/lists/$file"
done

# ── asked about when in doubt, kept for the next time ────────────────────────
# answering ANSWERS FILE…: the check on a terminal, with these lines typed.
answering() {
    python3 - "$BUILD/rsnms" "$@" >"$WORK/terminal" <<'EOP'
import os, pty, sys
pid, fd = pty.fork()
if pid == 0:
    os.execv(sys.argv[1], [sys.argv[1], "roster", "check", *sys.argv[3:]])
os.write(fd, sys.argv[2].encode())
said = b""
try:
    while chunk := os.read(fd, 4096):
        said += chunk
except OSError:
    pass
sys.stdout.buffer.write(said)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
EOP
}
asked() { [ "$(grep -c 'Какой столбец' "$WORK/terminal")" = "$1" ] || fail "asked $(grep -c 'Какой столбец' "$WORK/terminal") times instead of $1: $(cat "$WORK/terminal")"; }
sed '1s/Код;/№;/; 1s/Дата рождения/Д.р./' utf8.csv >september.csv
cp september.csv october.csv
answering $'1\n5\n' september.csv || fail "two answers were not enough: $(cat "$WORK/terminal")"
asked 2
[ -f september.csv.columns ] || fail "the answers do not lie beside the list"
answering '' september.csv && asked 0 || fail "asked about again"
checked 0 october.csv unchanged 10                              # another list of the same titles, and no terminal
complained "столбцы поняты так, как было отвечено о списке с теми же заголовками"
[ ! -e october.csv.columns ] || fail "nobody was asked"
sed '1s/Предмет/Предмет, основной/' october.csv >november.csv   # other titles: not what was answered about
refused_whole november.csv "нет столбца «Код работника»"
# Of two columns of one title the answer is a number, and the number is what is kept.
sed 's/^\([^;]*;\)\([^;]*\);/\1Прежняя;\2;/; 1s/Прежняя/Фамилия/' utf8.csv >twice.csv
refused_whole twice.csv "столбец «Фамилия» стоит дважды"
answering $'3\n' twice.csv || fail "$(cat "$WORK/terminal")"
asked 1
cp twice.csv again.csv
checked 0 twice.csv unchanged 10
checked 0 again.csv unchanged 10
# A map that somebody wrote beside a list is an answer too; --map is of its list alone.
sed '1s/Код;/Шифр;/' utf8.csv >december.csv
printf 'Столбец;Поле\nШифр;code\n' >own.columns
expect 0 rsnms roster check december.csv --map own.columns
refused_whole december.csv "нет столбца «Код работника»"
cp own.columns december.csv.columns
checked 0 december.csv unchanged 10
cp december.csv january.csv
checked 0 january.csv unchanged 10
# What is kept and is none of a list of today's fields is no answer: the list is refused as without it.
sed -i 's/code/codex/' "$WORK"/one/columns/*.columns
rm december.csv.columns
expect 1 rsnms roster check january.csv

# ── what is good in a faulty list is entered ─────────────────────────────────
sed 's/К-/Ю-/; s/Зорина/Тихая/; s/1975-06-30/1976-06-30/; s/;[0-9 -]*;S1;/;;S1;/' latin.csv >"$WORK/lists/more.csv"
expect 3 rsnms roster import more.csv --delta
checked 3 more.csv refused 3 unchanged 7
expect 0 rsnms down roster
expect 0 rsnms verify roster
