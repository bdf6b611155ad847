#!/bin/bash
# Thirty workers whose schools are moved, merged and renamed when all is counted: every figure of the closed years stays what it
# was in every service, and "as now" they stand with what has become of their schools.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

THIRTY="$SOURCE/tests/data/thirty"
start whole
expect 3 rsnms --json history load "$THIRTY"
cp "$WORK/out" "$WORK/refused"
expect 0 rsnms settle
expect 0 rsnms compare "$THIRTY" --refused "$WORK/refused"

# workers UNIT DAY AS
workers() { rsnms call roster.population.count "{\"unit\": \"$1\", \"on\": \"$2\", \"as\": \"$3\"}" | sed -n 's/.*"workers": "\{0,1\}\([0-9]*\).*/\1/p'; }
is() { checks=$((checks + 1)); [ "$1" = "$2" ] || fail "$3: $1 instead of $2"; }

north="$(id_of 70-01)" south="$(id_of 70-02)" school="$(id_of 70-01-001)"
today="$(date +%F)"     # the first day of all that follows
past=2023-12-31
in_north="$(workers "$north" $past then)" in_south="$(workers "$south" $past then)"
[ "$in_north" -gt 0 ] && [ "$in_south" -gt 0 ] || fail "nobody there to be moved"

change() { expect 0 rsnms call "roster.organisation.$1" "{$2, \"day\": \"$today\", \"ground\": \"закон области № 1-ОЗ\"}"; }
change rename "\"id\": \"$school\", \"title\": \"Гимназия\""
change merge "\"units\": [\"$north\"], \"into\": \"$south\""
for _ in $(seq 100); do         # the people follow by themselves
    [ "$(workers "$north" "$today" then)" = 0 ] && break
    sleep 0.1
done
expect 0 rsnms settle
expect 0 rsnms compare "$THIRTY" --refused "$WORK/refused"      # organisations and posts that are said again count once
for figures in values population deficits counts refused; do
    grep -qE "^$figures +[1-9][0-9]* figures, 0 differences$" "$WORK/out" || fail "not as it was: $figures"
    checks=$((checks + 1))
done

is "$(workers "$north" $past then)" "$in_north" "the municipality that was, then"
is "$(workers "$south" $past then)" "$in_south" "the other one, then"
is "$(workers "$north" $past now)" 0 "the municipality that was, as now"
is "$(workers "$south" $past now)" $((in_north + in_south - 1)) "what has become of both"   # 11 works in both, and is one
is "$(workers "$north" "$today" then)" 0 "the municipality that was, today"
expect 0 rsnms call roster.organisation.get "{\"id\": \"$north\", \"as\": \"now\"}"
said "$south"
expect 0 rsnms call roster.organisation.history "{\"id\": \"$school\"}"
said "Гимназия"
