#!/bin/bash
# The passport from the command line, over real daemons: filled, approved, sent, checked, answered, and opened again; and
# what the offline verifier says of a file that is not what was sent.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

expect 0 rsnms init "$WORK/one" --profile "$PROFILE"
export RSNMS_CONFIG="$WORK/one/rsnms.yaml"
files="$WORK/one/files/federal"
[ "$(stat -c %a "$WORK/one/keys/federal.sign")" = 600 ] || fail "others may read the key that packages are signed with"
expect 0 rsnms federal key "$WORK/operator.sign"
expect 1 rsnms federal key "$WORK/operator.sign"
cp "$WORK/operator.sign.pub" "$WORK/one/keys/operator.pub"
expect 4 rsnms federal list
expect 0 rsnms up

# until COMMAND…: it succeeds within half a minute, or the test fails with its name.
until_done() {
    for _ in $(seq 300); do
        if "$@" >"$WORK/out" 2>"$WORK/err"; then return; fi
        sleep 0.1
    done
    fail "it did not come about: $*"
}
filled() { rsnms federal show "$1" >"$WORK/shown" && ! grep -q "собирается" "$WORK/shown"; }
in_state() { rsnms federal show "$1" | grep -q "$2"; }

# ── a year of its own life ───────────────────────────────────────────────────
expect 2 rsnms federal open soon
expect 1 rsnms federal open 1999
complained "нет"
expect 0 rsnms federal open 2023
until_done filled 2023
expect 0 rsnms federal show 2023
said "Блок 8. Корреляция с результатами обучающихся"
said "прочитано службой indicators"
expect 0 rsnms federal show 2023 --block 7
said "План"
expect 0 rsnms federal show 2023 --block 4
said "заполнит P11"
expect 1 rsnms federal enter 2023 7 T/1 target 50 --document "из головы" --day 2024-01-10
complained "посчитано системой"
expect 0 rsnms federal enter 2023 4 subsidy план "12 500" --unit "тыс. руб." --document "письмо № 14" --day 2024-01-28
expect 0 rsnms federal withdraw 2023 4 subsidy план
expect 1 rsnms federal withdraw 2023 4 subsidy план
expect 0 rsnms federal enter 2023 4 subsidy план "12 500" --unit "тыс. руб." --document "письмо № 14" --day 2024-01-28
expect 1 rsnms federal send 2023
complained "сейчас «черновик», нужно «утверждён»"
expect 0 rsnms federal submit 2023
expect 0 rsnms federal return 2023 "нет блока 3"
expect 0 rsnms federal submit 2023
expect 1 rsnms federal approve 2023 --content "$(printf '0%.0s' {1..64})"
complained "прочитайте паспорт ещё раз"
# What is shown of what was submitted is what it is approved with, and what is frozen then.
expect 0 rsnms federal show 2023
said "на утверждении содержание с хэшем"
read_hash="$(sed -n 's/^на утверждении содержание с хэшем //p' "$WORK/out")"
expect 0 rsnms federal approve 2023 --content "$read_hash" --document "распоряжение № 4"
expect 0 rsnms federal show 2023
said "хэш содержания: $read_hash"
expect 0 rsnms federal return 2023 "нет подписи"
said "черновик"
expect 0 rsnms federal show 2023
said "замечания органа управления: нет подписи"
expect 0 rsnms federal submit 2023
expect 0 rsnms federal approve 2023 --document "распоряжение № 5"

# Sent, and stuck for want of a key: taken back, and sent again when the key is there.
expect 2 rsnms federal recall 2023
expect 1 rsnms federal recall 2023 "не та версия"
mv "$WORK/one/keys/federal.sign" "$WORK/federal.sign.away"
expect 0 rsnms federal send 2023
until_done in_state 2023 "нет ключа подписи"
expect 0 rsnms federal recall 2023 "не та версия"
said "отзыв принят"
until_done in_state 2023 "прежняя отправка отозвана: не та версия"
in_state 2023 "утверждён" || fail "what was taken back is not approved again"
mv "$WORK/federal.sign.away" "$WORK/one/keys/federal.sign"
expect 0 rsnms federal send 2023
until_done in_state 2023 "пакет passport-"
package="$(ls "$files"/outbox/*.json)"
expect 1 rsnms federal recall 2023 "поздно"
complained "отозвать его нельзя"

