#!/bin/bash
# Every reason that code refuses with, every rule it names and every other sentence it asks for stands in both catalogues;
# both hold the same tokens with the same {places}; and no sentence is left of a reason that nothing gives any more.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

MESSAGES="$SOURCE/config/messages"
sources() { find "$@" -name '*.c' -print0 | xargs -0 cat; }
sources "$SOURCE/common" "$SOURCE/services" "$SOURCE/proto" >"$WORK/lines.c"
tr '\n' ' ' <"$WORK/lines.c" >"$WORK/all.c"
cat "$SOURCE"/proto/*.h >"$WORK/enums.h"

# ── what code gives ──────────────────────────────────────────────────────────
words() { grep -oP '"[a-z_]+"' | tr -d '"' | sort -u; }
# said CALLS: the first text in a call of one of these; both, where it is one of two.
said() { grep -oP "\\b($1)\\([^\";{}]*\"[a-z_]+\"( : \"[a-z_]+\")?" "$WORK/all.c" | sed 's/^[^"]*//' | words; }
# answered FUNCTIONS: what functions of these names return.
answered() { grep -zoP "(?s)\\b($1)\\([^;{}]*\\)\\n\\{.*?\\n\\}\\n" "$WORK/lines.c" | tr '\0\n' '  ' | grep -oP '\breturn [^;]*;' | words; }
{
    grep -oP 'PROBLEM_[A-Z_]+, *([^",;{}]*\? *)?"[a-z_]+"( : "[a-z_]+")?' "$WORK/all.c" | words
    grep -oP 'fault_is\(fault, *([^",;{}]*\? *)?"[a-z_]+"( : "[a-z_]+")?' "$WORK/all.c" | words
    said 'refuse_(?!arg(_day)?\b)\w+|not_here|too_far|age_fault|say_fault|sender_line_down'
    answered '\w+_refusal|(end|attestation|certificate|registry)_fault|reason_of(?=\(int err)|project|react|take_entry'
    grep -oP '(\.reason|(?<!\*)\breason|const char \*why) = "[a-z_]+"' "$WORK/all.c" | words
    grep -oP '\*fault = [^;{}(]*"[a-z_]+"' "$WORK/all.c" | words
    grep -oP '\*const REASON\[\] = \{[^}]*\}' "$WORK/all.c" | words
} | sort -u | sed 's/^/reason./' >"$WORK/reasons"
{
    grep -oP 'msg_wrong\([^;]*?"[a-z_]+"( : "[a-z_]+")?' "$WORK/all.c" | words
    grep -oP '(refuse_field\((l->)?\(?ctx\)?|fault_is\(fault), *"[a-z_]+", *[^;{}]*, *\K"[a-z_]+"(?=\))' "$WORK/all.c" | words
    grep -oP '(\brule|\.rule|(?<![*.>])\bfault) = "[a-z_]+"' "$WORK/all.c" | words
    answered '\w+_rule|(parent|key|choice)_fault'
} | sort -u | sed 's/^/rule./' >"$WORK/rules"
{
    sources "$SOURCE/cli" "$SOURCE/services" | tr '\n' ' ' >"$WORK/asking.c"
    grep -oP '"(reason|rule|do|table|list|report|state|status|health|number|worst|route|passport|check|column)\.[a-z_.]+"' "$WORK/asking.c"
    grep -oP '\b(cli_words?|federal_words|report_say|catalogue_(text|fill))\([^";{}]*"[a-z_]+\.[a-z_.]+"' "$WORK/asking.c" | grep -oP '"[a-z_.]+"'
    grep -oP '("\$rsnms" say|head_of) \K[a-z_]+\.[a-z_.]+' "$SOURCE/scripts/demo"
    # a token shown as PREFIX.TOKEN: each name of the enum that the prefix is called after
    grep -oP '"\K[a-z_]+(?=\.%s", \w+_names\.names)|EXPORT_TEXT, *"\K[a-z_]+(?=",)' "$WORK/asking.c" | sort -u | while read -r prefix; do
        list="$(grep -oPm 1 "ENUM_DECLARE\($prefix, \K[A-Z_]+" "$WORK/enums.h" || true)"
        [ -n "$list" ] || continue            # said of something that is no enum of a message
        awk -v list="#define $list(X)" 'index($0, list) == 1 { on = 1 } on { print } !/\\$/ { on = 0 }' "$WORK/enums.h" |
            grep -oP 'X\(\w+, *"\K[a-z0-9_]+' | sed "s/^/$prefix./"
    done
} | tr -d '"' | sort -u >"$WORK/others"
sources "$SOURCE/services/shared/lists" | tr '\n' ' ' >"$WORK/lists.c"
{
    grep -oP '\bcsv_wrong\(csv, "\K[a-z_]+' "$WORK/all.c"
    grep -oP '\b((stop|fault_of)\([^";{}]*|token = [^;{}]*?)"[a-z_]+"( : [^;{}]*)?' "$WORK/lists.c" | words
} | sed 's/^/table./' >>"$WORK/others"

words <"$WORK/all.c" | sed 's/^/reason./' | sort >"$WORK/texts"

# fewer than these would mean that a pattern has come to miss what it is for
for list in reasons:200 rules:38 others:150; do
    n="$(wc -l <"$WORK/${list%:*}")"
    [ "$n" -ge "${list#*:}" ] || fail "only $n ${list%:*} found in the sources"
done
# Why a stream stands still is a word of streams or a reason (cli/daemons/status.c).
{ said state_set; grep -oP -- '->stopped = "[a-z_]+"' "$WORK/all.c" | words; } | sort -u | while read -r token; do
    grep -q "token: stream\.$token," "$MESSAGES/ru.yaml" && echo "stream.$token" || echo "reason.$token"
done >"$WORK/streams"
sort -u "$WORK/reasons" "$WORK/rules" "$WORK/others" "$WORK/streams" >"$WORK/wanted"

# ── what the catalogues have ─────────────────────────────────────────────────
# A line for each sentence: its token, then its places in the order of their names, each once.
sentences_of() {
    python3 - "$1" <<'EOS' | sort
import re, sys
for line in open(sys.argv[1], encoding="utf8"):
    if at := re.fullmatch(r"  - \{token: ([a-z0-9_.]+), text: (.*)\}\n", line):
        print(at[1], *sorted(set(re.findall(r"\{\w+\}", at[2]))))
EOS
}

# faults RU EN: what is wrong with two catalogues, a line each.
faults() {
    local file
    for file in "$@"; do
        sentences_of "$file" >"$file.has"
        cut -d ' ' -f 1 "$file.has" >"$file.tokens"
        [ "$(grep -c 'token:' "$file")" = "$(wc -l <"$file.has")" ] || echo "${file##*/}: a line that is not read as a sentence"
        uniq -d "$file.tokens" | sed "s|^|${file##*/} has twice: |"
        comm -13 "$file.tokens" "$WORK/wanted" | sed "s|^|${file##*/} has no sentence for |"
        comm -23 <(grep '^reason\.' "$file.tokens") "$WORK/texts" | sed "s|^|${file##*/} has a sentence that nothing asks for: |"
    done
    # how days are written is a language's own; all else the two share (a difference is said, it does not end the script)
    diff <(grep -vx 'format\.day' "$1.has") <(grep -vx 'format\.day' "$2.has") | sed -n 's/^</only in ru.yaml: /p; s/^>/only in en.yaml: /p' || true
}

fresh() { cp "$MESSAGES/ru.yaml" "$MESSAGES/en.yaml" "$WORK"; }
fresh
faults "$WORK/ru.yaml" "$WORK/en.yaml" >"$WORK/out"
[ ! -s "$WORK/out" ] || fail "sentences are missing, differ or are left over"
checks=$((checks + 2 * $(wc -l <"$WORK/wanted")))

# What is read here is what the program reads.
for lang in ru en; do
    expect 0 rsnms --lang "$lang" say reason.no_places places=25
    said_text="$(sed -n 's/.*{token: reason.no_places, text: "\(.*\)"}/\1/p' "$MESSAGES/$lang.yaml")"
    [ "$(cat "$WORK/out")" = "${said_text/\{places\}/25}" ] || fail "--lang $lang does not say what $lang.yaml has"
done

# ── and would it notice ──────────────────────────────────────────────────────
# notices WHAT FILE SED: after this change to one of the copies, WHAT is among the faults.
notices() {
    fresh
    sed -i "$3" "$WORK/$2"
    ! cmp -s "$WORK/$2" "$MESSAGES/$2" || fail "the change that was to be noticed changes nothing: $3"
    faults "$WORK/ru.yaml" "$WORK/en.yaml" >"$WORK/out"
    grep -qF -- "$1" "$WORK/out" || fail "not noticed: $3"
    checks=$((checks + 1))
}
for lang in ru en; do
    notices "$lang.yaml has no sentence for reason.age_under"       "$lang.yaml" '/token: reason\.age_under,/d'
    notices "$lang.yaml has no sentence for rule.parent_circle"     "$lang.yaml" '/token: rule\.parent_circle,/d'
    notices "$lang.yaml has no sentence for demo.thirty"            "$lang.yaml" '/token: demo\.thirty,/d'
    notices "only in $lang.yaml:  node.copy.held"                     "$lang.yaml" '/token: node\.copy\.held,/s/{since}/{sinse}/'
    notices "$lang.yaml has a sentence that nothing asks for: reason.never_given" "$lang.yaml" \
            '$a\  - {token: reason.never_given, text: "x"}'
    notices "$lang.yaml has twice: code.busy"                       "$lang.yaml" '/token: code\.busy,/p'
    notices "$lang.yaml: a line that is not read as a sentence"     "$lang.yaml" '/token: code\.busy,/s/  - /    - /'
done
notices "only in ru.yaml:  node.known" en.yaml '/token: node\.known,/d'
notices "only in en.yaml:  node.known" ru.yaml '/token: node\.known,/d'
