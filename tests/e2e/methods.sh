#!/bin/bash
# Every method of roster can be used by somebody who types: a verb asks for it, or tests/data/no_verb.csv says why none does.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

expect 0 rsnms methods roster.
grep -oE '^roster\.[a-z_.]+' "$WORK/out" | sort -u >"$WORK/methods"
[ "$(wc -l <"$WORK/methods")" -gt 90 ] || fail "only $(wc -l <"$WORK/methods") methods of roster found"
# Those that every service has, from the tables of another one: their verbs make the name of the service's (cli/daemons/stores.c and others).
expect 0 rsnms methods routes.
grep -oE '^routes\.[a-z_.]+' "$WORK/out" | sed 's/^routes/roster/' | sort -u >"$WORK/common"

# What verbs name: "roster.x.y", and SERVICE ".x.y" of a file whose SERVICE is roster. Loading a folder and the generator are no
# verbs for it: nobody types a staff list row by row.
asked_in() {
    find "$1" -name '*.c' ! -path '*/sample/*' ! -name 'history*' -print0 | xargs -0 cat |
        grep -oE '("roster|SERVICE ")\.[a-z_]+\.[a-z_]+"' | sed 's/^SERVICE "/"roster/' | tr -d '"' | sort -u
}
# missing METHODS ASKED: which of the methods have neither a verb nor a reason; and reasons that are none any more.
missing() {
    grep -v '^\(#\|method;\)' "$SOURCE/tests/data/no_verb.csv" | cut -d ';' -f 1 | sort -u >"$WORK/excused"
    comm -23 "$1" "$2" | comm -23 - "$WORK/common" | comm -23 - "$WORK/excused" | sed 's/$/: no verb/'
    comm -13 "$1" "$WORK/excused" | sed 's/$/: excused, and no method/'
    comm -12 "$2" "$WORK/excused" | sed 's/$/: excused, and has a verb/'
}
asked_in "$SOURCE/cli" >"$WORK/asked"
[ "$(wc -l <"$WORK/asked")" -gt 80 ] || fail "only $(wc -l <"$WORK/asked") methods found in cli/"
missing "$WORK/methods" "$WORK/asked" >"$WORK/out"
checks=$((checks + 1))
[ ! -s "$WORK/out" ] || fail "methods of roster without a verb"
grep -v '^\(#\|method;\)' "$SOURCE/tests/data/no_verb.csv" | grep -vE '^roster\.[a-z_.]+;.{20,}$' >"$WORK/out" || true
[ ! -s "$WORK/out" ] || fail "an exception without its reason"

# The test itself can fail: a method that nobody asks for, and a verb for one that is excused.
sort -u "$WORK/methods" - <<<roster.unheard.of >"$WORK/more"
missing "$WORK/more" "$WORK/asked" | grep -q '^roster.unheard.of: no verb$' || fail "a method without a verb is not seen"
sort -u "$WORK/asked" - <<<roster.vault.finish >"$WORK/more"
missing "$WORK/methods" "$WORK/more" | grep -q '^roster.vault.finish: excused, and has a verb$' || fail "an exception too many is not seen"
checks=$((checks + 2))
