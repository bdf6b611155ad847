#!/usr/bin/python3
"""Hostile bytes for the federal gateway: on its socket, and as files in its inbox, where a share of another system puts
what it likes. Its own memory stays bounded, it answers its status all the while, a receipt that is right is taken among
all of it, every letter that is not lies in inbox/refused with its own bytes and one reason, and what is no file stays
where it is.

  federal_hostile.py --build DIR --source DIR --clock LIBRARY --assail PROGRAM [--seed S] [--flood 1500]
                     [--only socket|files]
Ends with 0, or 1 and "violation found: …"."""
import argparse
import filecmp
import json
import os
import random
import sys
import tempfile
import threading
import time

import hostile
from gate import Gate, Violation, prepare

RATE = 300                                  # of the daemon's clock: two minutes of standing still are less than a second
ROUND = 0.5                                 # seconds between two looks at the inbox that the test asks for
PATIENCE = 60
LONG_TEXT = 240000
COPIES = 400
DRAFT_YEAR = 2022
FILES_MB, SOCKETS_MB = 32, 32               # of growth: what files may cost, and what ten thousand half-open connections may
PAGE = 45                                   # cells of 3 KB; PAGE_BYTES in services/federal/federal.h


def written(path, content, sparse=0):
    with open(path, "wb") as file:
        file.write(content)
        if sparse:
            file.truncate(sparse)


