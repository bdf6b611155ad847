#!/usr/bin/python3
"""The federal gateway killed at every failpoint of its way: while it fills a draft, writes a package, takes a receipt,
puts a letter aside, takes back what it has not delivered. The real daemon ends as by kill -9, twice at the same place, and is started again. Then:
one file a name, of the bytes that were there before; one effect of a receipt; a draft like one that never fell. And
restored from a backup, it sends under the number of an entry that its first life has sent under: both lie there.

  federal.py --build DIR --source DIR [--only POINT] [--quick]
Ends with 0, or 1 and "violation found: …"."""
import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid

OUT = [("parcel_made", 1), ("parcel_put", 1), ("parcel_said", 1), ("before_commit", 1), ("after_commit", 1), ("before_commit", 2),
       ("after_commit", 2), ("after_decide", 2), ("before_reply", 1)]
OUT += [(point, n) for n in range(1, 7) for point in ("file_written", "file_renamed", "parcel_file")]
IN = [("receipt_submitted", 1), ("letter_taken", 1), ("file_moved", 1), ("file_moved", 2), ("letter_half_moved", 1),
      ("before_commit", 1), ("after_commit", 1), ("after_decide", 1)]
ASIDE = [("letter_reason", 1), ("letter_refused", 1), ("letter_half_moved", 1), ("file_written", 1), ("file_renamed", 1),
         ("file_moved", 1), ("before_commit", 1), ("after_commit", 1)]
FILL = [("part_filled", 1), ("part_filled", 2), ("before_commit", 1), ("before_commit", 2), ("after_commit", 2), ("before_commit", 3),
        ("after_commit", 3), ("after_decide", 3)]
BACK = [("parcel_back", 1), ("before_commit", 1), ("after_commit", 1), ("before_commit", 2), ("after_commit", 2), ("after_decide", 2),
        ("before_reply", 1)]
RESTORED = [("nowhere", 0)]
QUICK = {("parcel_file", 4), ("receipt_submitted", 1), ("parcel_back", 1), ("nowhere", 0)}
OTHERS = ["roster", "diagnostics", "programmes", "routes", "indicators"]


class Violation(Exception):
    pass


def new_id():
    """A command's id: version 7, the time first."""
    b = bytearray(int(time.time() * 1000).to_bytes(6, "big") + os.urandom(10))
    b[6] = b[6] & 15 | 0x70
    b[8] = b[8] & 63 | 0x80
    return str(uuid.UUID(bytes=bytes(b)))


class Gate:
    def __init__(self, args, where):
        self.args, self.where, self.daemon = args, where, None
        self.config = f"{where}/rsnms.yaml"
        self.files, self.data = f"{where}/files/federal", f"{where}/data/federal"

    def rsnms(self, *words, good=True):
        done = subprocess.run([f"{self.args.build}/rsnms", "--config", self.config, "--timeout", "5", *words], capture_output=True,
                              text=True, timeout=120, check=False)
        if good and done.returncode != 0:
            raise Violation(f"rsnms {' '.join(words)}: {done.returncode}: {done.stdout}{done.stderr}")
        return done

    def start(self, point=None):
        env = {k: v for k, v in os.environ.items() if k != "RSNMS_FAILPOINT"}
        if point:
            env["RSNMS_FAILPOINT"] = f"{point[0]}:{point[1]}"
        with open(f"{self.where}/federal.log", "ab") as log:
            self.daemon = subprocess.Popen([f"{self.args.build}/rsnms-federal", "--config", self.config], env=env, stdout=log, stderr=log)
        until = time.monotonic() + 20
        while self.daemon.poll() is None and time.monotonic() < until:
            if self.rsnms("call", "federal.service.status", good=False).returncode == 0:
                return
            time.sleep(0.02)
        if self.daemon.poll() is None:
            raise Violation("federal does not answer")

    def killed(self, seconds=20):
        """True when the failpoint was reached."""
        try:
            code = self.daemon.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        if code != -signal.SIGKILL:
            raise Violation(f"federal ended with {code}")
        return True

    def stop(self):
        if self.daemon is not None and self.daemon.poll() is None:
            self.daemon.send_signal(signal.SIGTERM)
            if self.daemon.wait(30) != 0:
                raise Violation(f"federal ended with {self.daemon.returncode}")
        self.daemon = None

    def passport(self):
        rows = json.loads(self.rsnms("call", "federal.passport.list").stdout)["rows"]
        return rows[0] if rows else None

    def until(self, what, wanted, seconds=25):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            passport = self.passport()
            if passport is not None and wanted(passport):
                return passport
            time.sleep(0.05)
        raise Violation(f"{what} has not come about: {json.dumps(self.passport(), ensure_ascii=False)[:400]}")

    def filled(self, passport):
        return all(b.get("filled") == passport["fill"] for b in passport["blocks"] if b["number"] in (2, 7))

    def seen(self):
        """Every file of the gateway but those that are being written: path → bytes."""
        found = {}
        for folder, _, names in os.walk(self.files):
            for name in names:
                if not name.startswith("."):
                    with open(f"{folder}/{name}", "rb") as file:
                        found[os.path.relpath(f"{folder}/{name}", self.files)] = file.read()
        return found

    def events(self, name):
        return [json.loads(line) for line in self.rsnms("journal", "federal", "--event", name).stdout.splitlines()]

    def save(self, name):
        for part, at in (("data", self.data), ("files", self.files)):
            shutil.copytree(at, f"{self.where}/saved-{name}/{part}", dirs_exist_ok=True)

    def load(self, name):
        for part, at in (("data", self.data), ("files", self.files)):
            shutil.rmtree(at, ignore_errors=True)
            shutil.copytree(f"{self.where}/saved-{name}/{part}", at)

    def verified(self):
        self.stop()
        self.rsnms("verify", "federal")
        self.rsnms("rebuild", "federal")


