#!/bin/bash
# Staff lists held against what is known, and entered as they were shown: new, changed, moved, missing; what a full list
# may take away, and what a delta may not; an import that is killed goes on where it was.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

start one roster
schools S1 S2
school="$(id_of S1)"
list() { teachers S1 "$@"; }
workers() {
    rsnms call roster.population.count "{\"unit\": \"$school\", \"on\": \"$1\"}" >"$WORK/counted"
    python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))["workers"])' "$WORK/counted"
}

# ── words that do not go together ────────────────────────────────────────────
expect 2 rsnms roster check
expect 2 rsnms roster import "$WORK/x.csv" --full --delta
expect 2 rsnms roster import "$WORK/x.csv" --delta --dismiss 2024-08-31
complained "частичный список никого не увольняет"
expect 2 rsnms roster import "$WORK/x.csv" --full --dismiss yesterday
expect 2 rsnms roster check "$WORK/x.csv" --full --dismiss 2024-08-31
expect 1 rsnms roster check "$WORK/none.csv"

# ── a first list: shown, entered as shown, and then nothing is new ───────────
list 1 450 >"$WORK/all.csv"
before="$(head_of)"
expect 0 rsnms --json roster check "$WORK/all.csv" --full
counted new_person 450 unchanged 0 refused 0 people 0 vanished 0 rows 450
[ "$(head_of)" = "$before" ] || fail "a check entered something"
expect 0 rsnms roster import "$WORK/all.csv" --full
said "новых людей 450"
[ "$(workers 2020-01-01)" = 450 ] || fail "the list was not entered"
before="$(head_of)"
expect 0 rsnms --json roster check "$WORK/all.csv" --full
counted new_person 0 unchanged 450 people 450 vanished 0
expect 0 rsnms roster import "$WORK/all.csv" --full
[ "$(head_of)" = "$before" ] || fail "the same list again entered something"

# ── what changes is told field by field ──────────────────────────────────────
list 1 2 | sed '2s/химия/физика/; 3s/Анна/Марина/' >"$WORK/two.csv"
expect 0 rsnms roster check "$WORK/two.csv"
said "строка 2: изменится: Предмет: «химия» → «физика»"
said "строка 3: изменится: Имя"
said "изменений 2"
expect 0 rsnms roster import "$WORK/two.csv" --delta
[ "$(workers 2020-01-01)" = 450 ] || fail "a delta has dismissed by silence"
expect 0 rsnms --json roster check "$WORK/two.csv"
counted unchanged 2 changed 0
expect 0 rsnms roster import "$WORK/all.csv" --delta             # back again: names and subjects as they were
expect 0 rsnms --json roster check "$WORK/all.csv"
counted unchanged 450

# ── missing: named, kept, and let go only by a word ──────────────────────────
sed '5d' "$WORK/all.csv" >"$WORK/less.csv"
expect 0 rsnms roster check "$WORK/less.csv" --full
said "нет в списке: S1: Лес"
said "нет в списке людей 1, должностей 1"
rsnms journal roster --event roster.person.was_read | grep -q "сверка полного списка" || fail "a name was read without an entry"
expect 0 rsnms roster import "$WORK/less.csv" --full
[ "$(workers 2026-01-01)" = 450 ] || fail "a full list has dismissed without a word"
expect 0 rsnms roster import "$WORK/less.csv" --full --dismiss 2024-08-31
[ "$(workers 2024-08-31)" = 450 ] && [ "$(workers 2024-09-01)" = 449 ] || fail "--dismiss has not ended one post on its day"
expect 0 rsnms --json roster check "$WORK/less.csv" --full
counted vanished 0 people 449

