#!/bin/bash
# Every reason that code refuses with, and every rule it names, has a sentence in the Russian catalogue.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

sources() { find "$SOURCE/common" "$SOURCE/services" "$SOURCE/proto" -name '*.c' -print0 | xargs -0 cat | tr '\n' ' '; }
tokens() { grep -oP "$1" | grep -oP '"[a-z_]+"' | tr -d '"' | sort -u; }

sources >"$WORK/all.c"
{
    tokens 'PROBLEM_[A-Z_]+, *"[a-z_]+"' <"$WORK/all.c"
    tokens 'refuse_field\((l->)?ctx, *"[a-z_]+"' <"$WORK/all.c"
    tokens 'fault_is\(fault, *"[a-z_]+"' <"$WORK/all.c"
    tokens '\.reason = "[a-z_]+"' <"$WORK/all.c"
} | sort -u | sed 's/^/reason./' >"$WORK/wanted"
{
    tokens 'msg_wrong\([^;]*?"[a-z_]+"' <"$WORK/all.c"
    grep -oP 'refuse_field\((l->)?ctx, *"[a-z_]+", *"[a-z_\[\]]+", *\K"[a-z_]+"' "$WORK/all.c" | tr -d '"'
    grep -oP 'fault_is\(fault, *"[a-z_]+", *[^,]+, *\K"[a-z_]+"' "$WORK/all.c" | tr -d '"'
} | sort -u | sed 's/^/rule./' >>"$WORK/wanted"
[ "$(wc -l <"$WORK/wanted")" -gt 60 ] || fail "too few tokens found: the patterns of this test have come to miss them"

missing=0
while read -r token; do
    checks=$((checks + 1))
    if [ "$(rsnms say "$token")" = "$token" ]; then
        echo "no sentence for $token" >&2
        missing=$((missing + 1))
    fi
done <"$WORK/wanted"
[ "$missing" = 0 ] || fail "$missing tokens without a sentence in config/messages/ru.yaml"
