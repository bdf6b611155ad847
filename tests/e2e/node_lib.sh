# shellcheck shell=bash
# What the scripts share that play a region and a node of a municipality, over TCP. Sourced by them, after lib.sh.
region="$WORK/region"
node="$WORK/node"
at_region() { rsnms --config "$region/rsnms.yaml" "$@"; }
at_node() { rsnms --config "$node/rsnms.yaml" "$@"; }

# until_done COMMAND…: it succeeds within a minute, or the test fails with its name.
until_done() {
    for _ in $(seq 600); do
        if "$@" >"$WORK/out" 2>"$WORK/err"; then return; fi
        sleep 0.1
    done
    at_node node status >"$WORK/out" 2>&1 || true
    fail "it did not come about: $*"
}
# status_is NUMBER NAME, of the node
status_is() { [ "$(at_node --json node status | sed -n "s/.*\"$2\": *\([0-9]*\).*/\1/p" | head -n 1)" = "$1" ]; }
free_port() {
    local port
    while port=$((20000 + RANDOM % 12000)) && (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
    echo "$port"
}
# json FILE EXPRESSION: of the value d that the file holds
json() { python3 -c "import json, sys; d = json.load(open(sys.argv[1])); print($2)" "$1"; }
entries() { at_region journal "$1" --event "$2" | wc -l; }

# listening SERVICE…: of the region, each on a port of its own.
listening() {
    local service
    for service in "$@"; do
        sed -i "s/^  - name: $service\$/&\n    listen: tcp:\/\/127.0.0.1:$(free_port)/" "$region/rsnms.yaml"
    done
}
