#!/usr/bin/python3
"""Power cuts under the federal gateway: its data and files are on a filesystem of their own, which is shut down at a
failpoint of its way or at any moment, so that all it had not made safe is gone. It is started again on what is left:
then what federal_ways.py says has to hold; what it acknowledged is in its journal. And once all is done, the power
goes once more: what is said to lie in the outbox lies there, whole, and every answer is still known.

The places are shuffled by the seed and tried until the time is over.

  federal_power.py --build DIR --source DIR [--seconds 40 | --all] [--seed S] [--only PLACE]
Ends with 0, 1 and "violation found: …", 2 when the test could not go on, 77 where nothing can be mounted."""
import argparse
import os
import random
import re
import shutil
import sys
import tempfile
import time

from disk import SKIP, Disk, Unmountable
from federal import ASIDE, BACK, FILL, IN, OUT
from federal_ways import WAYS, acknowledged, paths_of
from gate import Gate, Violation, prepare

POINTS = {"out": OUT, "in": IN, "aside": ASIDE, "fill": FILL, "back": BACK}
ANY = {"out": 25, "fill": 15}               # moments, besides
ANY_MS = 60                                 # within which a package is written
LETTERS = {"in": ("receipt.json", "inbox/taken/r.json"), "aside": ("other.json", "inbox/refused/o.json")}
KINDS = ("federal.passport.opened", "federal.passport.sent", "federal.package.delivered", "federal.answer.taken", "federal.letter.refused",
         "federal.passport.recalled")


class Power:
    def __init__(self, args, where, disk):
        self.disk, self.chance = disk, random.Random(args.seed)
        self.gate = Gate(args, where, place=disk.point)
        self.gate.fall = self.fall
        self.way = None

    def places(self):
        found = [(way, *point) for way, points in POINTS.items() for point in points]
        found += [(way, "any", ms) for way, n in ANY.items() for ms in (self.chance.randrange(ANY_MS) for _ in range(n))]
        self.chance.shuffle(found)
        return found

    def cut(self):
        """The power goes and comes back; the daemon has ended in between."""
        if self.chance.random() < 0.5:
            self.gate.kill()
        self.disk.cut()
        self.gate.kill()
        self.disk.power_again()

    def fall(self, point, act):
        gate = self.gate
        self.disk.sync()                    # what the test itself has carried there
        if point[0] == "any":
            gate.start()
            done = act()
            time.sleep(point[1] / 1000)
        else:
            gate.start(point)
            done = act()
            if not gate.killed():
                raise Violation(f"{point[0]}:{point[1]} was not reached")
        self.cut()
        left = gate.seen()
        gate.start()
        if gate.daemon.poll() is not None:
            raise Violation(f"after the cut it does not start: {gate.daemon.returncode}")
        acknowledged(gate, self.way, done)
        return left, left

    def known(self):
        """What the gateway has said so far."""
        passport = self.gate.passport()
        return passport["state"], passport.get("name"), passport.get("package"), {kind: len(self.gate.events(kind)) for kind in KINDS}

    def one(self, way, point):
        gate, self.way = self.gate, way
        WAYS[way](gate, point)
        if gate.daemon is None:
            gate.start()
        said, files = self.known(), gate.seen()
        self.cut()
        left = gate.seen()
        for path, content in files.items():
            if path.startswith(("outbox/", "sent/")) and left.get(path) != content:
                raise Violation(f"{path} was said to lie there and is {'gone' if path not in left else 'torn'} after the last cut")
        gate.start()
        if self.known() != said:
            raise Violation(f"known was {said} and is {self.known()}")
        if way in LETTERS:
            letter, place = LETTERS[way]
            gate.until("the letter's move", lambda _: paths_of(gate.seen(), f"{gate.where}/{letter}") == [place])
        gate.stop()
        gate.rsnms("verify", "federal")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--source", required=True)
    parser.add_argument("--seconds", type=float, default=40)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--seed", type=int, default=os.getpid())
    parser.add_argument("--only")
    args = parser.parse_args()
    print(f"seed {args.seed}", flush=True)
    where, image = tempfile.mkdtemp(prefix="rsnms-federal-power.", dir="/tmp"), tempfile.mkdtemp(prefix="rsnms-federal-disk.", dir="/tmp")
    tried, now, began = 0, "the preparation", time.monotonic()
    try:
        with Disk(image) as disk:
            power = Power(args, where, disk)
            try:
                prepare(power.gate)
                until = time.monotonic() + args.seconds
                for way, name, n in power.places():
                    now = f"{way}, {name}:{n}"
                    if args.only and not re.search(args.only, now):
                        continue
                    if not args.all and time.monotonic() > until:
                        break
                    power.one(way, (name, n))
                    tried += 1
            except Violation as found:
                print(f"violation found: {now}: {found}\n{power.gate.log()}")
                print(f"again with: federal_power.py --build {args.build} --source {args.source} --seed {args.seed} --only '^{now}$'")
                return 1
            finally:
                power.gate.close()
        print(f"power cut at {tried} places and once more at the end of each: nothing said is lost, no file is torn; "
              f"{time.monotonic() - began:.1f} s")
        return 0 if tried > 0 else 2
    except Unmountable as reason:
        print(f"SKIPPED: {reason}")
        return SKIP
    finally:
        shutil.rmtree(image, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
