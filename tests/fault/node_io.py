#!/usr/bin/python3
"""I/O errors in a municipal node: the n-th call of one kind on its store and its folders fails, while two lists lie in
its folder and commands are entered. It may go on, or end (70 after a failed commit, 2 while opening), but by no signal;
without the fault, started again where it ended, everything that it was given comes to its end: nothing of the queue is
lost or there twice, each list was taken once, each faulty row is reported once.

  node_io.py --build DIR --source DIR --shim LIBRARY [--seed S] [--call CALL] [--only CALL:N:ERROR:WHEN]
Ends with 0, or 1 and "violation found: …"."""
import argparse
import os
import queue
import random
import shutil
import sys
import tempfile
import threading
import time

import outpost
from outpost import ENDS, Region, Violation, until

# (call, error, the first so many one by one, then every so many, up to), of a start
AT_START = [("open", "EIO", 4, 2, 10), ("write", "EIO", 2, 5, 22), ("write", "ENOSPC", 1, 7, 15), ("write", "SHORT", 1, 7, 15),
            ("sync", "EIO", 1, 3, 10), ("mkdir", "EIO", 3, 1, 3)]
# the same, from when the lists are about to be taken
AT_LISTS = [("open", "EIO", 6, 1, 6), ("read", "EIO", 3, 1, 3), ("write", "EIO", 10, 4, 40), ("write", "ENOSPC", 2, 6, 30), ("write", "SHORT", 1, 6, 30),
            ("sync", "EIO", 6, 3, 21), ("rename", "EIO", 2, 1, 2), ("rename", "ENOSPC", 1, 1, 1), ("unlink", "EIO", 4, 1, 4), ("list", "EIO", 1, 5, 12)]
LASTING = [("sync", "EIO", 5), ("write", "ENOSPC", 9), ("open", "EIO", 2), ("rename", "EIO", 1), ("unlink", "EIO", 1), ("list", "EIO", 1)]
NODES = 12
LISTS = 1.9                                 # seconds; they are taken when they have lain still for two
QUICK = 5                                   # seconds of one fault that lasts


def faults(args):
    """(call, n or "n+", error, when), in an order of the seed's."""
    if args.only:
        return [tuple(args.only.split(":"))]
    chance, found = random.Random(args.seed), []
    for when, kinds in (("start", AT_START), ("lists", AT_LISTS)):
        for call, error, ones, stride, most in kinds:
            first = ones + 1 + chance.randrange(stride)
            found += [(call, str(n), error, when) for n in [*range(1, ones + 1), *range(first, most + 1, stride)]]
    found += [(call, f"{n}+", error, "lists") for call, error, n in LASTING]
    found = [fault for fault in found if args.call in (None, fault[0])]
    chance.shuffle(found)
    return sorted(found, key=lambda fault: fault[0] != "rename")       # of a report: looked at again after a while, so first


class Sweep:
    def __init__(self, args, region):
        self.args, self.region, self.wrongs, self.ends, self.lock = args, region, [], {}, threading.Lock()
        self.work = queue.Queue()
        for fault in faults(args):
            self.work.put(fault)

    def one(self, node, fault):
        """One fault in a round of work; how the node ended."""
        call, n, error, when = fault
        fired, begun = f"{node.folder}/fired", f"{node.folder}/begun"
        for file in (fired, begun):
            if os.path.exists(file):
                os.remove(file)
        node.give()
        began = time.monotonic()
        env = {"RSNMS_IO_FROM": begun} if when == "lists" else {}
        up = node.start(LD_PRELOAD=self.args.shim, RSNMS_IO_FAIL=f"{call}:{n}:{error}", RSNMS_IO_DIR=f"{node.state}/", RSNMS_IO_FIRED=fired, **env)
        if up:
            if when == "lists":
                node.say()
                time.sleep(max(0, LISTS - (time.monotonic() - began)))
                with open(begun, "wb"):
                    pass
            if "+" in n:
                node.say()
                until(lambda: not node.alive(), QUICK)
            elif not until(lambda: not node.alive() or (node.say() and node.settled()), outpost.CALM, 0.2):
                raise Violation(f"the fault is over, and it is stuck: {node.dropped()} in the folder: {node.log()}")
        code = node.stop()
        happened = os.path.exists(fired)
        if code not in ENDS or (code != 0 and not happened):
            raise Violation(f"ended with {code}: {node.log()}")
        node.must_start()
        node.settle()
        node.check()
        if node.stop() != 0:
            raise Violation(f"ended with {node.process.returncode}: {node.log()}")
        return ENDS[code] if happened else "not reached"

    def worker(self, name):
        try:
            node = self.region.outpost(name)
            node.first_round()
            while not self.wrongs:
                fault = self.work.get_nowait()
                try:
                    end = self.one(node, fault)
                except Violation as found:
                    raise Violation(f"{':'.join(fault)}: {found}") from None
                with self.lock:
                    kind = self.ends.setdefault(f"{fault[0]} {fault[2]} {fault[3]}", {})
                    kind[end] = kind.get(end, 0) + 1
        except queue.Empty:
            pass
        except Exception as found:          # pylint: disable=broad-except       # of a thread: told by the main one
            with self.lock:
                self.wrongs.append(str(found) if isinstance(found, Violation) else repr(found))

    def run(self):
        threads = [threading.Thread(target=self.worker, args=(f"n{i}",)) for i in range(min(NODES, self.work.qsize()))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if not self.wrongs:
            try:
                print(f"{self.region.told()} effects in the region, each once")
            except Violation as found:
                self.wrongs.append(str(found))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--source", required=True)
    parser.add_argument("--shim", required=True)
    parser.add_argument("--seed", type=int, default=os.getpid())
    parser.add_argument("--call")
    parser.add_argument("--only")
    args = parser.parse_args()
    print(f"seed {args.seed}", flush=True)
    where = tempfile.mkdtemp(prefix="rsnms-outpost.", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
    began = time.monotonic()
    region = Region(args.build, args.source, where)
    sweep = None
    try:
        region.start()
        sweep = Sweep(args, region)
        sweep.run()
    finally:
        region.stop()
        shutil.rmtree(where, ignore_errors=True)
    for kind, ends in sorted(sweep.ends.items()):
        print(f"  {kind:20} {', '.join(f'{count} {end}' for end, count in sorted(ends.items()))}")
    for wrong in sweep.wrongs:
        print(f"violation found: {wrong}\n  again with: node_io.py --build {args.build} --source {args.source} --shim {args.shim} "
              f"--only {wrong.split(': ')[0]}")
    print(f"{sum(sum(ends.values()) for ends in sweep.ends.values())} faults, {len(sweep.wrongs)} wrong, {time.monotonic() - began:.1f} s")
    return 1 if sweep.wrongs else 0


if __name__ == "__main__":
    sys.exit(main())