# ── more than the share: nothing happens at all ──────────────────────────────
head -n 401 "$WORK/less.csv" | sed '2s/химия/физика/' >"$WORK/cut.csv"
before="$(head_of)"
expect 1 rsnms --json roster check "$WORK/cut.csv" --full
counted vanished 49 people 449 vanish_percent 5
[ "$(grep -c '"vanished":{"post":' "$WORK/out")" = 49 ] || fail "those who are missing are not all named"
[ "$(head_of)" = "$before" ] || fail "a check entered something"
expect 1 rsnms --json roster import "$WORK/cut.csv" --full --dismiss 2024-12-31
complained "это больше 5 %: ничего не внесено"
[ "$(head_of)" = "$before" ] || fail "a list that was stopped has entered something"
expect 2 rsnms --json roster check "$WORK/cut.csv" --full --share much
# An answer for each: two go, one has an answer that is none, the others stay.
expect 0 rsnms --json roster check "$WORK/cut.csv" --full --share 20 --vanished "$WORK/gone.csv"
[ "$(wc -l <"$WORK/gone.csv")" = 50 ] || fail "not a line for each who is missing"
! grep -q "Лес\|Анна" "$WORK/gone.csv" || fail "a name stands in the table of those who are missing"
sed -i '2s/;$/2024-10-31;/; 3s/;$/30.11.2024;/; 4s/;$/скоро;/' "$WORK/gone.csv"
expect 3 rsnms roster import "$WORK/cut.csv" --full --share 20 --answers "$WORK/gone.csv"
said "столбец «Последний день»: найдено «скоро»"
[ "$(workers 2024-10-31)" = 449 ] && [ "$(workers 2024-11-01)" = 448 ] && [ "$(workers 2025-01-01)" = 447 ] || fail "the answers were not followed"

list 1 1 >"$WORK/back.csv"
expect 0 rsnms roster import "$WORK/back.csv" --delta

# ── a row that was refused says nothing of who is gone ───────────────────────
{ head -n 1 "$WORK/less.csv"; tail -n +4 "$WORK/less.csv" | sed '1s/Лес/Lес/; 2s/;S1;/;S99;/'; } >"$WORK/faulty.csv"
expect 1 rsnms --json roster check "$WORK/faulty.csv" --full --share 0
counted refused 2 vanished 2             # the two lines that were cut out, not the two that are faulty
said '"reason": "name_latin"'
said '"reason": "organisation_unknown"'

# ── a move ends the post elsewhere, and is no loss ───────────────────────────
sed -n '1p;8p' "$WORK/all.csv" | sed 's/;S1;/;S2;/; s/2015-09-01/2025-09-01/' >"$WORK/move.csv"
expect 0 rsnms roster check "$WORK/move.csv" --full
said "строка 2: переход: прежняя основная должность"
said "закончится 31.08.2025"
expect 0 rsnms roster import "$WORK/move.csv" --full
[ "$(workers 2025-09-01)" = 446 ] || fail "the move has not ended the post elsewhere"

# ── two heads of one school are said, whoever of them is the one ─────────────
list 601 602 | sed 's/учитель/директор/; s/;S1;/;S2;/' >"$WORK/heads.csv"
expect 0 rsnms roster check "$WORK/heads.csv"
said "два руководителя сразу: S2, строки 2 и 3"
sed '3d' "$WORK/heads.csv" >"$WORK/head.csv"
expect 0 rsnms roster import "$WORK/head.csv" --delta
! grep -q "руководител" "$WORK/out" || fail "one head is said to be two"
expect 0 rsnms --json roster check "$WORK/heads.csv"
said '{"head_known": "S2", "line": 3, "others": 1}'
said '{"two_heads": "S2", "lines": [2, 3]}'

# ── files that are not what they say ─────────────────────────────────────────
before="$(head_of)"
head -c 3000 "$WORK/all.csv" >"$WORK/torn.csv"
printf 'К-9;"Лесная;Анна' >>"$WORK/torn.csv"
expect 1 rsnms roster import "$WORK/torn.csv" --delta
complained "кавычка открыта и не закрыта"
{ list 1 3; list 4 5 | tail -n +2 | iconv -f utf-8 -t cp1251; } >"$WORK/mixed.csv"
expect 1 rsnms roster import "$WORK/mixed.csv" --delta
complained "строка 5: с этой строки другая кодировка"
[ "$(head_of)" = "$before" ] || fail "a file that is none has entered something"
list 1 2 | iconv -f utf-8 -t cp1251 >"$WORK/cp1251.csv"
expect 0 rsnms --json roster check "$WORK/cp1251.csv"
counted unchanged 2
{ list 1 1; list 2 2; } >"$WORK/twice.csv"                      # the header stands there twice
expect 3 rsnms --json roster check "$WORK/twice.csv"
counted unchanged 2 refused 1

# ── columns: one for the whole name, others by a map ─────────────────────────
python3 - "$WORK/all.csv" "$WORK/names.csv" <<'EOP'
import sys
rows = [line.split(";") for line in open(sys.argv[1], encoding="utf8").read().splitlines()[1:4]]
with open(sys.argv[2], "w", encoding="utf8") as out:
    print("№;ФИО;Д.р.;Код ОО;Должность;Предмет;Дата приема", file=out)
    for code, family, given, born, *rest in rows:
        print(";".join([code, f"{family}  {given} ", born, *rest]), file=out)