class Letters:
    """What is put into the inbox, and what has to come of it."""

    def __init__(self, gate, chance):
        self.gate, self.chance, self.inbox = gate, chance, os.fsencode(f"{gate.files}/inbox")
        self.wanted = {}                    # bytes of a letter → [reason, how many]
        self.stays = []

    def put(self, name, content, reason, signature=None, sparse=0):
        """A letter of its own bytes: so it is found again under whatever name."""
        if signature is not None:
            written(self.inbox + b"/" + name + b".sig", signature)
        written(self.inbox + b"/" + name, content, sparse)
        key = (content + bytes(sparse - len(content)) if sparse else content) if sparse <= 1 << 20 else (content, sparse)
        self.wanted.setdefault(key, [reason, 0])[1] += 1

    def named(self):
        for i, name in enumerate((b"line\nbreak.json", b"\xff\xfe\x80.json", b"bell\x07.json", "я".encode() * 90 + b".json", b"n" * 195 + b".json",
                                  b"-rf.json", b"%s%n%n.json", b"a b;$(reboot)`.json", b".json.json")):
            if not name.startswith(b"."):
                self.put(name, b"named %d" % i, "not_signed")
        self.put(b"readme.txt", b"not a receipt", "not_a_receipt")
        self.put(b"alone.json.sig", b"no letter of mine", "letter_missing")
        for name in (b"l" * 250 + b".json", b".hidden.json"):
            written(self.inbox + b"/" + name, b"out of sight")
            self.stays.append(os.fsdecode(name))

    def sized(self):
        self.put(b"empty.json", b"", "not_signed")
        self.put(b"huge.json", b"huge", "too_large", sparse=1 << 30)
        self.put(b"little_too_large.json", b"x" * (256 * 1024 + 1), "too_large")
        for n in (0, 63, 65, 100000):
            self.put(b"signed%d.json" % n, b"a signature of %d" % n, "signature_wrong", signature=self.chance.randbytes(n))

    def strange(self):
        self.stays += hostile.odd_files(self.inbox.decode(), "", ".json")
        for name in hostile.odd_files(self.inbox.decode(), "odd-", ".json.sig"):
            letter = name.removesuffix(".sig").encode()
            self.put(letter, letter, "signature_wrong")

    def signed(self):
        """By the operator himself, and no receipts: what is read is hostile, too."""
        receipt = {"format": "rsnms.receipt", "format_version": 1, "package": self.gate.name, "package_hash": "0" * 64, "outcome": "returned",
                   "number": "1", "day": "2026-01-01"}
        texts = ["[" * 100000, "{\"a\":" * 20000, "1e999999", "{}", "\"\\ud800\"", json.dumps(receipt | {"remarks": "я" * 4001}),
                 json.dumps(receipt | {"number": 10 ** 400}), json.dumps(receipt | {"package_hash": "zz"}), "[" + "{}," * 60000 + "{}]",
                 json.dumps(receipt)[:-1] + ', "day": "2026-01-02"}' + " " * 1000 + "x"]
        for i, text in enumerate(texts):
            self.drop_signed(text, f"hand{i}.json", "receipt_malformed")
        other = json.dumps(receipt | {"remarks": "x" * LONG_TEXT})
        for i in range(COPIES):             # one letter that was caught once can be dropped any number of times
            self.drop_signed(other, f"copy{i}.json", "receipt_malformed", new=i == 0)

    def drop_signed(self, text, name, reason, new=True):
        if new:
            self.gate.sign(text, "hand.json")
        with open(f"{self.gate.where}/hand.json.sig", "rb") as file:
            self.put(name.encode(), text.encode(), reason, signature=file.read())

    def flood(self, n):
        for i in range(n):
            self.put(b"%08x.json" % self.chance.getrandbits(32), b"flood %d" % i, "not_signed")

    def check(self):
        """What lies in refused is what was put there, byte for byte, with its reason; nothing else has gone. How many."""
        grown, refused, left = 0, f"{self.gate.files}/inbox/refused", {key: n for key, (_, n) in self.wanted.items()}
        for name in os.listdir(refused):
            if name.endswith(".reason.txt") or (name.endswith(".sig") and os.path.lexists(f"{refused}/{name[:-4]}")):
                continue
            path = f"{refused}/{name}"
            with open(path, "rb") as file:
                key = file.read() if os.path.getsize(path) <= 1 << 20 else (file.read(4), os.path.getsize(path))
            with open(f"{path}.reason.txt", encoding="utf-8", errors="surrogateescape") as file:
                reason = file.readline().strip()
            if name == "grow.json" and reason == "too_large":
                grown = 1
                continue
            if key not in left:
                raise Violation(f"{name!r} was never put there")
            if reason != self.wanted[key][0]:
                raise Violation(f"{name!r} is refused for {reason} and not for {self.wanted[key][0]}")
            left[key] -= 1
        wrong = [f"{key[:40]!r}: {n}" for key, n in left.items() if n != 0]
        if wrong:
            raise Violation(f"letters that are not there as often as they were put ({len(wrong)}): {wrong[:5]}")
        for name in self.stays:
            if not os.path.lexists(f"{self.gate.files}/inbox/{name}"):
                raise Violation(f"{name!r} was no file to be read, and is gone")
        return grown + sum(n for _, n in self.wanted.values())


def grow(path, over):
    """A file that is written all the while: it does not stand still, and is refused once it is too large."""
    with open(path, "ab") as file:
        while not over.wait(0.02):
            file.write(b"g" * 500)
            file.flush()