# ── the verifier, where there is neither daemon nor configuration ────────────
expect 0 env -u RSNMS_CONFIG sh -c "cd '$WORK' && '$BUILD/rsnms' federal check '$package' --key '$WORK/one/keys/federal.pub'"
said "Томская область, 2023 год, версия 1"
said "подпись верна"
said "хэш содержания сходится"
mkdir "$WORK/bad"
name="$(basename "$package")"
spoil() { cp "$package" "$package.sig" "$WORK/bad/"; }
spoil; python3 - "$WORK/bad/$name" <<'EOP'
import sys
data = bytearray(open(sys.argv[1], "rb").read())
at = data.index("12 500".encode())
data[at] = ord("9")
open(sys.argv[1], "wb").write(data)
EOP
expect 1 rsnms federal check "$WORK/bad/$name"
said "ХЭШ СОДЕРЖАНИЯ НЕ СХОДИТСЯ"
said "ПОДПИСЬ НЕ СХОДИТСЯ"
spoil; rm "$WORK/bad/$name.sig"
expect 1 rsnms federal check "$WORK/bad/$name"
said "ПОДПИСИ НЕТ"
spoil; truncate -s -1 "$WORK/bad/$name"
expect 1 rsnms federal check "$WORK/bad/$name"
complained "not a package"
spoil; cp "$package" "$WORK/bad/other.json"; cp "$package.sig" "$WORK/bad/other.json.sig"
expect 1 rsnms federal check "$WORK/bad/other.json"
said "ИМЯ ФАЙЛА НЕ ТО"
expect 1 rsnms federal check "$package" --key "$WORK/operator.sign.pub"
said "ПОДПИСЬ НЕ СХОДИТСЯ"
python3 - "${package%.json}.xlsx" <<'EOP' || fail "the sheets do not say what the package does"
import sys, zipfile
text = zipfile.ZipFile(sys.argv[1]).read("xl/sharedStrings.xml").decode()
for wanted in ("12 500", "письмо № 14", "заполнит P11", "Томская область, 2023 год, версия 1"):
    assert wanted in text, wanted
EOP
checks=$((checks + 1))

# ── the operator's answer ────────────────────────────────────────────────────
expect 2 rsnms federal reply "$package"
expect 0 rsnms federal reply "$package" --key "$WORK/operator.sign" --return "Уточнить блок 4" --number 77-пк --out "$WORK/r.json"
expect 0 rsnms federal check "$WORK/r.json"
said "возвращено с замечаниями"
expect 1 rsnms federal answer 2023 --agree --number 76-пк --day 2024-01-28
complained "ответ датирован раньше, чем отправлен пакет ($(TZ=UTC-7 date +%d.%m.%Y))"
expect 0 rsnms federal reply "$package" --key "$WORK/operator.sign" --agree --number 76-пк --day 2024-01-28 --out "$WORK/early.json"
cp "$WORK/early.json.sig" "$WORK/early.json" "$files/inbox/"
until_done sh -c "'$BUILD/rsnms' federal list | grep -q 'refused/early.json .*раньше, чем отправлен пакет ([0-9.]*)'"
truncate -s 50M "$files/inbox/huge.json"
cp "$WORK/r.json.sig" "$WORK/r.json" "$files/inbox/"
until_done in_state 2023 "возвращён федеральным оператором"
until_done sh -c "'$BUILD/rsnms' federal list | grep -q 'refused/huge.json'"
[ -f "$files/inbox/taken/r.json" ] && [ -f "$files/inbox/refused/huge.json" ] || fail "the letters do not lie where they belong"
expect 1 rsnms federal submit 2023
expect 0 rsnms federal open 2023
until_done filled 2023
expect 0 rsnms federal compare 2023
said "различий нет"
expect 0 rsnms federal enter 2023 4 subsidy план "13 000" --unit "тыс. руб." --document "письмо № 20" --day 2024-02-28
expect 0 rsnms federal compare 2023.1 2023.2
said "13 000"
expect 0 rsnms federal list
said "возвращён федеральным оператором"
said "черновик"

expect 0 rsnms --json federal list
said '"version":2'
expect 0 rsnms federal list --csv "$WORK/passports.csv"
[ "$(wc -l <"$WORK/passports.csv")" = 3 ] || fail "not two passports in the file"

# Where the operator answers in his cabinet alone, the answer is typed in.
expect 2 rsnms federal answer 2023 --agree
expect 1 rsnms federal answer 2023 --agree --number 78-пк --day "$(date +%F)"
expect 0 rsnms federal submit 2023
expect 0 rsnms federal approve 2023
expect 0 rsnms federal send 2023
expect 0 rsnms federal answer 2023 --agree --number 78-пк --day "$(date +%F)"
said "согласован федеральным оператором"

# The operator of the system sees how it stands, and not what it says.
expect 0 rsnms --key operator federal list
expect 1 rsnms --key operator federal show 2023 --block 4
expect 0 rsnms down
expect 0 rsnms verify federal
expect 0 rsnms rebuild federal