EOP
expect 1 rsnms roster check "$WORK/names.csv"
complained "«№», «ФИО», «Д.р.»"
printf 'Столбец;Поле\n№;code\nД.р.;born\n' >"$WORK/columns.csv"
expect 0 rsnms --json roster check "$WORK/names.csv" --map "$WORK/columns.csv"
counted unchanged 3
printf 'Столбец;Поле\n№;code\nД.р.;birthday\n' >"$WORK/names.csv.columns"
expect 1 rsnms --json roster check "$WORK/names.csv"
complained "строка 3: нет такого поля: «birthday»"
cp "$WORK/columns.csv" "$WORK/names.csv.columns"
expect 0 rsnms --json roster check "$WORK/names.csv"            # the answers that lie beside the list
counted unchanged 3
sed -i 's/Лес/Lес/' "$WORK/names.csv"
expect 1 rsnms roster check "$WORK/names.csv"
said "столбец «Фамилия»: найдено «Lес"

# ── days as people write them ────────────────────────────────────────────────
list 1 1 | sed '2s/2015-09-01/01.09.2015/' >"$WORK/days.csv"
list 2 2 | tail -n 1 | sed 's/2015-09-01/1.9.2015/' >>"$WORK/days.csv"
list 3 3 | tail -n 1 | sed 's/2015-09-01/01\/09\/2015/' >>"$WORK/days.csv"
list 4 4 | tail -n 1 | sed 's/;2015-09-01/;01-09-2015/; s/1964-03-05/05-03-1964/' >>"$WORK/days.csv"
list 5 5 | tail -n 1 | sed 's/2015-09-01/1 сентября 2015 г./' >>"$WORK/days.csv"
list 6 6 | tail -n 1 | sed 's/;2015-09-01/;2015\/9\/1/' >>"$WORK/days.csv"
expect 3 rsnms --json roster check "$WORK/days.csv"
counted unchanged 5 refused 1 rows 6

# ── a workbook ───────────────────────────────────────────────────────────────
# book LIST OUT [BOMB]: the list as a workbook: shared and inline strings, days as numbers, a gap of two rows.
book() {
    python3 - "$@" <<'EOP'
import sys, zipfile, datetime
from xml.sax.saxutils import escape
rows = [line.split(";") for line in open(sys.argv[1], encoding="utf8").read().splitlines()]
shared, cells = [], []
def cell(c, r, text):
    at = chr(65 + c) + str(r)
    if len(text) == 10 and text[4] == "-":
        return f'<c r="{at}" s="1"><v>{(datetime.date.fromisoformat(text) - datetime.date(1899, 12, 30)).days}</v></c>'
    if c == 1:
        return f'<c r="{at}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
    if text not in shared:
        shared.append(text)
    return f'<c r="{at}" t="s"><v>{shared.index(text)}</v></c>'
for i, row in enumerate(rows):
    r = i + 1 if i == 0 else i + 3
    cells.append(f'<row r="{r}">' + "".join(cell(c, r, t) for c, t in enumerate(row)) + "</row>")
bomb = len(sys.argv) > 3
if bomb:
    cells.append('<row r="5000"><c r="A5000" t="inlineStr"><is><t>' + "а" * 30_000_000 + "</t></is></c></row>")
n = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
with zipfile.ZipFile(sys.argv[2], "w", zipfile.ZIP_DEFLATED) as z:
    z.writestr("xl/workbook.xml", f'<workbook {n} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Список" sheetId="7" r:id="rId3"/><sheet name="Ещё" sheetId="8" r:id="rId4"/></sheets></workbook>')
    z.writestr("xl/_rels/workbook.xml.rels", '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId4" Type="x" Target="worksheets/sheet2.xml"/><Relationship Id="rId3" Type="x" Target="worksheets/list.xml"/></Relationships>')
    z.writestr("xl/styles.xml", f'<styleSheet {n}><numFmts count="1"><numFmt numFmtId="164" formatCode="dd\\.mm\\.yyyy"/></numFmts><cellStyleXfs><xf numFmtId="0"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>')
    z.writestr("xl/sharedStrings.xml", f'<sst {n}>' + "".join(f"<si><r><t>{escape(s[:2])}</t></r><r><t>{escape(s[2:])}</t></r></si>" for s in shared) + "</sst>")
    z.writestr("xl/worksheets/list.xml", f"<worksheet {n}><sheetData>" + "".join(cells) + "</sheetData></worksheet>")
EOP
}
list 1 3 >"$WORK/three.csv"
book "$WORK/three.csv" "$WORK/three.xlsx"
expect 0 rsnms --json roster check "$WORK/three.xlsx"
counted unchanged 3 rows 3
sed '3s/Лес/Lес/' "$WORK/three.csv" >"$WORK/latin.csv"
book "$WORK/latin.csv" "$WORK/latin.xlsx"
expect 3 rsnms roster check "$WORK/latin.xlsx"
said "строка 5, столбец «Фамилия»"                              # the sheet's own number of the row
book "$WORK/three.csv" "$WORK/bomb.xlsx" bomb
expect 1 rsnms roster check "$WORK/bomb.xlsx"
complained "разворачивается больше допустимого"
head -c 900 "$WORK/three.xlsx" >"$WORK/torn.xlsx"
expect 1 rsnms roster check "$WORK/torn.xlsx"
complained "книга Excel повреждена"
python3 - "$WORK" <<'EOP'
import os, random, sys, zipfile
data = open(sys.argv[1] + "/three.xlsx", "rb").read()
random.seed(4)
os.mkdir(sys.argv[1] + "/hurt")
for i in range(60):
    hurt = bytearray(data)
    for _ in range(random.randint(1, 6)):
        hurt[random.randrange(4, len(hurt))] ^= 1 << random.randrange(8)
    open(f"{sys.argv[1]}/hurt/{i:02}.xlsx", "wb").write(hurt)
