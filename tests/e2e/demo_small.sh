#!/bin/bash
# The whole chain on thirty workers counted by hand: load, settle, compare, and once more, to the same effect.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

thirty="$SOURCE/tests/data/thirty"
expect 0 rsnms init "$WORK/one" --profile "$PROFILE"
export RSNMS_CONFIG="$WORK/one/rsnms.yaml"
expect 0 rsnms up

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
