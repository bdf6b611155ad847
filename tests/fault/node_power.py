#!/usr/bin/python3
"""Power cuts under municipal nodes: their stores and folders are on a filesystem that is shut down in mid-work, so that
all that was not made safe is gone. After it a list that was put safely into the folder lies there whole, or its rows
are in the journal; a report lies there whole or not at all; what was acknowledged on the command line is in the queue;
and all of it has had its one effect in the region.

  node_power.py --build DIR --source DIR [--cycles 6] [--seed S]
Ends with 0, 1 and "violation found: …", 77 where nothing can be mounted."""
import argparse
import concurrent.futures
import os
import random
import shutil
import sys
import tempfile
import time

from disk import SKIP, Disk, Unmountable
from outpost import Region, Violation

NODES = 8
EARLY, LATE = (0.05, 1.6), (1.9, 3.4)       # seconds from the start to the cut; lists are taken after two to three
AIMS = (None, "drop", "drop", "reports")    # a folder: cut right after a name has come there, or gone


class Power:
    def __init__(self, args, region, disk):
        self.args, self.region, self.disk, self.chance = args, region, disk, random.Random(args.seed)
        self.pool = concurrent.futures.ThreadPoolExecutor(NODES)
        self.nodes, self.acknowledged, self.cut, self.given = [], 0, False, {}

    def all(self, work):
        """With every node at once; the first Violation of any."""
        return list(self.pool.map(work, self.nodes))

    def open(self):
        self.nodes = list(self.pool.map(lambda i: self.region.outpost(f"p{i}", f"{self.disk.point}/p{i}"), range(NODES)))
        self.all(lambda node: node.first_round())

    def give(self, node):
        lists = node.give(sync=True)
        for name in lists:
            with open(f"{node.files}/drop/{name}", "rb") as file:
                self.given[node.name, name] = file.read()

    def work(self, node):
        """Starts, and enters what it can, until the cut."""
        node.must_start()
        said = more = 0
        while not self.cut and node.alive():
            waiting = len(node.open)
            node.say("1")
            said += waiting - len(node.open)
            if not node.open:
                form = f"{node.name}.{node.round}.m{more}"
                node.forms[form] = 1
                node.open.append(form)
                more += 1
            time.sleep(0.05)
        return said

    def whole(self, node):
        """Before anybody starts: what lies under a name is all that it was, or will be."""
        for name in os.listdir(f"{node.files}/drop"):
            with open(f"{node.files}/drop/{name}", "rb") as file:
                if not name.startswith(".") and file.read() != self.given[node.name, name]:
                    raise Violation(f"{node.name}: {name} is not as it was put into the folder")
        for name in os.listdir(f"{node.files}/reports"):
            with open(f"{node.files}/reports/{name}", encoding="utf-8") as file:
                report = file.read()
            if not name.startswith(".") and report != node.known_reports[name[0]]:
                raise Violation(f"{node.name}: the report {name} is not whole: {report!r}")

    def again(self, node):
        self.whole(node)
        node.must_start()
        node.settle()
        node.check()
        if node.stop() != 0:
            raise Violation(f"{node.name} ended with {node.process.returncode}: {node.log()}")

    def names(self, folder):
        return [os.listdir(f"{node.files}/{folder}") for node in self.nodes]

    def await_moment(self):
        aim = self.chance.choice(AIMS)
        if aim is None:
            time.sleep(self.chance.uniform(*self.chance.choice((EARLY, LATE))))
            return
        before, end = self.names(aim), time.monotonic() + 10
        while self.names(aim) == before and time.monotonic() < end:
            pass
        time.sleep(self.chance.choice((0, 0, 0.001, 0.004, 0.02)))

    def cycle(self):
        self.all(self.give)
        os.sync()
        self.cut = False
        working = [self.pool.submit(self.work, node) for node in self.nodes]
        self.await_moment()
        self.disk.cut()
        time.sleep(self.chance.uniform(0, 0.02))
        self.cut = True
        for node in self.nodes:
            node.kill()
        self.acknowledged += sum(work.result() for work in working)
        self.disk.power_again()
        self.all(self.again)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--source", required=True)
    parser.add_argument("--cycles", type=int, default=6)
    parser.add_argument("--seed", type=int, default=os.getpid())
    args = parser.parse_args()
    print(f"seed {args.seed}", flush=True)
    where = tempfile.mkdtemp(prefix="rsnms-outpost.", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
    region, began, done = Region(args.build, args.source, where), time.monotonic(), 0
    try:
        with Disk(where, kind="xfs") as disk:
            power = Power(args, region, disk)
            try:
                region.start()
                power.open()
                while done < args.cycles:
                    done += 1
                    power.cycle()
                effects = region.told()
            finally:
                region.stop()
        print(f"{done} power cuts under {NODES} nodes, {power.acknowledged} acknowledgements until then, {effects} effects in the "
              f"region, each once, {time.monotonic() - began:.1f} s")
        return 0
    except Unmountable as why:
        print(f"SKIPPED: {why}")
        return SKIP
    except Violation as found:
        print(f"violation found: cycle {done}: {found}\n  again with: node_power.py --build {args.build} --source {args.source} "
              f"--seed {args.seed} --cycles {args.cycles}")
        return 1
    finally:
        shutil.rmtree(where, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