def files(gate, watch, args, chance):
    letters, over = Letters(gate, chance), threading.Event()
    os.makedirs(letters.inbox, exist_ok=True)
    written(f"{gate.files}/inbox/refused", b"in the way")       # in place of the folder: nothing can be put aside for now
    for put in (letters.named, letters.sized, letters.strange, letters.signed):
        put()
    growing = threading.Thread(target=grow, args=(f"{gate.files}/inbox/grow.json", over))
    growing.start()
    try:
        gate.drop(f"{gate.where}/receipt.json", "r.json")
        gate.until("the answer among the hostile", lambda p: p["state"] == "returned")
        os.remove(f"{gate.files}/inbox/refused")
        letters.flood(args.flood)
        gate.drop(f"{gate.where}/receipt.json", "again.json")
        left, least, moved = lambda: sum(1 for _ in os.scandir(f"{gate.files}/inbox")), 1 << 30, time.monotonic()
        while (now := left()) > len(letters.stays) + 2:         # taken, refused
            watch.look()
            if now < least:
                least, moved = now, time.monotonic()
            if time.monotonic() > moved + PATIENCE:             # as long as it gets fewer it is waited for
                raise Violation(f"still in the inbox: {sorted(os.listdir(f'{gate.files}/inbox'))[:12]}")
            gate.rsnms("call", "federal.passport.open", '{"year": 1990}', good=False)       # an entry, and the errand looks again
            time.sleep(ROUND)
    finally:
        over.set()
        growing.join()
    watch.look()
    count = letters.check()
    for name in ("r.json", "again.json"):
        taken = f"{gate.files}/inbox/taken/{name}"
        if not os.path.exists(taken) or not filecmp.cmp(f"{gate.where}/receipt.json", taken, shallow=False):
            raise Violation(f"{name} does not lie in taken as it was put there")
    if len(gate.events("federal.answer.taken")) != 1:
        raise Violation("the receipt had another effect than one")
    refused = gate.events("federal.letter.refused")
    if len(refused) != count:
        raise Violation(f"{count} letters, and {len(refused)} entries of refusals")
    return f"{count} letters refused, {len(letters.stays)} left alone"


def long_answers(gate):
    """A draft of an earlier year, with cells enough for a whole page. Its id."""
    passport = json.loads(gate.rsnms("call", "federal.passport.open", json.dumps({"year": DRAFT_YEAR})).stdout)["id"]
    cell = {"passport": passport, "block": 2, "column": "value", "title": "т" * 600, "value": "з" * 1000, "document": "письмо", "day": "2025-10-01"}
    for i in range(PAGE):
        gate.rsnms("call", "federal.cell.enter", json.dumps(cell | {"row": f"row{i}"}))
    return passport


def sockets(gate, watch, args):
    """As one who may enter cells and read them."""
    def honest_work():
        if gate.passport() is None:
            raise Violation("the passport is not listed any more")
        time.sleep(0.05)
    return hostile.assailed([args.assail, "--config", gate.config, "--service", "federal", "--key", "centre",
                             "--follower", "indicators", "--passport", long_answers(gate)], watch, honest_work)


def main():
    parser = argparse.ArgumentParser()
    for name in ("--build", "--source", "--clock", "--assail"):
        parser.add_argument(name, required=True)
    parser.add_argument("--seed", type=int, default=os.getpid())
    parser.add_argument("--flood", type=int, default=1500)
    parser.add_argument("--only", choices=("socket", "files"))
    args = parser.parse_args()
    print(f"seed {args.seed}", flush=True)
    hostile.allow_connections()
    gate, chance = Gate(args, tempfile.mkdtemp(prefix="rsnms-federal-hostile.", dir="/tmp")), random.Random(args.seed)
    watch, said, began = None, [], time.monotonic()
    try:
        prepare(gate)
        gate.load("sent")
        gate.start(LD_PRELOAD=args.clock, RSNMS_CLOCK_RATE=str(RATE))
        watch = hostile.Watch(gate.daemon.pid, gate.status, growth_mb=FILES_MB if args.only == "files" else FILES_MB + SOCKETS_MB)
        watch.start()
        if args.only != "files":
            said.append(sockets(gate, watch, args))
        if args.only != "socket":
            said.append(files(gate, watch, args, chance))
        watch.end()
        gate.stop()
        gate.rsnms("verify", "federal")
        print(f"{'; '.join(said)}; status answered {watch.asked} times, RssAnon {watch.start_kb} KiB at the start, grown by {watch.worst_kb} KiB at "
              f"most; {time.monotonic() - began:.1f} s")
        return 0
    except (Violation, hostile.Harm) as found:
        print(f"violation found: {found}\n{gate.log()}")
        print(f"again with: federal_hostile.py --build {args.build} --source {args.source} --clock {args.clock} "
              f"--assail {args.assail} --seed {args.seed}{f' --only {args.only}' if args.only else ''}")
        return 1
    finally:
        if watch is not None:
            watch.over.set()
            watch.join()
        gate.close()


if __name__ == "__main__":
    sys.exit(main())
