#!/bin/bash
# A deputy head's list and what follows from it, by the verbs of the command line alone: the list held against what is known,
# one who was moved to another school, mentors in a register, an agreement with its duties, an order with its file and its
# signature sent and acknowledged, consents; a reorganisation in both trees; and every list as table, JSON, CSV and XLSX.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

start one roster

# ── a region, entered by hand ────────────────────────────────────────────────
expect 2 rsnms org add 70 регион "Томская область" --under 70
expect 0 rsnms org add 70 регион "Томская область"
expect 0 rsnms org add 70-00-002 центр "ЦНППМ" --under 70
expect 0 rsnms org add 70-07 муниципалитет "Город Стрежевой" --under 70
expect 0 rsnms org add 70-08 municipality "Александровский район" --under 70
expect 0 rsnms org add 70-07-003 школа "Школа № 3" --under 70-07 --opened 01.09.1975
expect 0 rsnms org add 70-07-004 школа "Школа № 4" --under 70-07 --opened 1976-09-01
expect 1 rsnms org add 70-07-004 вуз "Школа № 4" --under 70-07
expect 1 rsnms org add 70-07-009 школа "Школа № 9" --under 70-99
complained "нет организации с кодом 70-99"
expect 2 rsnms org add 70-07-009 цех "Школа № 9" --under 70-07
expect 1 rsnms org add 70-07-009 школа "" --under 70-07          # what does not fit into the message is refused, not sent
complained "title"
expect 0 rsnms --json org tree
has 6
has 1 code 70-07-003 level 2 above 70-07 opened 1975-09-01
expect 0 rsnms org tree 70-07
said "Школа № 3"
! grep -q "Александровский" "$WORK/out" || fail "a branch shows more than itself"

# ── the list: shown, mended, entered as shown ────────────────────────────────
head_row="Код;Фамилия;Имя;Отчество;Дата рождения;СНИЛС;Код ОО;Должность;Предмет;Дата приема"
list() {
    python3 - "$head_row" <<'EOP'
import sys
print(sys.argv[1])
names = ["Азарова", "Белых", "Вершинина", "Громова", "Демидова", "Ершова", "Жукова", "Зуева", "Ильина", "Котова", "Лапина", "Петрова"]
for i in range(40):
    print(f"К-{i:02};{names[i % 11]};Анна;Ивановна;{1961 + i}-03-{1 + i % 28:02};;70-07-003;учитель;химия;2015-09-01" if i < 24 else
          f"К-{i:02};{names[i % 11]};Мария;Олеговна;{1950 + i}-05-{1 + i % 28:02};;70-07-003;учитель;физика;2016-09-01")
print("К-40;Петрова;Ольга;Сергеевна;1980-02-03;;70-07-003;учитель;история;2012-09-01")
EOP
}
list >"$WORK/was.csv"
expect 0 rsnms roster import "$WORK/was.csv" --full
{
    list | sed '2s/химия/биология/; 3s/Анна/Инна/; /Петрова;Ольга/d'
    echo "К-41;Новикова;Дарья;Петровна;12.06.2001;;70-07-003;учитель;математика;1.09.2023"
    echo "К-42;Осипова;Вера;Ильинична;03.11.1999;112-233-445 96;70-07-003;учитель;математика;1.09.2023"
} | sed 's/$/\r/' | iconv -t cp1251 >"$WORK/now.csv"
expect 3 rsnms roster check "$WORK/now.csv" --full
said "нет в списке: 70-07-003: Петрова"
said "изменится: Предмет: «химия» → «биология»"
complained_or_said() { grep -qF -- "$1" "$WORK/out" "$WORK/err" || fail "not said: $1"; }
complained_or_said "112-233-445 96"
expect 0 rsnms post transfer К-40 70-07-003 70-07-004 --day 2024-09-01
expect 1 rsnms post transfer К-40 70-07-003 70-07-004 --day 2024-09-01
complained "не занимает эту должность"
expect 1 rsnms post close К-40 70-07-003 --until 2024-10-01
complained "в этой организации у него в этот день должности нет"
iconv -f cp1251 "$WORK/now.csv" | sed 's/112-233-445 96/112-233-445 95/' | iconv -t cp1251 >"$WORK/mended.csv"
expect 0 rsnms roster import "$WORK/mended.csv" --full
expect 0 rsnms roster check "$WORK/mended.csv" --full
! grep -q "нет в списке:" "$WORK/out" || fail "one who was transferred is missing still"

