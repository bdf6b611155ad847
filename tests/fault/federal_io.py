#!/usr/bin/python3
"""I/O errors under the federal gateway: one call of the real daemon on its own data or files fails, while it fills a
draft, writes a package, takes a receipt, puts a letter aside, takes back what was sent. It goes on, or says a fault, or ends with 70 after a
failed commit or with 1 while it opens; without the error it is started again and ends where it would have without:
what federal_ways.py says. Nothing that it acknowledged may be gone.

The places (way, call, n, error) are shuffled by the seed and tried until the time is over.

  federal_io.py --build DIR --source DIR --shim LIBRARY [--seconds 40 | --all] [--seed S] [--only PLACE] [--workers 2]
Ends with 0, or 1 and "violation found: …"."""
import argparse
import os
import random
import re
import sys
import tempfile
import threading
import time

from federal_ways import WAYS, acknowledged
from gate import Gate, Violation, prepare

KINDS = [("open", "EIO"), ("open", "ENOSPC"), ("read", "EIO"), ("write", "EIO"), ("write", "ENOSPC"), ("write", "SHORT"), ("sync", "EIO"),
         ("sync", "ENOSPC"), ("rename", "EIO"), ("rename", "ENOSPC"), ("unlink", "EIO"), ("mkdir", "EIO"), ("mkdir", "ENOSPC"),
         ("list", "EIO")]
MOST = 70                                   # n of a kind; where a way comes to fewer, it is found out
ENDS = (0, 1, 70)                          # common/service/daemon.h
DONE = {"fill": lambda gate, p: gate.filled(p), "out": lambda _, p: "package" in p or "fault" in p,
        "in": lambda _, p: p["state"] == "returned", "back": lambda _, p: p["state"] == "approved"}


class Place:
    def __init__(self, way, call, n, error):
        self.way, self.call, self.n, self.error = way, call, n, error

    def __str__(self):
        return f"{self.way}, {self.call}:{self.n}:{self.error}"


class Errors:
    """One gateway, and the error that it meets next."""

    def __init__(self, args, where):
        self.gate = Gate(args, where)
        self.gate.fall = self.fall
        self.fired = f"{where}/fired"
        self.place, self.ends = None, {}

    def fall(self, _point, act):
        gate, place = self.gate, self.place
        if os.path.exists(self.fired):
            os.remove(self.fired)
        folders = f"{gate.data}:{gate.files}:{gate.where}/data/../files/federal"        # the last: as the configuration calls it
        gate.start(LD_PRELOAD=gate.args.shim, RSNMS_IO_FAIL=f"{place.call}:{place.n}:{place.error}", RSNMS_IO_FIRED=self.fired,
                   RSNMS_IO_DIR=folders)
        done = act() if gate.daemon.poll() is None else None
        self.work(1.5)
        code = self.end()
        self.ends[code] = self.ends.get(code, 0) + 1
        if code not in ENDS or (code != 0 and not self.happened()):
            raise Violation(f"the daemon ended with {code}")
        before = gate.seen()
        gate.start()
        if gate.daemon.poll() is not None:
            raise Violation(f"without the error it does not start: {gate.daemon.returncode}")
        acknowledged(gate, place.way, done)
        return before, before

    def work(self, seconds):
        """Until the way is done, or the daemon ended, or the time is over: it may be stuck while the error stands."""
        end = time.monotonic() + seconds
        while self.gate.daemon.poll() is None and time.monotonic() < end:
            shown = self.gate.rsnms("call", "federal.passport.list", good=False)
            rows = self.gate.rows(shown) if shown.returncode == 0 else []
            if rows and DONE.get(self.place.way, lambda *_: self.put_aside())(self.gate, rows[0]):
                return
            time.sleep(0.03)

    def put_aside(self):
        return not os.path.exists(f"{self.gate.files}/inbox/o.json")

    def end(self):
        if self.gate.daemon.poll() is None:
            self.gate.daemon.terminate()
        return self.gate.daemon.wait(30)

    def happened(self):
        return os.path.exists(self.fired)


class Sweep:
    def __init__(self, args):
        self.args, self.lock = args, threading.Lock()
        chance = random.Random(args.seed)
        self.places = [Place(way, call, n, error) for way in ("out", "in", "aside", "fill", "back") for call, error in KINDS for n in range(1, MOST)]
        chance.shuffle(self.places)
        if args.only:
            self.places = [place for place in self.places if re.search(args.only, str(place))]
        self.last = {}                      # (way, call) → the n that was not come to
        self.tried, self.wrong, self.ends, self.broken = {}, [], {}, None
        self.until = None

    def next(self):
        with self.lock:
            while self.places and len(self.wrong) < 3 and self.broken is None:
                place = self.places.pop()
                if self.until is not None and time.monotonic() > self.until:
                    return None
                if place.n < self.last.get((place.way, place.call), MOST):
                    return place
        return None

    def one(self, errors, place):
        errors.place, wrong = place, None
        try:
            WAYS[place.way](errors.gate, None)
            errors.gate.stop()
            errors.gate.rsnms("verify", "federal")
        except Violation as found:
            wrong = f"{place}: {found}\n{errors.gate.log(8)}"
            errors.gate.kill()
        with self.lock:
            if wrong is not None:
                self.wrong.append(wrong)
            elif errors.happened():
                self.tried[place.call] = self.tried.get(place.call, 0) + 1
            else:
                key = (place.way, place.call)
                self.last[key] = min(place.n, self.last.get(key, MOST))

    def work(self):
        where = tempfile.mkdtemp(prefix="rsnms-federal-io.", dir="/tmp")
        errors = Errors(self.args, where)
        try:
            prepare(errors.gate)
            with self.lock:
                if not self.args.all and not self.args.only and self.until is None:
                    self.until = time.monotonic() + self.args.seconds
            for place in iter(self.next, None):
                self.one(errors, place)
        except Exception as broken:         # of this harness: the other thread ends, too
            self.broken = broken
            raise
        finally:
            errors.gate.close()
            with self.lock:
                for code, n in errors.ends.items():
                    self.ends[code] = self.ends.get(code, 0) + n


def main():
    parser = argparse.ArgumentParser()
    for name in ("--build", "--source", "--shim"):
        parser.add_argument(name, required=True)
    parser.add_argument("--seconds", type=float, default=40)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--seed", type=int, default=os.getpid())
    parser.add_argument("--only")
    parser.add_argument("--workers", type=int, default=2)
    args = parser.parse_args()
    print(f"seed {args.seed}", flush=True)
    began, sweep = time.monotonic(), Sweep(args)
    threads = [threading.Thread(target=sweep.work) for _ in range(args.workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for wrong in sweep.wrong:
        print(f"violation found: {wrong}")
        print(f"again with: federal_io.py --build {args.build} --source {args.source} --shim {args.shim} --workers 1 --only '^{wrong.split(': ')[0]}$'")
    tried = sum(sweep.tried.values())
    print(f"{tried} errors met ({', '.join(f'{call} {n}' for call, n in sorted(sweep.tried.items()))}); ended "
          f"{', '.join(f'{n} times with {code}' for code, n in sorted(sweep.ends.items()))}; {time.monotonic() - began:.1f} s")
    if sweep.broken is not None or (tried == 0 and not sweep.wrong):
        print(f"the test could not go on: {sweep.broken or 'no error was met'}")
        return 2
    return 1 if sweep.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