def prepare(gate):
    """Three places to begin from: nothing, an approved passport, one that was sent."""
    gate.rsnms("init", gate.where, "--profile", f"{gate.args.source}/config/regions/tomsk.yaml")
    gate.rsnms("federal", "key", f"{gate.where}/operator.sign")
    shutil.copy(f"{gate.where}/operator.sign.pub", f"{gate.where}/keys/operator.pub")
    gate.rsnms("up", *OTHERS)
    gate.start()
    gate.stop()
    gate.save("nothing")
    gate.start()
    gate.rsnms("federal", "open", "2023")
    passport = gate.until("the filling", gate.filled)
    gate.whole = {b["number"]: (b["cells"], b.get("gaps", 0)) for b in passport["blocks"]}
    gate.rsnms("federal", "submit", "2023")
    gate.rsnms("federal", "approve", "2023")
    gate.id = passport["id"]
    gate.stop()
    gate.save("approved")
    gate.start()
    gate.rsnms("backup", "federal", "before")
    gate.backup = next(folder for folder, _, _ in os.walk(gate.where) if folder.endswith("/before/federal"))
    gate.rsnms("federal", "submit", "2023", good=False)         # an entry more: the restored journal will say that it is one
    gate.rsnms("federal", "send", "2023")
    passport = gate.until("the package", lambda p: "package" in p)
    gate.name, gate.sending = passport["name"], passport["sending"]
    package = f"{gate.files}/outbox/{gate.name}.json"
    gate.rsnms("federal", "reply", package, "--key", f"{gate.where}/operator.sign", "--return", "Уточнить", "--day",
               passport["sent"], "--out", f"{gate.where}/receipt.json")
    gate.stop()
    gate.save("sent")


def fall_twice(gate, point, act):
    """Starts, acts, dies; starts again, dies there again if it comes there; and starts for good."""
    gate.start(point)
    act()
    if not gate.killed():
        raise Violation(f"{point[0]}:{point[1]} was not reached")
    before = gate.seen()
    gate.start(point)
    if point[0] not in ("before_reply",):
        gate.killed(1.5)
    gate.stop()
    again = gate.seen()
    gate.start()
    return before, again


def same(before, after, folders):
    for path, content in before.items():
        if path.startswith(folders) and after.get(path) != content:
            raise Violation(f"{path} was there before the fall and is {'gone' if path not in after else 'other bytes'} after it")


def paths_of(found, file_name):
    with open(file_name, "rb") as file:
        wanted = file.read()
    return [path for path, content in found.items() if content == wanted]


