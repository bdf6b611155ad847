#!/usr/bin/python3
"""Municipal nodes on a small disk that somebody else fills, below what they keep in reserve or to the last block, before
they start or in mid-work, and then frees. Below the reserve a node turns away what is entered and says why, leaves lists
where they are and says so, and answers what it is asked. It may end once over a commit that found no room, but by no
signal; with room again one that has not ended goes on by itself, and all that was given comes to its one effect.

  node_disk.py --build DIR --source DIR [--rounds 4] [--seed S]
Ends with 0, 1 and "violation found: …", 77 where nothing can be mounted."""
import argparse
import os
import sys
import time

from fleet import Fleet, main
from outpost import ENDS, RESERVE_MB, Violation, until

NODES = 6
SIZE_MB = 96
NO_SPACE = "на диске не осталось запаса"
KEPT = "список остался в папке"
HUNGER = 7                                  # seconds without room
LISTS = (1.8, 3.2)                          # seconds from the start in which lists are taken


class Small(Fleet):
    letter, count, disk_of, turn = "d", NODES, {"kind": "ext4", "megabytes": SIZE_MB}, "round"

    def __init__(self, args, region, disk):
        super().__init__(args, region, disk)
        self.refused, self.ends = 0, {}

    # ── below the reserve from the start: all of it can be foretold ──────────

    def starve(self, node):
        node.must_start()
        waiting = list(node.open)
        if node.say() or node.open != waiting:
            raise Violation(f"{node.name} takes what is entered, with less free than its reserve")
        said = node.rsnms("node", "enter", "routes.support.record", f'{{"person":"{self.region.worker}","form":"x","day":"2025-10-02"}}', good=False)
        if NO_SPACE not in said.stdout + said.stderr:
            raise Violation(f"{node.name} turns away what is entered and says: {said.stdout}{said.stderr}")
        report = f"{node.files}/reports/a-{node.round}.csv"
        if not until(lambda: os.path.exists(report), 20, 0.1):
            raise Violation(f"{node.name} does not say why a list waits: {node.dropped()} in the folder: {node.log()}")
        time.sleep(0.2)
        with open(report, encoding="utf-8") as file:
            text = file.read()
        if NO_SPACE not in text or KEPT not in text or len(node.dropped()) != 2:
            raise Violation(f"{node.name} has {node.dropped()} in the folder and says of a list: {text}")
        if node.status() is None or not node.alive():
            raise Violation(f"{node.name} does not answer without room: {node.log()}")
        self.refused += len(waiting) + 1

    def hunger(self):
        self.all(lambda node: node.give())
        self.disk.fill(leave=RESERVE_MB << 19)
        self.all(self.starve)
        self.disk.free()

    # ── at any moment, to any depth ──────────────────────────────────────────

    def struggle(self, node):
        """Starts again and again, and enters; how it was left."""
        end = time.monotonic() + HUNGER
        while time.monotonic() < end:
            if not node.alive():
                code = node.process.returncode
                if code not in ENDS:
                    raise Violation(f"{node.name} without room ended with {code}: {node.log()}")
                self.ends[code] = self.ends.get(code, 0) + 1
                node.start()
            waiting = len(node.open)
            node.say("1")
            self.refused += len(node.open) if node.alive() else 0
            if waiting == len(node.open) and node.alive() and node.status() is None and node.alive():
                raise Violation(f"{node.name} does not answer without room: {node.log()}")
            time.sleep(0.3)

    def surprise(self):
        self.all(lambda node: node.give())
        self.all(lambda node: node.must_start())
        time.sleep(self.chance.choice((0, self.chance.uniform(*LISTS))))
        self.disk.fill(leave=self.chance.choice((0, 0, 4096, RESERVE_MB << 19)))
        self.all(self.struggle)
        self.disk.free()
        for node in self.nodes:
            if not node.alive():
                node.must_start()

    def after(self, node):
        node.settle()
        node.check()
        if node.stop() != 0:
            raise Violation(f"{node.name} ended with {node.process.returncode}: {node.log()}")

    def run(self):
        while self.done < self.args.rounds:
            self.done += 1
            (self.hunger if self.done == 1 else self.surprise)()
            self.all(self.after)

    def told(self):
        ends = ", ".join(f"{count} times {ENDS[code]}" for code, count in sorted(self.ends.items()))
        return f"{self.done} times no room for {NODES} nodes, {self.refused} times turned away, {ends or 'nobody ended'}"


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--source", required=True)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seed", type=int, default=os.getpid())
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main(Small, "node_disk.py", arguments()))
