#!/bin/bash
# A region whose act has every kind of rule: what is printed of it, who stands behind a number, what a person says.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

expect 0 rsnms init "$WORK/one" --profile "$SOURCE/config/regions/khabarovsk.yaml"
export RSNMS_CONFIG="$WORK/one/rsnms.yaml"
expect 0 rsnms up
expect 0 rsnms sample khabarovsk --workers 120 --seed 5 "$WORK/sample"
code=0
rsnms history load "$WORK/sample" >"$WORK/out" 2>"$WORK/err" || code=$?
[ "$code" = 0 ] || [ "$code" = 3 ] || fail "history load ended with $code"
expect 0 rsnms settle

# In the act's words: what is counted, what waits for its facts, the sum beside the year, the corridor.
expect 0 rsnms indicators --recount
complained " 0 differences"
said "№ 907 от 30.06.2023"
said "План: пять процентов в"
said "— нарастающим итогом, к"
said "нет данных:"
said "появятся с"
said "в среднем"
expect 0 rsnms indicators --act K --indicator 2.1. --year 2022-2023
if grep -q "2021" <(head -n 5 "$WORK/out"); then fail "--year 2022-2023 shows another year"; fi
expect 0 rsnms indicators --by municipality --year 2023
said "Акт оценивает показатели на уровне: региональный"
expect 2 rsnms indicators --year 2024-2023

# ── into files: a row for each value, the same figures ───────────────────────
expect 0 rsnms --json indicators --year 2023-2024 --by municipality
cp "$WORK/out" "$WORK/values.json"
expect 0 rsnms indicators --year 2023-2024 --by municipality --csv "$WORK/values.csv" --xlsx "$WORK/values.xlsx"
python3 - "$WORK/values.json" "$WORK/values.csv" <<'EOP' || fail "the file says other figures than --json"
import csv, json, sys
values = json.load(open(sys.argv[1], encoding="utf8"))
rows = list(csv.DictReader(open(sys.argv[2], encoding="utf-8-sig", newline=""), delimiter=";"))
assert len(rows) == len(values) > 10, (len(rows), len(values))
for row, value in zip(rows, values):
    assert (row["Акт"], row["Код"], row["Год"], row["Место"]) == (value["act"], value["indicator"], str(value["year"]), value["unit_code"]), row
    if value.get("state", "counted") == "counted":
        assert row["Числитель"] == str(value["numerator"]), (row, value)
EOP
checks=$((checks + 1))

expect 0 rsnms worst --year 2024 --count 2
cp "$WORK/out" "$WORK/worst"
expect 0 rsnms --json worst --year 2024 --count 2
if [ -s "$WORK/out" ]; then
    python3 - "$WORK/out" "$WORK/worst" <<'EOP' || fail "worst --json says others than worst"
import json, sys
said = open(sys.argv[2], encoding="utf8").read()
rows = [json.loads(line) for line in open(sys.argv[1], encoding="utf8")]
assert {row["rank"] for row in rows} <= {1, 2} and all(f'{row["rank"]}. {row["title"]}' in said for row in rows), rows
EOP
fi
expect 0 rsnms worst --year 2024 --csv "$WORK/worst.csv"
[ -s "$WORK/worst.csv" ] || fail "no file of the worst"

# Every number of one indicator is as many as are named behind it.
numbers() {
    python3 - "$WORK/out" <<'EOP'
import json, sys
for v in json.load(open(sys.argv[1])):
    print(v["year"], v["numerator"], v["denominator"])
EOP
}
expect 0 rsnms --json indicators --act K --indicator 2.1. --year 2021-2024
numbers >"$WORK/numbers"
[ "$(wc -l <"$WORK/numbers")" = 4 ] || fail "four years were asked for"
while read -r year numerator denominator; do
    expect 0 rsnms --json indicators who K 2.1. "$year"
    [ "$(wc -l <"$WORK/out")" = "$numerator" ] || fail "$year: $numerator counted, $(wc -l <"$WORK/out") named"
    [ "$(sort -u "$WORK/out" | wc -l)" = "$numerator" ] || fail "$year: somebody is named twice"
    expect 0 rsnms --json indicators who K 2.1. "$year" --side denominator
    [ "$(wc -l <"$WORK/out")" = "$denominator" ] || fail "$year: $denominator in the denominator, $(wc -l <"$WORK/out") named"
    [ "$numerator" -gt 0 ] || fail "$year: nobody is counted, so nothing was compared"
done <"$WORK/numbers"
expect 1 rsnms indicators who K 2.6. 2022
complained "эта сторона не считается"
read -r year numerator denominator < <(tail -n 1 "$WORK/numbers")
expect 0 rsnms indicators who K 2.1. "$year" --names --purpose "проверка числа" --csv "$WORK/who.csv"
python3 - "$WORK/who.csv" "$numerator" <<'EOP' || fail "not everybody who is counted has a name in the file"
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1], encoding="utf-8-sig", newline=""), delimiter=";"))
assert len(rows) == int(sys.argv[2]) and all(row["Фамилия"] and row["Имя"] and row["Идентификатор"] for row in rows), rows
EOP
expect 2 rsnms indicators who K 2.1. "$year" --side left
complained "numerator"
expect 1 rsnms indicators who K 99 2022
expect 1 rsnms indicators who K 2.1. 2022 --unit "no such code"
expect 2 rsnms indicators who K 2.1.

# What a person says counts from its newest word.
expect 2 rsnms indicators judge K 1.1. 2022 yes --text "исполняется"
expect 1 rsnms indicators judge K 2.1. 2022 yes --text "много" --document "отчёт"
complained "считается по данным"
expect 1 rsnms indicators judge K 1.1. 2022 50 --text "наполовину" --document "отчёт"
complained "шкалы нет"
expect 0 rsnms indicators judge K 1.1. 2022 no --text "план не исполнен" --document "справка № 1" --document "протокол"
expect 0 rsnms indicators --indicator 1.1. --year 2022
said "нет ✗"
expect 0 rsnms indicators judge K 1.1. 2022 yes --text "исполнен" --document "приказ № 2"
expect 0 rsnms indicators --indicator 1.1. --year 2022
said "да ✓"
# A document of the register is pointed at, and named.
expect 0 rsnms document add order 907 "О комплексе мер" --day 2023-06-30 --issuer-title "Минобрнауки края" --public
expect 1 rsnms indicators judge K 1.1. 2022 yes --text "исполнен" --registered 908
expect 0 rsnms indicators judge K 1.1. 2022 yes --text "исполнен вполне" --registered 907
expect 0 rsnms --json document list
id="$(python3 -c 'import json; print([r["id"] for r in map(json.loads, open("'"$WORK/out"'")) if r["number"] == "907"][0])')"
expect 0 rsnms call indicators.judgement.list '{"indicator": "1.1.", "year": 2022}'
said "907 от 30.06.2023"
said "$id"
said "план не исполнен"

expect 0 rsnms down
expect 0 rsnms verify indicators
expect 0 rsnms rebuild indicators