def way_out(gate, point):
    gate.load("approved")
    command = new_id()
    body = json.dumps({"passport": gate.id})
    send = lambda: gate.rsnms("--timeout", "1", "call", "federal.passport.send", body, "--command", command, good=False)
    before, again = fall_twice(gate, point, send)
    gate.rsnms("call", "federal.passport.send", body, "--command", command)         # the same id: what it was, or now
    passport = gate.until("the package", lambda p: "package" in p)
    gate.stop()
    after = gate.seen()
    same(before, after, ("outbox", "sent"))
    same(again, after, ("outbox", "sent"))
    for folder in ("outbox", "sent"):
        wanted = {f"{folder}/{passport['name']}{suffix}" for suffix in (".json", ".json.sig", ".xlsx")}
        if {path for path in after if path.startswith(folder + "/")} != wanted:
            raise Violation(f"{folder} holds {sorted(p for p in after if p.startswith(folder))}")
    for suffix in (".json", ".json.sig", ".xlsx"):
        if after[f"outbox/{passport['name']}{suffix}"] != after[f"sent/{passport['name']}{suffix}"]:
            raise Violation(f"what is kept is not what lies in the outbox: {suffix}")
    gate.rsnms("federal", "check", f"{gate.files}/outbox/{passport['name']}.json")
    gate.start()
    for event in ("federal.passport.sent", "federal.package.delivered"):
        if len(gate.events(event)) != 1:
            raise Violation(f"{event}: {len(gate.events(event))} times")


def way_in(gate, point):
    gate.load("sent")
    for suffix in (".sig", ""):
        shutil.copy(f"{gate.where}/receipt.json{suffix}", f"{gate.files}/inbox/r.json{suffix}")
    fall_twice(gate, point, lambda: None)
    passport = gate.until("the answer", lambda p: p["state"] == "returned")
    end = time.monotonic() + 20
    while os.path.exists(f"{gate.files}/inbox/r.json") and time.monotonic() < end:
        time.sleep(0.05)
    after = gate.seen()
    if len(gate.events("federal.answer.taken")) != 1 or passport["answer"]["remarks"] != "Уточнить":
        raise Violation(f"the receipt had its effect {len(gate.events('federal.answer.taken'))} times")
    if paths_of(after, f"{gate.where}/receipt.json") != ["inbox/taken/r.json"]:
        raise Violation(f"the receipt does not lie in taken alone: {sorted(after)}")
    if any(path.startswith("inbox/refused/") for path in after):
        raise Violation(f"a receipt that was right is refused: {sorted(after)}")


def way_aside(gate, point):
    gate.load("sent")
    with open(f"{gate.where}/receipt.json", encoding="utf-8") as file:
        other = json.load(file)
    other["package"] = "passport-of-nobody"
    with open(f"{gate.where}/other.json", "w", encoding="utf-8") as file:
        json.dump(other, file)
    subprocess.run([sys.executable, "-c", SIGN, f"{gate.where}/operator.sign", f"{gate.where}/other.json", f"{gate.files}/inbox/o.json"], check=True)
    fall_twice(gate, point, lambda: None)
    end = time.monotonic() + 20
    while os.path.exists(f"{gate.files}/inbox/o.json") and time.monotonic() < end:
        time.sleep(0.05)
    after = gate.seen()
    if paths_of(after, f"{gate.where}/other.json") != ["inbox/refused/o.json"]:
        raise Violation(f"the letter is lost, or there twice: {sorted(after)}")
    if not after.get("inbox/refused/o.json.reason.txt", b"").startswith(b"package_unknown"):
        raise Violation(f"no reason lies beside the letter: {sorted(after)}")
    letters = gate.events("federal.letter.refused")
    if len(letters) != 1:
        raise Violation(f"the letter was refused {len(letters)} times")


def way_back(gate, point):
    """Stuck for want of a key, then asked back: approved again, once, and nothing of it in the outbox."""
    gate.load("approved")
    key, away = f"{gate.where}/keys/federal.sign", f"{gate.where}/federal.sign.away"
    os.rename(key, away)
    try:
        gate.start()
        gate.rsnms("federal", "send", "2023")
        gate.until("the fault", lambda p: p.get("fault") == "no_sign_key")
        gate.stop()
        command, body = new_id(), json.dumps({"passport": gate.id, "reason": "не та версия"})
        ask = lambda good: gate.rsnms("--timeout", "1", "call", "federal.passport.recall", body, "--command", command, good=good)
        fall_twice(gate, point, lambda: ask(False))
        ask(True)
        passport = gate.until("the recall", lambda p: p["state"] == "approved")
        if passport.get("recalled") != "не та версия" or "sending" in passport or "fault" in passport:
            raise Violation(f"taken back is {json.dumps(passport, ensure_ascii=False)[:300]}")
        for event in ("federal.recall.asked", "federal.passport.recalled"):
            if len(gate.events(event)) != 1:
                raise Violation(f"{event}: {len(gate.events(event))} times")
        if any(path.startswith("outbox/") for path in gate.seen()):
            raise Violation(f"the outbox holds {sorted(gate.seen())}")
    finally:
        os.rename(away, key)
    gate.rsnms("federal", "send", "2023")
    gate.until("the package", lambda p: "package" in p)


