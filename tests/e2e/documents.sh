#!/bin/bash
# The documents tell the truth where a machine can tell: every verb of rsnms that they name is one, every linked or named
# file is there, every heading that is linked to, the page of screens has a row for each sentence that refuses or tells a
# state, and the blocks marked with <!-- runs --> run, line by line, in the order of their document.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

cd "$SOURCE"
mapfile -t documents < <(ls README*.md docs/*.md docs/*/*.md proto/*.md)
[ "${#documents[@]}" -ge 10 ] || fail "too few documents found: ${documents[*]}"

# ── verbs ────────────────────────────────────────────────────────────────────
rsnms --help | sed -n 's/^  \([a-z]\{1,\}\( [a-z]\{1,\}\)*\)\( .*\)\{0,1\}$/\1/p' >"$WORK/verbs"
[ "$(wc -l <"$WORK/verbs")" -gt 30 ] || fail "no verbs found in --help"

# Code in line and lines of blocks; a line of an answer begins with what the program says: "rsnms: …".
commands_of() {
    awk '/^ *```/ { block = !block; next }
         block { print FILENAME ":" FNR ": " $0; next }
         { line = $0; while (match(line, /`[^`]+`/)) { print FILENAME ":" FNR ": " substr(line, RSTART + 1, RLENGTH - 2); line = substr(line, RSTART + RLENGTH) } }' "$@"
}
commands_of "${documents[@]}" >"$WORK/code"
# After `rsnms` come options, some with a value, then the verb; КОМАНДА and VERB stand for any.
python3 - "$WORK/verbs" "$WORK/code" <<'EOS' >"$WORK/wrong" || fail "the commands of the documents could not be read"
import re, sys
verbs = {line.strip() for line in open(sys.argv[1], encoding="utf8")}
first = {verb.split()[0] for verb in verbs}
found = 0
for line in open(sys.argv[2], encoding="utf8"):
    place, code = line.rstrip("\n").split(": ", 1)
    if re.match(r"\s*(\| )?rsnms(:| [\d.]+)", code):
        continue                                # what it answers
    for at in re.finditer(r"(?:^|[\s(`;&|'])rsnms((?: --?[a-z]+)*)((?: [^\s`;&|)']+)*)", code):
        words = (at[1] + at[2]).split()
        while words and words[0] in ("rsnms", "--"):    # sudo -u rsnms rsnms …
            del words[0]
        while words and words[0].startswith("--"):
            del words[:2 if words[0] in ("--config", "--key", "--lang", "--timeout") else 1]
        if not words or not re.fullmatch(r"[a-z]+", words[0]):
            continue
        found += 1
        if words[0] not in first or (words[0] not in verbs and len(words) > 1 and re.fullmatch(r"[a-z]+", words[1])
                                     and " ".join(words[:2]) not in verbs):
            print(f"{place}: rsnms {' '.join(words[:2])}")
assert found > 150, found
EOS
checks=$((checks + 1))
[ ! -s "$WORK/wrong" ] || fail "no such verb: $(cat "$WORK/wrong")"

# ── links and files ──────────────────────────────────────────────────────────
# A heading as a link spells it: lower case, spaces as hyphens, other signs gone.
anchors_of() { sed -n 's/^#\{1,6\} //p' "$1" | python3 -c 'import re,sys
for l in sys.stdin: print(re.sub(r"[^\w\- ]", "", l.strip().lower()).replace(" ", "-"))'; }
for document in "${documents[@]}"; do
    while read -r link; do
        checks=$((checks + 1))
        case "$link" in http:*|https:*|mailto:*) continue ;; esac
        file="${link%%#*}"
        at="$(dirname "$document")/$file"
        [ -n "$file" ] || at="$document"
        [ -e "$at" ] || fail "$document links to $link, which is not there"
        if [[ "$link" == *'#'* ]]; then
            anchors_of "$at" | grep -xF -- "${link#*#}" >/dev/null || fail "$document links to $link: no such heading"
        fi
    done < <(grep -oP '\]\(\K[^)\s]+(?=\))' "$document" || true)
done
# Names of files of this source: they begin with one of its folders.
grep -oP '^[^ ]+: (.*[^\w/.-])?\K(\./)?(common|proto|services|cli|config|tests|scripts|docs|docker)/[\w@./-]*\w' "$WORK/code" | sed 's/^\.\///' | grep -vE '(^|/)[A-Z]+(/|$)' | sort -u >"$WORK/files"
[ "$(wc -l <"$WORK/files")" -gt 20 ] || fail "too few files found: the pattern of this test has come to miss them"
while read -r file; do
    checks=$((checks + 1))
    [ -e "$file" ] || fail "a document names $file, which is not there ($(grep -nF -- "$file" "$WORK/code" | head -n 1))"
done <"$WORK/files"

# Tests that the architecture relies on.
while read -r name; do
    checks=$((checks + 1))
    grep -rqwE -- "$name" tests --include='*.cmake' --include=CMakeLists.txt || fail "docs/architecture.md names the test $name, which is not registered"
done < <(grep -oP '`\K(test|fault|fuzz|interop)_[a-z_]+(?=`)' docs/architecture.md | sort -u)

# ── every sentence that an operator can meet ─────────────────────────────────
python3 - config/messages/ru.yaml docs/ru/screens.md <<'EOS' >"$WORK/missing" || fail "the page of screens could not be compared"
import re, sys
page = open(sys.argv[2], encoding="utf8").read()
kinds = ("code", "rule", "reason", "table", "decline", "health", "passport_state")
named = re.compile(r"state\.(up|down|silent|denied)|node\.(link|copy)\.\w+|node\.full|status\.ended")
found = 0
for line in open(sys.argv[1], encoding="utf8"):
    at = re.match(r'\s+- \{token: ([\w.]+), text: "(.*)"\}', line)
    if at is None or not (at[1].split(".")[0] in kinds or named.fullmatch(at[1])):
        continue
    found += 1
    if re.sub(r"\{\w+\}", "…", at[2]).replace("|", "\\|") not in page:
        print(f"{at[1]}: {at[2]}")
for token in re.findall(r"(?:%s)\.[a-z_]{4,}" % "|".join(kinds), page):
    print(f"{token} stands there without its sentence")
assert found > 250, found
EOS
checks=$((checks + 1))
[ ! -s "$WORK/missing" ] || fail "docs/ru/screens.md has no row for: $(cat "$WORK/missing")"

# ── what is printed to be typed ──────────────────────────────────────────────
# The build is the one under test, and /tmp is this test's own. A line that says so ends with code 3.
run_marked() {
    local line said code wanted number=0
    unset RSNMS_CONFIG
    while IFS= read -r line <&3; do
        line="${line//\/tmp\//$WORK/}"
        wanted=0
        [[ "$line" != *'# код 3'* && "$line" != *'# exit code 3'* ]] || wanted=3
        case "$line" in ./scripts/build*|'export PATH='*) continue ;; esac
        number=$((number + 1))
        code=0
        eval "$line" >"$WORK/out" 2>"$WORK/err" || code=$?
        [ "$code" = "$wanted" ] || fail "$1: exit code $code instead of $wanted: $line"
        checks=$((checks + 1))
    done 3< <(awk '/^<!-- runs -->$/ { marked = 1; next } marked && /^```/ { block = 1; marked = 0; next } block && /^```/ { block = 0 } block' "$1")
    [ "$number" -gt 8 ] || fail "$1: no block that is marked to run"
}
PATH="$BUILD:$PATH"
for document in README.md README.ru.md; do
    run_marked "$document"
    # What a sanitizer says goes to a daemon's log, where nobody would look.
    ! grep -E -A 30 'Sanitizer|runtime error|Assertion' "$WORK"/*/run/*.log || fail "a daemon has complained"
    rm -rf "$WORK/tomsk" "$WORK/rehearsal"
done