# ── mentors of the young ones: proposed by the town, decided by the centre ───
expect 1 rsnms keys new town --role municipal --scope 70-99
complained "нет ни организации, ни человека с кодом 70-99"
expect 0 rsnms keys new town --role municipal --scope 70-07
expect 0 rsnms keys new teacher --role worker --scope К-05
expect 1 rsnms route --person К-99
complained "нет человека с кодом К-99"
expect 0 rsnms --json register list
has 1 id municipal_tutors members person
expect 0 rsnms register rules municipal_tutors
said "trained: обучен в рамках трёхстороннего соглашения; документ об обучении: номер; с датой"
expect 1 rsnms register propose municipal_tutors К-05 --ground trained
expect 2 rsnms register propose municipal_tutors К-05 --ground trained@yesterday=7
expect 0 rsnms register propose municipal_tutors К-05 --ground "trained@2024-06-05=удостоверение № 17"
expect 0 rsnms register propose municipal_tutors К-06 --ground "named=приказ № 5 от 01.09.2024"
expect 0 rsnms --json register show municipal_tutors --proposed
has 2 stage proposed place 70-07-003
has 1 grounds "trained@2024-06-05=удостоверение № 17"
expect 2 rsnms register decide municipal_tutors К-05
expect 0 rsnms register decide municipal_tutors К-05 --admit --from 2024-09-01
expect 0 rsnms register decide municipal_tutors К-06 --decline "обучение ещё впереди"
expect 1 rsnms register decide municipal_tutors К-07 --admit
complained "нет записи К-07"
expect 0 rsnms --json register show municipal_tutors
has 1
has 1 stage admitted from 2024-09-01
expect 0 rsnms --json register show municipal_tutors --on 2024-08-31
has 0
expect 0 rsnms --json register of К-06
has 1 stage declined reason "обучение ещё впереди"
expect 0 rsnms --json register count municipal_tutors --unit 70-07
has 1 members 1 proposed 0
mark="$(rsnms --json register show municipal_tutors | sed -n 's/.*"mark":"\([^"]*\)".*/\1/p')"
expect 0 rsnms register end municipal_tutors "$mark" --until 2024-10-31 --reason "уволился"
expect 0 rsnms --json register show municipal_tutors --on 2024-10-31
has 1
expect 0 rsnms --json register show municipal_tutors
has 0
expect 0 rsnms register propose sites 70-07-003 --ground "experience=протокол № 3" --value "profile=молодые учителя" --value places=4 --value head=К-05
expect 0 rsnms register decide sites 70-07-003 --admit
expect 0 rsnms --json register show sites
has 1 member 70-07-003 title "Школа № 3"
grep -q 'profile=молодые учителя; places=4; head=' "$WORK/out" || fail "the fields of an entry are not told"

# ── an agreement: parties and what they owe ──────────────────────────────────
expect 0 rsnms register record agreements "Соглашение о наставничестве" --place 70-07 --from 2024-09-01 --ground "signed@2024-08-25=экземпляр 1"
expect 0 rsnms part join agreements "Соглашение о наставничестве" 70-07-003 --role сторона --from 2024-09-01
expect 0 rsnms part join agreements "Соглашение о наставничестве" 70-07-004 --role сторона --from 2024-09-01
expect 0 rsnms part join agreements "соглашение  о наставничестве" --title "Совет ветеранов" --role сторона --from 2024-09-01
expect 1 rsnms part join agreements "Соглашение о наставничестве" 70-07-004 --role куратор --from 2024-09-01
expect 0 rsnms duty set agreements "Соглашение о наставничестве" обязательство "Открытый урок" --due 2024-10-15 --part 70-07-003
expect 0 rsnms duty set agreements "Соглашение о наставничестве" обязательство "Отчёт за четверть" --due 2099-01-15 --part "Совет ветеранов"
expect 0 rsnms part leave agreements "Соглашение о наставничестве" 70-07-004 --until 2024-09-30
expect 0 rsnms --json part list agreements "Соглашение о наставничестве" --on 2024-10-01
has 2
has 1 title "Совет ветеранов"
expect 0 rsnms --json duty list agreements "Соглашение о наставничестве" --open
has 2
has 1 title "Отчёт за четверть" who "Совет ветеранов" due 2099-01-15

expect 0 rsnms --json duty due agreements --unit 70-07
has 2 entry "Соглашение о наставничестве"
expect 0 rsnms --json duty due agreements --until 2024-12-31
has 1 title "Открытый урок"
expect 0 rsnms --json duty due agreements --unit 70-08
has 0

# ── the order: file, signature, who has it ───────────────────────────────────
printf 'приказ о наставниках' >"$WORK/order.pdf"
printf 'подпись' >"$WORK/order.pdf.sig"
expect 0 rsnms document add распоряжение 41-п "О наставниках молодых учителей" --day 05.09.2024 --issuer 70-07 --unit 70-07 \
    --file "$WORK/order.pdf" --signature "$WORK/order.pdf.sig" --published "сайт города"
expect 1 rsnms document add order 41-п "То же" --day 2024-09-05 --issuer 70-07 --unit 70-07
expect 0 rsnms document check 41-п "$WORK/order.pdf" --signature "$WORK/order.pdf.sig"
said "тот самый файл (order.pdf)"
expect 1 rsnms document check 41-п "$WORK/order.pdf.sig"
said "другой файл, не order.pdf"
expect 0 rsnms document edition 41-п order 55-п "О наставниках, изменения" --day 2024-10-01 --issuer 70-07 --unit 70-07
expect 0 rsnms document show 55-п
said "Редакция 2: 55-п, 01.10.2024 *"
expect 1 rsnms document show 41-п
complained "нет документа с номером 41-п"
expect 0 rsnms document show 41-п@2024-09-05
expect 0 rsnms document send 55-п --below 70-07 --kind школа --day 2024-10-02 --how "электронной почтой"
said "адресатов: 2"
expect 0 rsnms document acknowledge 55-п 70-07-003 --day 2024-10-03 --by К-05
expect 0 rsnms --json document sendings 55-п --open
has 1
has 1 organisation 70-07-004 day 2024-10-02
expect 0 rsnms duty fulfil agreements "Соглашение о наставничестве" "Открытый урок" --day 2024-10-14 --result "проведён" --document 55-п
expect 0 rsnms --json duty list agreements "Соглашение о наставничестве" --open
has 1 title "Отчёт за четверть"
expect 0 rsnms --json document list --on 2024-09-15
has 1 number 41-п
expect 0 rsnms --json document list --on 2024-10-15
has 1 number 55-п edition 2
has 0 number 41-п

# ── consents ─────────────────────────────────────────────────────────────────
expect 0 rsnms consent give К-41 support --text 2023-1 --day 2024-09-01 --document "лист 3"
expect 0 rsnms consent give К-41 публикация --text 2023-1 --day 2024-09-01
expect 2 rsnms consent give К-41 всё --text 2023-1 --day 2024-09-01
expect 0 rsnms consent withdraw К-41 publication --day 2024-10-01
expect 0 rsnms --json consent list К-41
has 2
has 1 purpose publication withdrawn 2024-10-01
expect 1 rsnms consent list К-99
complained "нет человека с кодом К-99"

# ── a reorganisation, in both trees ──────────────────────────────────────────
expect 0 rsnms org rename 70-07-003 "Гимназия № 3" --day 2024-11-01 --ground "постановление № 12" --document "12-П от 25.10.2024"
expect 0 rsnms org found 70-07-004 70-08 --day 2024-11-01 --ground "передана району"
expect 0 rsnms org add 70-08-001 школа "Школа района" --under 70-08
expect 0 rsnms org add 70-08-002 школа "Новая школа" --under 70-08
expect 0 rsnms org move 70-08-001 70-07 --day 2024-11-05 --ground "граница изменена"
expect 0 rsnms org split 70-08-001 --into 70-08-002 --goes-on --day 2024-11-06 --ground "выделение"
expect 0 rsnms org close 70-08-002 --day 2024-11-07 --ground "по ошибке"
expect 0 rsnms org reopen 70-08-002 --day 2024-11-08 --ground "ошибка исправлена"
expect 0 rsnms org merge 70-07-004 --into 70-07-003 --day 2024-11-10 --ground "присоединение"
expect 0 rsnms --json org history 70-07-003
has 1 how renamed day 2024-11-01 title "Гимназия № 3" document "12-П от 25.10.2024"
expect 0 rsnms --json org tree --on 2024-10-31
has 1 code 70-07-003 title "Школа № 3"
has 1 code 70-08-001 above 70-08
expect 0 rsnms --json org tree --on 2024-11-06
has 1 code 70-08-001 above 70-07
has 1 code 70-07-004 above 70-07
expect 0 rsnms --json org tree --on 2024-11-06 --founder
has 1 code 70-07-004 above 70-08
expect 0 rsnms --json org tree
has 0 code 70-07-004
expect 0 rsnms --json org tree --all
has 1 code 70-07-004 closed 2024-11-10 heir 70-07-003
expect 0 rsnms org show 70-07-004 --now
said "70-07-003 Гимназия № 3"

# ── the same list in every form ──────────────────────────────────────────────
expect 0 rsnms org tree --csv "$WORK/tree.csv" --xlsx "$WORK/tree.xlsx"
[ ! -s "$WORK/out" ] || fail "a list that went into files was printed too"
complained "строк 7"
expect 0 rsnms --json org tree
python3 - "$WORK/out" "$WORK/tree.csv" "$WORK/tree.xlsx" <<'EOP' || fail "the forms of a list differ"
import csv, json, re, sys, zipfile
lines = [json.loads(line) for line in open(sys.argv[1], encoding="utf8")]
raw = open(sys.argv[2], "rb").read()
assert raw.startswith(b"\xef\xbb\xbf") and raw.count(b"\r\n") == len(lines) + 1
table = list(csv.DictReader(raw.decode("utf-8-sig").splitlines(), delimiter=";"))
assert [row["Код"] for row in table] == [line["code"] for line in lines]
assert [row["Название"] for row in table] == [line["title"] for line in lines]
assert {row["Вид"] for row in table} == {"регион", "центр", "муниципалитет", "школа"}
assert "01.09.1975" in {row["Открыта"] for row in table}
book = zipfile.ZipFile(sys.argv[3])
sheet = book.read("xl/worksheets/sheet1.xml").decode()
assert sheet.count("<row ") == len(lines) + 1
for line in lines:
    assert f"<t>{line['title']}</t>" in sheet, line
assert re.search(r'<c r="G\d+" s="\d+"><v>27638</v>', sheet), "a day is no day"         # 01.09.1975 as Excel counts
EOP
checks=$((checks + 1))
expect 1 rsnms org tree --csv "$WORK/no/such/folder.csv"
expect 2 rsnms org tree --cvs "$WORK/x.csv"
# Nothing that is said in a table is a token without its word.
for list in "org tree --all" "org history 70-07-003" "register list" "register show municipal_tutors --all" "register of К-06" \
            "part list agreements Соглашение" "document list" "document sendings 55-п" "consent list К-41"; do
    code=0
    # shellcheck disable=SC2086
    rsnms $list >"$WORK/out" 2>"$WORK/err" || code=$?
    ! grep -qE '(column|org_kind|org_change|entry_stage|document_kind|consent_purpose|member_kind)\.[a-z_]+' "$WORK/out" || fail "a bare token in $list"
    checks=$((checks + 1))
done
# What a spreadsheet would run stands there as text, in a list that somebody else has filled.
expect 0 rsnms org rename 70-07-003 '=HYPERLINK("http://example.org")' --day 2024-11-20 --ground "проба"
expect 0 rsnms org tree 70-07 --csv "$WORK/formula.csv"
grep -q "'=HYPERLINK" "$WORK/formula.csv" || fail "a formula got into a table"
