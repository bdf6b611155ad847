#!/usr/bin/python3
"""Power cuts: a ledger and a mirror write to a filesystem on a loop image, which is shut down under them so that
all it had not made safe is gone; what was acknowledged, on record outside the image, has to be there.

  power.py --driver PROGRAM [--cycles 30] [--seed S]
Ends with 0, 1 and "violation found: …", 2 when the test could not go on, 77 where nothing can be mounted."""
import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

from disk import SKIP, Disk, Unmountable, run

COUNT = 200000


class Power:
    def __init__(self, args, where, disk):
        self.args, self.where, self.disk, self.chance = args, where, disk, random.Random(args.seed)
        self.era, self.acks, self.violations = 0, 0, 0

    def driver(self, verb):
        """Each era of a store has a seed and a record of acknowledgements of its own."""
        return [self.args.driver, verb, f"{self.disk.point}/era{self.era}", "--acks", f"{self.where}/acks{self.era}",
                "--seed", str(self.args.seed + self.era), "--count", str(COUNT), "--batch", "12", "--mirror"]

    def acknowledged(self):
        try:
            with open(f"{self.where}/acks{self.era}", encoding="ascii") as acks:
                return sum(1 for _ in acks) - 1
        except FileNotFoundError:
            return 0

    def cycle(self, i):
        if i % 10 == 0 and i > 0:
            self.era += 1                   # a young store is cut, too
        os.makedirs(f"{self.disk.point}/era{self.era}", exist_ok=True)
        os.sync()
        before = self.acknowledged()
        with subprocess.Popen(self.driver("run"), stderr=subprocess.DEVNULL) as writer:
            time.sleep(self.chance.uniform(0.02, 0.35))
            early = writer.poll()
            self.disk.cut()
            time.sleep(self.chance.uniform(0, 0.02))
            writer.kill()
        if early is not None:
            self.say(f"cycle {i}: the writer had ended by itself: {early}")
        self.acks += self.acknowledged() - before
        self.disk.power_again()
        checked = run(*self.driver("check"), check=False)
        if checked.returncode != 0:
            print(checked.stdout, checked.stderr)
            self.say(f"cycle {i}: the store is not sound after the cut ({checked.returncode})")

    def say(self, what):
        self.violations += 1
        print(f"violation found: {what}", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--driver", required=True)
    parser.add_argument("--cycles", type=int, default=30)
    parser.add_argument("--seed", type=int, default=os.getpid())
    args = parser.parse_args()
    print(f"seed {args.seed}")
    where = tempfile.mkdtemp(prefix="rsnms-power-")
    began = time.monotonic()
    try:
        with Disk(where) as disk:
            power = Power(args, where, disk)
            os.makedirs(f"{disk.point}/era0", exist_ok=True)
            cycles = 0
            while cycles < args.cycles and power.violations < 3:
                power.cycle(cycles)
                cycles += 1
        print(f"{cycles} power cuts, {power.acks} acknowledgements, {power.violations} violations, "
              f"{time.monotonic() - began:.1f} s")
        if power.violations:
            print(f"again with: power.py --driver {args.driver} --seed {args.seed} --cycles {args.cycles}")
        return 1 if power.violations else 0
    except Unmountable as reason:
        print(f"SKIPPED: {reason}")
        return SKIP
    finally:
        shutil.rmtree(where, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
