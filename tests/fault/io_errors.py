#!/usr/bin/python3
"""I/O errors: the n-th write, sync, open or truncation of a script of commands fails, for n = 1, 2, … until the
script runs through without coming to it. After each: either nothing was wrong, or the process has ended (70
after a failed commit, 2 while opening) or turned commands away; what it acknowledged has to be there; and
started again it goes on, gives the same answers, and is sound.

  io_errors.py --driver PROGRAM --shim LIBRARY [--count 200] [--seed S] [--only CALL:N:ERROR]
Ends with 0, or 1 and "violation found: …"."""
import argparse
import concurrent.futures
import os
import shutil
import subprocess
import sys
import tempfile
import time

# (call, error, every so many n once the first 60 have been tried one by one)
KINDS = [("open", "EIO", 1), ("open", "ENOSPC", 1), ("sync", "EIO", 1), ("sync", "ENOSPC", 1),
         ("write", "EIO", 1), ("write", "ENOSPC", 3), ("write", "SHORT", 2), ("ftruncate", "EIO", 1)]
ONE_BY_ONE = 60
REBUILDS = 2200
ENDS = {0: "not noticed", 1: "did not open", 70: "ended after the commit", 2: "did not open", 75: "turned away"}


class Sweep:
    def __init__(self, args, where):
        self.args, self.where = args, where

    def driver(self, verb, name, *more, **env):
        command = [self.args.driver, verb, f"{self.where}/{name}", "--acks", f"{self.where}/{name}.acks", "--seed",
                   str(self.args.seed), "--count", str(self.args.count), "--batch", "8", "--mirror", *more]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env={**os.environ, **env})

    def one(self, call, n, error):
        """(has the failure happened, how it ended, what is wrong or None)"""
        name = f"{call}-{n}-{error}"
        fired = f"{self.where}/{name}.fired"
        os.mkdir(f"{self.where}/{name}")
        first = self.driver("run", name, LD_PRELOAD=self.args.shim, RSNMS_IO_FAIL=f"{call}:{n}:{error}",
                            RSNMS_IO_DIR=f"{self.where}/{name}/", RSNMS_IO_FIRED=fired)
        wrong = None
        if first.returncode not in (0, 2, 70, 75) or (first.returncode != 0 and not os.path.exists(fired)):
            wrong = f"ended with {first.returncode}: {first.stdout}{first.stderr}"
        for verb, more in (("check", ()), ("run", ("--again",)), ("check", ())):
            if wrong is None and os.path.exists(fired):
                then = self.driver(verb, name, *more)
                if then.returncode != 0:
                    wrong = f"{verb} afterwards: {then.returncode}: {then.stdout}{then.stderr}"
        happened = os.path.exists(fired)
        shutil.rmtree(f"{self.where}/{name}")
        for rest in (f"{name}.acks", f"{name}.fired"):
            if os.path.exists(f"{self.where}/{rest}"):
                os.remove(f"{self.where}/{rest}")
        return happened, first.returncode, wrong

    def prepare(self):
        """A store whose state will be made again: REBUILDS entries, some commits of rebuilding."""
        os.mkdir(f"{self.where}/old")
        return self.driver("run", "old", "--count", str(REBUILDS)).returncode == 0

    def rebuild(self, call, n, error):
        """Like one(), over a start that makes the state again from the journal: the next start goes on with it."""
        name = f"rebuild-{call}-{n}-{error}"
        fired = f"{self.where}/{name}.fired"
        shutil.copytree(f"{self.where}/old", f"{self.where}/{name}")
        shutil.copy(f"{self.where}/old.acks", f"{self.where}/{name}.acks")
        again = ("--state-version", "2", "--count", str(REBUILDS))
        first = self.driver("check", name, *again, LD_PRELOAD=self.args.shim, RSNMS_IO_FAIL=f"{call}:{n}:{error}",
                            RSNMS_IO_DIR=f"{self.where}/{name}/", RSNMS_IO_FIRED=fired)
        then = self.driver("check", name, *again)
        happened = os.path.exists(fired)
        wrong = None
        if then.returncode != 0 or (first.returncode != 0 and not happened):
            wrong = f"rebuilding, {then.returncode}: {then.stdout}{then.stderr}"
        shutil.rmtree(f"{self.where}/{name}")
        return happened, first.returncode, wrong

    def kind(self, pool, call, error, stride, work):
        """All n of one kind, a handful at a time."""
        n, tried, ends, wrongs, more = 1, 0, {}, [], True
        while more and len(wrongs) < 5:
            handful = []
            while len(handful) < 16:
                handful.append(n)
                n += 1 if n < ONE_BY_ONE else stride
            for at, (happened, code, wrong) in zip(handful, pool.map(lambda k: work(call, k, error), handful)):
                more &= happened
                tried += happened
                if happened:
                    ends[code] = ends.get(code, 0) + 1
                if wrong is not None:
                    wrongs.append(f"{call}:{at}:{error}: {wrong}")
        said = ", ".join(f"{count} {ENDS.get(code, code)}" for code, count in sorted(ends.items()))
        print(f"  {call:9} {error:6} {tried:4} failures: {said or 'none'}", flush=True)
        return tried, wrongs


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--driver", required=True)
    parser.add_argument("--shim", required=True)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only")
    args = parser.parse_args()
    where = tempfile.mkdtemp(prefix="rsnms-io-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
    began, tried, wrongs = time.monotonic(), 0, []
    try:
        sweep = Sweep(args, where)
        if args.only:
            call, n, error = args.only.split(":")
            happened, code, wrong = sweep.one(call, int(n), error)
            print(f"happened: {happened}, ended with {code}")
            wrongs = [wrong] if wrong else []
        else:
            with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
                for call, error, stride in KINDS:
                    n, wrong = sweep.kind(pool, call, error, stride, sweep.one)
                    tried += n
                    wrongs += wrong
                print("while the state is made again:", flush=True)
                if not sweep.prepare():
                    sys.exit("the store for rebuilding cannot be made")
                for call, error in (("sync", "EIO"), ("write", "EIO"), ("write", "SHORT")):
                    n, wrong = sweep.kind(pool, call, error, 1, sweep.rebuild)
                    tried += n
                    wrongs += wrong
    finally:
        shutil.rmtree(where, ignore_errors=True)
    for wrong in wrongs:
        print(f"violation found: {wrong}\n  again with: io_errors.py --driver {args.driver} --shim {args.shim} "
              f"--seed {args.seed} --only {wrong.split(': ')[0]}")
    print(f"{tried} failures in a script of {args.count} commands, {len(wrongs)} wrong, {time.monotonic() - began:.1f} s")
    return 1 if wrongs else 0


if __name__ == "__main__":
    sys.exit(main())