with zipfile.ZipFile(sys.argv[1] + "/entity.xlsx", "w") as z:
    z.writestr("xl/workbook.xml", '<!DOCTYPE x [<!ENTITY a "aaaa">]><workbook>&a;</workbook>')
EOP
for hurt in "$WORK"/hurt/*.xlsx; do
    code=0
    rsnms roster check "$hurt" >"$WORK/out" 2>"$WORK/err" || code=$?
    [ "$code" -le 3 ] || fail "exit code $code for a damaged workbook: $hurt"
    ! grep -q 'Sanitizer\|runtime error' "$WORK/err" || fail "a damaged workbook: $hurt"
    checks=$((checks + 1))
done
expect 1 rsnms roster check "$WORK/entity.xlsx"
complained "книга Excel повреждена"

# ── who is merely like a new one may be gone ─────────────────────────────────
expect 0 rsnms org add S8 школа "Школа S8" --under 70-01
list 20001 20002 | sed 's/;S1;/;S8;/' >"$WORK/alike.csv"
expect 0 rsnms roster import "$WORK/alike.csv" --delta
sed -i '3s/К-20002;Лес[^;]*/К-20003;Полянская/' "$WORK/alike.csv"
expect 1 rsnms --json roster check "$WORK/alike.csv" --full
said '"candidates":[{"person"'
counted new_person 1 unchanged 1 people 2 vanished 1

