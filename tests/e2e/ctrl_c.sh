#!/bin/bash
# scripts/demo stays up until Ctrl-C, ends with code 0 then, and leaves neither a daemon nor a directory.
# Not through CTest: it builds build/release itself. scripts/test runs it.
set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
log="$(mktemp)"
trap 'rm -f "$log"' EXIT

# A session of its own, so that the signal reaches the whole group as the terminal's would; bash ignores
# SIGINT in what it starts with &, python gives it back.
python3 - "$ROOT/scripts/demo" "$log" <<'EOP'
import os, re, signal, subprocess, sys, time

log = open(sys.argv[2], "wb")
demo = subprocess.Popen([sys.argv[1], "--workers", "300"], stdout=log, stderr=log, start_new_session=True,
                        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
end = time.monotonic() + 300
text = ""
while "RSNMS_CONFIG=" not in text:
    assert demo.poll() is None, "the demo ended by itself with code %s:\n%s" % (demo.returncode, text[-2000:])
    assert time.monotonic() < end, "the demo has not come to its end within 300 s"
    time.sleep(0.2)
    text = open(sys.argv[2]).read()
region = re.search(r"RSNMS_CONFIG=(\S+)/rsnms.yaml", text).group(1)
pids = [int(open(os.path.join(region, "run", name)).read()) for name in os.listdir(os.path.join(region, "run"))
        if name.endswith(".pid")]
assert len(pids) == 6, "six daemons, not %d" % len(pids)
os.killpg(demo.pid, signal.SIGINT)
code = demo.wait(60)
assert code == 0, "ended with code %d" % code
for pid in pids:
    assert not os.path.exists("/proc/%d/exe" % pid), "process %d is still there" % pid
assert not os.path.exists(region), region + " is still there"
EOP
echo "Ctrl-C ends the demo, and nothing is left"
