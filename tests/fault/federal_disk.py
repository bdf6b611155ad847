#!/usr/bin/python3
"""A small disk under the federal gateway, filled by somebody else's file and freed again.

Files      only its folders are there: a package that finds no room is a fault in the journal, no_space, with nothing
           torn in the outbox; when there is room again it goes out by itself.
Reserve    its data, too: below the reserve a command is refused for no_space, queries are answered; afterwards the same
           command is taken.
Rounds     its data, too: the disk fills before the start or at any moment of the way. The daemon goes on, or ends with 70
           over a commit that found no room, and comes back; when there is room again, what federal_ways.py says has to
           hold.

  federal_disk.py --build DIR --source DIR [--seconds 40] [--seed S] [--only files|reserve|rounds] [--round PLACE]
                  [--patience 60]
Ends with 0, 1 and "violation found: …", 2 when the test could not go on, 77 where nothing can be mounted."""
import argparse
import json
import os
import random
import shutil
import sys
import tempfile
import threading
import time

from disk import SKIP, Disk, Unmountable
from federal_ways import WAYS, acknowledged, same
from gate import RESERVE_MB, Gate, Violation, new_id, prepare

MB = 1 << 20
ANY_MS = 60


class Small:
    def __init__(self, args, where, disk, parts):
        self.disk, self.patience, self.chance = disk, args.patience, random.Random(args.seed)
        self.gate = Gate(args, where, place=disk.point, parts=parts)
        self.gate.fall = self.fall
        self.way, self.ends = None, {}

    # ── its folders alone ──

    def files(self):
        gate = self.gate
        gate.patience = self.patience       # an attempt that failed is made again after half a minute
        gate.load("approved")
        gate.start()
        self.disk.fill()
        gate.rsnms("federal", "send", "2023")
        passport = gate.until("a fault", lambda p: "fault" in p or "package" in p)
        if "package" in passport:
            raise Violation("it is said to be delivered, and there was no room for it")
        if passport["fault"] != "no_space":
            raise Violation(f"the fault is {passport['fault']}")
        before = gate.seen()
        self.disk.free()
        passport = gate.until("the package, with room again", lambda p: "package" in p)
        if "fault" in passport:
            raise Violation(f"delivered, and the fault stands: {passport['fault']}")
        after = gate.seen()
        same(before, after, ("outbox", "sent"))
        gate.rsnms("federal", "check", f"{gate.files}/outbox/{passport['name']}.json")
        gate.stop()
        return "a package waited for room"

    # ── below the reserve ──

    def reserve(self):
        gate = self.gate
        gate.load("approved")
        gate.start()
        self.disk.fill(RESERVE_MB * MB // 2)
        command, body = new_id(), json.dumps({"passport": gate.id})
        send = lambda good: gate.rsnms("--json", "call", "federal.passport.send", body, "--command", command, good=good)
        done = send(False)
        if done.returncode == 0 or "no_space" not in done.stdout + done.stderr:
            raise Violation(f"below the reserve: {done.returncode}: {done.stdout}{done.stderr}")
        if gate.passport()["state"] != "approved":
            raise Violation("refused, and done")
        self.disk.free()
        end = time.monotonic() + 60
        while send(False).returncode != 0:
            if time.monotonic() > end:
                raise Violation("there is room, and the command is still refused")
            time.sleep(0.1)
        gate.until("the package", lambda p: "package" in p)
        gate.stop()
        return "a command was refused below the reserve, and taken above"

    # ── full at any moment ──

    def place(self):
        way = self.chance.choice(("out", "out", "in", "aside", "fill", "back"))
        return f"{way},{self.chance.choice(('before', 'after'))},{self.chance.randrange(ANY_MS)},{self.chance.choice((0, 0, 64 << 10, 3 * MB))}"

    def fall(self, point, act):
        gate, (when, ms, leave) = self.gate, point
        if when == "before":
            self.disk.fill(leave)
        filler = threading.Thread(target=self.fill_later, args=(ms, leave))
        gate.start()
        filler.start()
        done = act()
        filler.join()
        time.sleep(0.7)
        if self.answers(full=True):
            gate.passport()
        left = gate.seen()
        self.disk.free()
        self.answers(full=False)
        self.wake()
        acknowledged(gate, self.way, done)
        return left, left

    def fill_later(self, ms, leave):
        time.sleep(ms / 1000)
        self.disk.fill(leave)

    def answers(self, full):
        """It ends over a commit that found no room, and comes back. A young store, whose file has no free page, does not
        open on a full disk: it says so, ends with 1, and whoever watches over it starts it again. Nothing else ends it."""
        for _ in range(3):
            if self.gate.daemon.poll() is None and self.gate.status() is not None:
                return True
            code = self.gate.daemon.wait(20)
            if code not in (70, 1) or (code == 1 and "no space left" not in self.gate.log(1)):
                raise Violation(f"the daemon ended with {code}")
            self.ends[code] = self.ends.get(code, 0) + 1
            if code == 1 and full:
                return False
            self.gate.start()
        raise Violation("it does not come back")

    def wake(self):
        """An entry of its own, and the errands look again at once; that they do without it, files() shows."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            said = self.gate.rsnms("--json", "call", "federal.passport.open", '{"year": 1990}', good=False)
            if "no_space" not in said.stdout + said.stderr:
                return
            time.sleep(0.1)
        raise Violation("there is room, and commands are still refused for want of it")

    def rounds(self, only, seconds):
        gate, tried, end = self.gate, 0, time.monotonic() + seconds
        gate.patience = 40
        while tried == 0 or (time.monotonic() < end and not only):
            place = only or self.place()
            self.way, when, ms, leave = place.split(",")
            try:
                WAYS[self.way](gate, (when, int(ms), int(leave)))
                gate.stop()
                gate.rsnms("verify", "federal")
            except Violation as found:
                raise Violation(f"{found}\nagain with: --only rounds --round {place}") from found
            tried += 1
        return f"{tried} rounds, {self.ends.get(70, 0)} ends over a commit without room, {self.ends.get(1, 0)} stores not opened on a full disk"


def run_case(args, name, seconds, said):
    where, image = tempfile.mkdtemp(prefix="rsnms-federal-small.", dir="/tmp"), tempfile.mkdtemp(prefix="rsnms-federal-disk.", dir="/tmp")
    try:
        with Disk(image, kind="ext4") as disk:
            small = Small(args, where, disk, ("files",) if name == "files" else ("data", "files"))
            try:
                prepare(small.gate)
                said[name] = (0, small.rounds(args.round, seconds) if name == "rounds" else getattr(small, name)())
            except Violation as found:
                said[name] = (1, f"violation found: {name}: {found}\n{small.gate.log()}")
            finally:
                small.gate.close()
    except Unmountable as reason:
        said[name] = (SKIP, f"SKIPPED: {reason}")
    finally:
        shutil.rmtree(image, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--source", required=True)
    parser.add_argument("--seconds", type=float, default=40)
    parser.add_argument("--seed", type=int, default=os.getpid())
    parser.add_argument("--only", choices=("files", "reserve", "rounds"))
    parser.add_argument("--round")
    parser.add_argument("--patience", type=float, default=60)
    args = parser.parse_args()
    print(f"seed {args.seed}", flush=True)
    began, said = time.monotonic(), {}
    names = [args.only] if args.only else ["files", "reserve", "rounds"]
    cases = [threading.Thread(target=run_case, args=(args, name, args.seconds, said)) for name in names]
    for case in cases:
        case.start()
    for case in cases:
        case.join()
    for name in names:
        print(said.get(name, (2, f"{name}: the test could not go on"))[1])
    print(f"{time.monotonic() - began:.1f} s")
    codes = [said.get(name, (2, ""))[0] for name in names]
    return 1 if 1 in codes else max(codes)


if __name__ == "__main__":
    sys.exit(main())
