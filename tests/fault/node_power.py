#!/usr/bin/python3
"""Power cuts under municipal nodes: their stores and folders are on a filesystem that is shut down in mid-work, so that
all that was not made safe is gone. After it a list that was put safely into the folder lies there whole, or its rows
are in the journal; a report lies there whole or not at all; what was acknowledged on the command line is in the queue;
and all of it has had its one effect in the region.

  node_power.py --build DIR --source DIR [--cycles 6] [--seed S]
Ends with 0, 1 and "violation found: …", 77 where nothing can be mounted."""
import argparse
import os
import sys
import time

from fleet import Fleet, main
from outpost import Violation

NODES = 8
EARLY, LATE = (0.05, 1.6), (1.9, 3.4)       # seconds from the start to the cut; lists are taken after two to three
AIMS = (None, "drop", "drop", "reports")    # a folder: cut right after a name has come there, or gone


class Power(Fleet):
    letter, count, disk_of, turn = "p", NODES, {"kind": "xfs"}, "cycle"

    def __init__(self, args, region, disk):
        super().__init__(args, region, disk)
        self.acknowledged, self.cut, self.given = 0, False, {}

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

    def run(self):
        while self.done < self.args.cycles:
            self.done += 1
            self.cycle()

    def told(self):
        return f"{self.done} power cuts under {NODES} nodes, {self.acknowledged} acknowledgements until then"


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--source", required=True)
    parser.add_argument("--cycles", type=int, default=6)
    parser.add_argument("--seed", type=int, default=os.getpid())
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main(Power, "node_power.py", arguments()))
