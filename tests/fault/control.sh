#!/bin/bash
# control.sh SABOTAGE COMMAND…: runs a harness with one thing done wrong on purpose. It has to notice: to end
# with 1 and to say "violation found". A harness that is content, skips, or breaks fails here.
set -u
export RSNMS_SABOTAGE="$1"
shift
said="$("$@" 2>&1)"
code=$?
printf '%s\n' "$said" | tail -n 25
[ "$code" = 77 ] && exit 77
if [ "$code" != 1 ]; then
    echo "control: $RSNMS_SABOTAGE was not noticed: the harness ended with $code"
    exit 1
fi
if ! grep -q 'violation found' <<<"$said"; then
    echo "control: the harness ended with 1 but names no violation"
    exit 1
fi
echo "control: $RSNMS_SABOTAGE was noticed"