# ── what only a person can tell waits for one, and is entered when he has decided ──
list 30001 30001 >"$WORK/pair.csv"
sed -n 2p "$WORK/pair.csv" | sed 's/К-30001/К-30002/; s/;Анна;/;Анна Мария;/' >>"$WORK/pair.csv"
expect 0 rsnms roster import "$WORK/pair.csv" --delta
{ sed -n 1p "$WORK/pair.csv"; list 30003 30003 | tail -n 1; list 30050 30050 | tail -n 1 | sed 's/К-30050/К-30002/'; } >"$WORK/doubtful.csv"
expect 3 rsnms roster check "$WORK/doubtful.csv"
expect 0 rsnms --json doubt list
[ ! -s "$WORK/out" ] || fail "a check has raised a doubt"
expect 3 rsnms roster import "$WORK/doubtful.csv" --delta
complained "сомнительных строк 1, ждут решения 1"
expect 3 rsnms roster import "$WORK/doubtful.csv" --delta
expect 0 rsnms --json doubt list
[ "$(wc -l <"$WORK/out")" = 1 ] || fail "not one doubt for one row"
said '"list":"doubtful.csv"'
! grep -q "Лес" "$WORK/out" || fail "a doubt names somebody"
expect 0 rsnms doubt decide "$(sed -n 's/.*"mark":"\([^"]*\)".*/\1/p' "$WORK/out")" --person К-30002
expect 0 rsnms roster import "$WORK/doubtful.csv" --delta
expect 0 rsnms --json doubt list
[ ! -s "$WORK/out" ] || fail "a doubt is left that was decided"
expect 0 rsnms --json roster check "$WORK/doubtful.csv"
counted unchanged 2

# ── OneRoster bundles ────────────────────────────────────────────────────────
expect 0 rsnms org add S7 школа "Школа S7" --under 70-01
# bundle OUT bulk|delta USERS ROLES: rows of the two files.
bundle() {
    python3 - "$@" <<'EOP'
import sys, zipfile
out, mode, users, roles = sys.argv[1:]
with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
    z.writestr("manifest.csv", "propertyName,value\r\nmanifest.version,1.0\r\noneroster.version,1.2\r\nfile.orgs,bulk\r\nfile.demographics,bulk\r\n"
               f"file.users,{mode}\r\nfile.roles,{mode}\r\nfile.classes,absent\r\nsource.systemName,Школа")
    z.writestr("orgs.csv", "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\r\no7,,,Школа 7,school,S7,\r\n")
    z.writestr("demographics.csv", "sourcedId,status,dateLastModified,birthDate,sex\r\n" + "".join(f"u{i},,,1980-03-0{i},\r\n" for i in range(1, 6)))
    z.writestr("users.csv", "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName\r\n" + users)
    z.writestr("roles.csv", "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId,metadata.subject\r\n" + roles)
EOP
}
bundle "$WORK/all.zip" bulk $'u1,,,true,,,Анна,Яблокова,\nu2,,,true,,,Ольга,Яблокова,\nu3,,,true,,,Вера,Яблокова,\nu4,,,true,,,Пётр,Малый,\nu5,,,true,,,Игорь,Малый,\n' \
    $'r1,,,u1,primary,teacher,2015-09-01,,o7,,химия\nr2,,,u2,primary,teacher,2015-09-01,,o7,,\nr3,,,u3,primary,principal,2015-09-01,,o7,,\nr4,,,u4,primary,student,2020-09-01,,o7,,\n'
expect 0 rsnms --json roster check "$WORK/all.zip"
counted new_person 3 rows 3 people 0                            # held against all of the school, as the manifest says
complained "пользователей без роли 1"
expect 0 rsnms roster import "$WORK/all.zip"
expect 0 rsnms --json roster check "$WORK/all.zip"
counted unchanged 3 people 3 vanished 0
bundle "$WORK/changes.zip" delta $'u2,active,2024-05-01T00:00:00Z,true,,,Ольга,Яблокова-Лесная,\nu3,tobedeleted,2024-05-31T09:30:00Z,true,,,Вера,Яблокова,\n' \
    $'r2,active,,u2,primary,teacher,2015-09-01,,o7,,физика\nr3,active,,u3,primary,principal,2015-09-01,,o7,,\nr9,active,,u9,primary,teacher,2015-09-01,,o7,,\n'
expect 1 rsnms roster check "$WORK/changes.zip" --full
complained "пакет частичный (delta)"
expect 3 rsnms roster check "$WORK/changes.zip"
said "строка 2: изменится: Фамилия"
said "строка 4, столбец «Фамилия»: пусто"
expect 3 rsnms roster import "$WORK/changes.zip"
expect 0 rsnms --json roster check "$WORK/all.zip" --delta
counted unchanged 2 changed 1
rsnms --json journal roster --event roster.post.closed | tail -n 1 | grep -q 2024-05-31 || fail "a role that was deleted has not ended with its day"
bundle "$WORK/none.zip" absent "" ""
expect 1 rsnms roster import "$WORK/none.zip"
complained "нет файла users.csv"

# ── killed in the middle, it goes on where it was ────────────────────────────
list 1001 16000 | sed 's/;S1;/;S2;/' >"$WORK/many.csv"
before="$(head_of)"
reached="$(entries)"
"$BUILD/rsnms" roster import "$WORK/many.csv" --delta >/dev/null 2>&1 &
loader=$!
for _ in $(seq 400); do
    [ "$(entries)" -lt $((reached + 500)) ] || break
    sleep 0.02
done
kill -9 "$loader" 2>/dev/null || true
wait "$loader" 2>/dev/null || true
cut="$(head_of)"
[ "$cut" -gt "$before" ] || fail "killed before it had begun"
expect 0 rsnms roster import "$WORK/many.csv" --delta
expect 0 rsnms --json roster check "$WORK/many.csv"
counted unchanged 15000 new_person 0 new_post 0
[ "$(head_of)" = $((before + 30000)) ] || fail "not one person and one post a row"
expect 0 rsnms down roster
expect 0 rsnms verify roster
