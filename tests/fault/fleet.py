"""fleet: nodes of a region whose stores and folders lie on one disk of their own; all of them do the same at once.

A harness is a Fleet with a letter and a number of nodes, with run(), which counts its `done` turns, and told(), which says what was
seen; main() is the rest of it: it ends with 0, 1 and "violation found: …", 77 where nothing can be mounted."""
import concurrent.futures
import os
import random
import shutil
import tempfile
import time

from disk import SKIP, Disk, Unmountable
from outpost import Region, Violation


class Fleet:
    letter, count = "n", 1
    disk_of = {}                            # what Disk() is asked for
    turn = "turn"                           # what one of `done` is called

    def __init__(self, args, region, disk):
        self.args, self.region, self.disk, self.chance = args, region, disk, random.Random(args.seed)
        self.pool = concurrent.futures.ThreadPoolExecutor(self.count)
        self.nodes, self.done = [], 0

    def all(self, work):
        """With every node at once; the first Violation of any."""
        return list(self.pool.map(work, self.nodes))

    def open(self):
        at = lambda i: self.region.outpost(f"{self.letter}{i}", f"{self.disk.point}/{self.letter}{i}")
        self.nodes = list(self.pool.map(at, range(self.count)))
        self.all(lambda node: node.first_round())


def main(harness, program, args):
    print(f"seed {args.seed}", flush=True)
    where = tempfile.mkdtemp(prefix="rsnms-outpost.", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
    region, began, fleet = Region(args.build, args.source, where), time.monotonic(), None
    try:
        with Disk(where, **harness.disk_of) as disk:
            fleet = harness(args, region, disk)
            try:
                region.start()
                fleet.open()
                fleet.run()
                effects = region.told()
            finally:
                region.stop()
                fleet.pool.shutdown()       # who was at work notices that it is over
        print(f"{fleet.told()}; {effects} effects in the region, each once, {time.monotonic() - began:.1f} s")
        return 0
    except Unmountable as why:
        print(f"SKIPPED: {why}")
        return SKIP
    except Violation as found:
        again = " ".join(f"--{name} {value}" for name, value in vars(args).items())
        print(f"violation found: {harness.turn} {fleet.done}: {found}\n  again with: {program} {again}")
        return 1
    finally:
        shutil.rmtree(where, ignore_errors=True)
