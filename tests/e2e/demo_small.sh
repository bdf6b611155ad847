#!/bin/bash
# The whole chain on thirty workers counted by hand: load, settle, compare, and once more, to the same effect.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

thirty="$SOURCE/tests/data/thirty"
start one

load() {
    local code=0
    rsnms --json history load "$thirty" >"$WORK/refused.jsonl" 2>"$WORK/err" || code=$?
    [ "$code" = 0 ] || [ "$code" = 3 ] || fail "history load ended with $code"
}
load
expect 0 rsnms settle
expect 0 rsnms compare "$thirty" --refused "$WORK/refused.jsonl"
said "all "

# Once more: nothing is done twice.
rsnms --json status >"$WORK/before"
load
expect 0 rsnms settle
expect 0 rsnms compare "$thirty" --refused "$WORK/refused.jsonl"

expect 0 rsnms indicators
said "Доля педагогических работников"
expect 0 rsnms --json indicators --by municipality
python3 -c 'import json,sys; assert len(json.load(open(sys.argv[1]))) > 0' "$WORK/out" || fail "indicators --json"
expect 0 rsnms indicators --by organisation --year 2024
expect 0 rsnms indicators --recount
complained " 0 differences"
expect 0 rsnms worst
expect 0 rsnms route
said "потому что"

# A difference is found and named.
mkdir "$WORK/wrong"
python3 - "$thirty/expected.json" "$WORK/wrong/expected.json" <<'EOP'
import json, sys
expected = json.load(open(sys.argv[1]))
expected["values"][0]["numerator"] += 1
json.dump(expected, open(sys.argv[2], "w"))
EOP
expect 1 rsnms compare "$WORK/wrong"
said "≠ indicator"
complained "1 of "

# Every store is whole, and its state is what its journal gives.
expect 0 rsnms down
for service in roster diagnostics programmes routes indicators federal; do
    expect 0 rsnms verify "$service"
    expect 0 rsnms rebuild "$service"
done

# Counted again from the journals, from their first entries on, it comes to the same.
for service in roster diagnostics programmes routes indicators federal; do
    expect 0 rsnms rebuild "$service" --replace
done
said "will be followed again"
expect 0 rsnms up
expect 0 rsnms settle
expect 0 rsnms compare "$thirty" --refused "$WORK/refused.jsonl"

# ── the other regions, small: their own names, their own acts, and every line of them ──
for name in yugra stavropol khabarovsk; do
    expect 0 rsnms down
    expect 0 rsnms sample "$name" --workers 300 --seed 5 "$WORK/$name.sample"
    expect 0 rsnms init "$WORK/$name" --profile "$SOURCE/config/regions/$name.yaml"
    export RSNMS_CONFIG="$WORK/$name/rsnms.yaml"
    expect 0 rsnms up
    expect 3 rsnms --json history load "$WORK/$name.sample"
    cp "$WORK/out" "$WORK/refused.jsonl"
    expect 0 rsnms settle
    expect 0 rsnms compare "$WORK/$name.sample" --refused "$WORK/refused.jsonl"
    said "all "
    expect 0 rsnms indicators --recount
    complained " 0 differences"
done

# Each kind of figure is compared: one that is not so is found, and named.
python3 - "$WORK/khabarovsk.sample/expected.json" "$WORK/wrong/expected.json" <<'EOP'
import json, sys
expected = json.load(open(sys.argv[1]))
def row(indicator, year=2024):
    return next(r for r in expected["values"] if (r["indicator"], r["year"], r["level"]) == (indicator, year, "region"))
row("2.1.")["met"] = not row("2.1.")["met"]
row("2.4.")["cumulative_numerator"] += 1
row("2.6.")["state"] = "counted"
row("2.10.")["beside_numerator"] += 1
row("3.2.")["least"] += 1
row("1.1.")["yes"] = not row("1.1.")["yes"]
row("2.2.")["act"] = "T"
expected["counts"]["attestations"] += 1
expected["counts"]["organisations"] += 1
expected["counts"]["posts"] += 1
expected["registers"][0]["members"] += 1
json.dump({"values": expected["values"], "counts": expected["counts"], "registers": expected["registers"]}, open(sys.argv[2], "w"))
EOP
expect 1 rsnms compare "$WORK/wrong"
for what in "K 2.1., 2024, 27: met" "K 2.4., 2024, 27: cumulative_numerator" "K 2.6., 2024, 27: state" \
            "K 2.10., 2024, 27: beside_numerator" "K 3.2., 2024, 27: least" "K 1.1., 2024, 27: yes" \
            "T 2.2., 2024, 27: numerator" "K 2.2., 2024, 27: expected nothing" "programmes.attestation.recorded" \
            "things: organisations" "things: posts" " on 2021-12-31: members"; do
    said "$what"
done