def way_restored(gate, _point):
    gate.load("sent")
    before = gate.seen()
    gate.rsnms("restore", "federal", gate.backup)
    gate.start()
    time.sleep(1.1)                         # another second, so that the entry is another
    gate.rsnms("federal", "send", "2023")
    passport = gate.until("the package of the second life", lambda p: "package" in p or "fault" in p)
    if passport.get("sending") != gate.sending:
        raise Violation(f"the number {gate.sending} was not used again, but {passport.get('sending')}: nothing is shown")
    if "fault" in passport:
        raise Violation(f"two lives of a journal claim one name: {passport['fault']}")
    gate.stop()
    after = gate.seen()
    same(before, after, ("outbox", "sent"))
    for folder in ("outbox", "sent"):
        wanted = {f"{folder}/{name}{suffix}" for name in (gate.name, passport["name"]) for suffix in (".json", ".json.sig", ".xlsx")}
        if {path for path in after if path.startswith(folder + "/")} != wanted or len(wanted) != 6:
            raise Violation(f"{folder} holds {sorted(p for p in after if p.startswith(folder))}")
    for name in (gate.name, passport["name"]):
        gate.rsnms("federal", "check", f"{gate.files}/outbox/{name}.json")


# Ed25519 through libsodium itself, so that what signs here is not what checks there.
SIGN = """
import ctypes, ctypes.util, shutil, sys
sodium = ctypes.CDLL(ctypes.util.find_library("sodium"))
seed, message = open(sys.argv[1], "rb").read(), open(sys.argv[2], "rb").read()
public, secret, signature = (ctypes.create_string_buffer(n) for n in (32, 64, 64))
assert sodium.crypto_sign_seed_keypair(public, secret, seed) == 0
assert sodium.crypto_sign_detached(signature, None, message, ctypes.c_ulonglong(len(message)), secret) == 0
open(sys.argv[3] + ".sig", "wb").write(signature.raw)
shutil.copy(sys.argv[2], sys.argv[3])
"""


def way_full(gate, point):
    gate.load("nothing")
    command = new_id()
    ask = lambda good: gate.rsnms("--timeout", "1", "call", "federal.passport.open", '{"year": 2023}', "--command", command, good=good)
    fall_twice(gate, point, lambda: ask(False))
    ask(True)
    passport = gate.until("the filling", gate.filled)
    whole = {b["number"]: (b["cells"], b.get("gaps", 0)) for b in passport["blocks"]}
    if whole != gate.whole:
        raise Violation(f"blocks (cells, gaps) {whole} and not {gate.whole}")
    if len(gate.events("federal.passport.opened")) != 1:
        raise Violation("opened more than once")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--source", required=True)
    parser.add_argument("--only")
    parser.add_argument("--quick", action="store_true")
    args = parser.parse_args()
    where = tempfile.mkdtemp(prefix="rsnms-federal.", dir="/tmp")
    gate = Gate(args, where)
    tried, code, now = 0, 0, "the preparation"
    try:
        prepare(gate)
        for name, way, points in (("fill", way_full, FILL), ("out", way_out, OUT), ("in", way_in, IN), ("aside", way_aside, ASIDE), ("back", way_back, BACK),
                                   ("restored", way_restored, RESTORED)):
            for point in points:
                now = f"{name}, {point[0]}:{point[1]}"
                if (args.only and not re.search(args.only, now)) or (args.quick and point not in QUICK):
                    continue
                way(gate, point)
                gate.verified()
                tried += 1
        print(f"{tried} falls, twice each: one file a name of the same bytes, one effect of a receipt, whole blocks")
    except Violation as found:
        print(f"violation found: {now}: {found}")
        with open(f"{where}/federal.log", encoding="utf-8", errors="replace") as log:
            print("".join(log.readlines()[-15:]))
        code = 1
    finally:
        if gate.daemon is not None and gate.daemon.poll() is None:
            gate.daemon.kill()
            gate.daemon.wait()
        if os.path.exists(gate.config):
            gate.rsnms("down", good=False)
        shutil.rmtree(where, ignore_errors=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
