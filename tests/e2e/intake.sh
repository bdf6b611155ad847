#!/bin/bash
# The key that nodes seal to is turned while one of two nodes is away: both get their rows in, the region says whom it waits
# for, and the older key goes when nobody needs it. Real processes over TCP, from the command line alone.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

region="$WORK/region"
at_region() { rsnms --config "$region/rsnms.yaml" "$@"; }
at() { local node="$1"; shift; rsnms --config "$WORK/$node/rsnms.yaml" "$@"; }
until_done() {
    for _ in $(seq 600); do
        if "$@" >"$WORK/out" 2>"$WORK/err"; then return; fi
        sleep 0.1
    done
    fail "it did not come about: $*"
}
accepted() { [ "$(at "$1" --json node status | sed -n 's/.*"accepted": *\([0-9]*\).*/\1/p' | head -n 1)" = "$2" ]; }
waiting()  { [ "$(at "$1" --json node status | sed -n 's/.*"waiting": *\([0-9]*\).*/\1/p' | head -n 1)" = "$2" ]; }
seals_under() { at "$1" --json call node.intake.get '{}' | grep -q "\"generation\": $2\|\"generation\":$2"; }
free_port() {
    local port
    while port=$((20000 + RANDOM % 12000)) && (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
    echo "$port"
}
# list NODE FILE CODE NAME ORGANISATION: a row of a staff list into its folder
list() {
    printf 'Код;Фамилия;Имя;Дата рождения;Код организации;Должность;Работает с\n%s;%s;Анна;01.02.1985;%s;учитель;01.09.2020\n' \
        "$3" "$4" "$5" >"$WORK/list"
    mv "$WORK/list" "$WORK/$1/files/drop/$2"
}

expect 0 rsnms init "$region" --profile "$PROFILE"
for service in roster diagnostics programmes routes; do
    sed -i "s/^  - name: $service\$/&\n    listen: tcp:\/\/127.0.0.1:$(free_port)/" "$region/rsnms.yaml"
done
expect 0 at_region up
expect 3 at_region history load "$SOURCE/tests/data/thirty"
for node in town country; do
    code=70-01; [ "$node" = town ] || code=70-02
    expect 0 at_region node init "$WORK/$node" --municipality "$code" --name "$node" --connect 127.0.0.1
    grep -q '^generation: 0$' "$WORK/$node/node.yaml" || fail "the node's settings do not say which key"
    expect 0 at "$node" up
done
list town one.csv u-1 Ежова 70-01-001
list country one.csv v-1 Лисицына 70-02-001
until_done accepted town 1
until_done accepted country 1
expect 0 at_region intake status
said "№ 0"
said "country"
expect 1 at_region intake drop
complained "прежних ключей приёма нет"

# ── the one is away, its queue full, when the key is turned ──────────────────
expect 0 at_region down
list country two.csv v-2 Барсукова 70-02-001
until_done waiting country 1
expect 0 at country down
expect 0 at_region up
expect 0 at_region intake turn
said "№ 1"
said "сменён"
said "files/roster/vault/"
until_done seals_under town 1
until_done accepted town 2                              # it says so, with nothing to send
expect 0 at_region intake status
said "ждём узлов: 1"
grep -E 'country +0 ' "$WORK/out" | grep -q 'под новым ещё не присылал' || fail "it does not say whom it waits for"
expect 0 at_region --json intake status
said '"behind"'
expect 0 at_region status
said "под новым ещё не прислали, узлов: 1"
expect 1 at_region intake drop
complained "ждём: 1"

# ── it comes back: what was sealed before, and what is sealed now ────────────
expect 0 at country up
until_done seals_under country 1
until_done accepted country 3                           # its row of before, and the word that it has taken the new key
expect 0 at_region intake status
said "под новым прислали все"
cp "$region/keys/vault.key" "$WORK/before.key"
expect 0 at_region intake drop
said "уничтожены"
! cmp -s "$WORK/before.key" "$region/keys/vault.key" || fail "copies of the store still open with the older one"
expect 0 at_region intake status
if grep -q 'прежний' "$WORK/out"; then fail "an older key is kept"; fi
list town four.csv u-4 Норкина 70-01-001
until_done accepted town 3
list country three.csv v-3 Выдрина 70-02-001
until_done accepted country 4

# ── roster dies between each two steps of a turn: what nodes seal opens all the same ──
# known CODE: the region knows a person by it.
known() { at_region --key centre call roster.person.find "{\"codes\":[\"$1\"]}" | grep -oE '[0-9a-f]{8}-[0-9a-f-]{27}' | grep -qv '^00000000-'; }
in_order() { at_region vault status | grep -q 'in order'; }
reached=0
for point in before_commit:1 before_commit:2 after_commit:1 after_commit:2 vault_part_made:1 vault_next_made:1 vault_rewrapped:1 \
             vault_old_wiped:1 vault_renamed:1; do
    expect 0 at_region down roster
    RSNMS_FAILPOINT="$point" "$BUILD/rsnms-roster" --config "$region/rsnms.yaml" >"$WORK/dying" 2>&1 &
    dying=$!
    for _ in $(seq 100); do
        ! at_region --timeout 2 intake status >/dev/null 2>&1 || break
        sleep 0.1
    done
    at_region --timeout 3 intake turn >/dev/null 2>&1 || true
    for _ in $(seq 100); do
        kill -0 "$dying" 2>/dev/null || break
        sleep 0.1
    done
    ! kill "$dying" 2>/dev/null || fail "$point was not reached"
    code=0
    wait "$dying" || code=$?
    [ "$code" = 137 ] || fail "$point: it ended with $code: $(cat "$WORK/dying")"
    reached=$((reached + 1))
    expect 0 at_region up roster
    until_done in_order
    list town "w-$reached.csv" "w-$reached" Куницына 70-01-001
    until_done known "w-$reached"
    at_region intake drop --anyway >/dev/null 2>&1 || true      # where it died before the turn was safe there is nothing older
    checks=$((checks + 1))
done

# ── a node that is made after the turn, and one of before it with the settings of then ──
newest="$(at_region --json call roster.intake.get '{}' | sed -n 's/.*"generation": *\([0-9]*\).*/\1/p')"
[ "$newest" -gt 5 ] || fail "not one new key a death: $newest"
expect 0 at_region node init "$WORK/late" --municipality 70-02 --name late --connect 127.0.0.1
grep -q "^generation: $newest\$" "$WORK/late/node.yaml" || fail "a new node does not begin with the newest key"
expect 0 at town down
expect 0 at town up
until_done seals_under town "$newest"
expect 0 at_region --key centre call roster.person.find '{"codes":["v-2","v-3","u-4"]}'
if grep -q '00000000-0000-0000-0000-000000000000' "$WORK/out"; then fail "a row is missing at the region"; fi
