#!/usr/bin/python3
"""A municipal node among enemies: hostile bytes on its socket, and a drop folder full of what is no list (empty, huge,
sparse, names that are no text, links to elsewhere, pipes, sockets, devices, folders, archives, files that never stop
growing, thousands of them). All the while it answers what it is asked, its own memory (RssAnon) stays within bounds,
and honest lists and commands come to their one effect; no link's end is read or removed, what is refused is reported
and stays where it is, and a list that is replaced while its forerunner is taken is taken too.

  node_hostile.py --build DIR --source DIR --assail PROGRAM [--seed S] [--only socket|folder]
Ends with 0, or 1 and "violation found: …"."""
import argparse
import io
import os
import random
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
import time
import zipfile

from hostile import Harm, Watch, allow_connections, assailed, odd_files
from outpost import STAFF, SUPPORT, Region, Violation, until

MB = 1 << 20
FILE_MAX = 8 * MB                           # services/node/intake.h
PAGE = 110                                  # items; services/node/queries.c
JUNK = 3000                                 # small files that are no lists
SECRET = "тайна-за-ссылкой"
LINKS = [("link.csv", "ELSEWHERE/list.csv"), ("null.csv", "/dev/null"), ("endless.csv", "/dev/zero"), ("stdin.csv", "/dev/stdin"), ("shadow.csv", "/etc/shadow"),
         ("nowhere.csv", "/nowhere/at/all"), ("up.csv", "..")]


def honest_round(node):
    node.give()
    node.settle(90)
    node.check()


# ── the socket ───────────────────────────────────────────────────────────────

def long_answers(node):
    """Items enough, with sources as long as can be, for a page of many bytes."""
    node.round += 1
    forms, name = [f"{node.name}.{node.round}.l{i}" for i in range(PAGE)], f"c-{'x' * 170}.csv"
    node.forms.update({form: 1 for form in forms})
    node.drop(name, SUPPORT + "".join(f"w;{form};01.10.2025\n" for form in forms))
    if not until(lambda: not os.path.exists(f"{node.files}/drop/{name}"), 60):
        raise Violation(f"a list is not taken: {node.log()}")
    node.settle()


def assaulted(node, args, watch):
    """Honest rounds for as long as the assault goes on."""
    long_answers(node)
    words = [args.assail, "--config", f"{node.folder}/rsnms.yaml", "--service", "node", "--key", "clerk", "--follower", "operator"]
    return assailed(words, watch, lambda: honest_work(node))


def honest_work(node):
    """A round whose counts are not compared: the assault's own commands stand in the same queue."""
    node.give()
    node.settle(90)


# ── the folder ───────────────────────────────────────────────────────────────

def bomb():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (200 * MB))
    return packed.getvalue()


def contents(chance):
    """name → bytes of a file that is no list; each refused whole or row by row."""
    junk_rows = "".join(f"x{i};{chance.random()};z\n" for i in range(100000))
    return {
        "empty.csv": b"", "zero.csv": b"\0", "zeros.csv": b"\0" * (7 * MB), "semicolons.csv": b";" * (7 * MB), "quotes.csv": b'"' * (7 * MB),
        "breaks.csv": b"\n" * (7 * MB), "open.csv": STAFF.encode() + b'"' + b"x" * (3 * MB), "noise.csv": chance.randbytes(2 * MB),
        "cell.csv": STAFF.encode() + b"x" * 5000, "wide.csv": b";".join(b"c%d" % i for i in range(5000)), "bomb.xlsx": bomb(), "bomb.csv": bomb(),
        "utf16.csv": STAFF.encode("utf-16"), "half.csv": STAFF.encode()[:-9], "cp1251.csv": (STAFF + "ы;ы;ы\n").encode("cp1251"),
        "twice.csv": SUPPORT.encode().rstrip() + b";" + SUPPORT.encode(), "rows.csv": (SUPPORT + junk_rows).encode(),
        "huge.csv": b"x" * (FILE_MAX + 1), "edge.csv": STAFF.encode().ljust(FILE_MAX, b"\n"),
        "-rf": b"x", "$(touch pwned).csv": b"x", "%s%n%s.csv": b"x", "a;b,c\"d'.csv": b"x", "..csv..": b"x", "\u202egpj.csv": b"x",
    }


def names():
    """Names that are no text, or too long."""
    return [b"line\nbreak.csv", b"bell\x07.csv", b"tab\t.csv", b"\xff\xfe.csv", b"\xc0\xaf.csv", b"\xed\xa0\x80.csv", b"x" * 251 + b".csv",
            "ж".encode() * 127, b"d" * 255]


def oddities(drop, elsewhere):
    """What is no regular file; those that lead elsewhere lead to what is there still in the end."""
    os.makedirs(elsewhere)
    with open(f"{elsewhere}/list.csv", "w", encoding="utf-8") as file:
        file.write(SUPPORT + f"w;{SECRET};01.10.2025\n")
    for name, target in LINKS:
        os.symlink(target.replace("ELSEWHERE", elsewhere), f"{drop}/{name}")
    try:
        os.mknod(f"{drop}/device.csv", 0o600 | stat.S_IFCHR, os.makedev(1, 5))
    except PermissionError:
        pass
    return [name for name, _ in LINKS] + odd_files(drop, "odd-", ".csv")


class Growing(threading.Thread):
    """A file that never lies still, and one that is now a file and now a link."""

    def __init__(self, drop, target):
        super().__init__()
        self.drop, self.target, self.over = drop, target, threading.Event()
        self.start()

    def run(self):
        n = 0
        with open(f"{self.drop}/0-growing.csv", "wb", buffering=0) as file:
            while not self.over.wait(0.05):
                file.write(b"x;y\n" * 200)
                aside = f"{self.drop}/.aside"
                n += 1
                if n % 2:
                    os.symlink(self.target, aside)
                else:
                    with open(aside, "wb") as other:
                        other.write(b"x")
                os.rename(aside, f"{self.drop}/0-flips.csv")

    def end(self):
        self.over.set()
        self.join()
        for name in ("0-growing.csv", "0-flips.csv"):
            os.remove(f"{self.drop}/{name}")


def besieged(node, args):
    """Everything at once before an honest round, and another round behind it all."""
    chance, drop, elsewhere = random.Random(args.seed), f"{node.files}/drop", f"{node.folder}/elsewhere"
    stay = oddities(drop, elsewhere)
    for name, content in contents(chance).items():
        with open(f"{drop}/{name}", "wb") as file:
            file.write(content)
    for i, name in enumerate(names()):
        with open(os.path.join(drop.encode(), name), "wb") as file:
            file.write(b"name %d" % i)
    with open(f"{drop}/sparse.csv", "wb") as file:
        file.truncate(1 << 40)
    for i in range(JUNK):
        with open(f"{drop}/0-junk-{i}.csv", "wb") as file:
            file.write(b"junk %d" % i)
    growing = Growing(drop, f"{elsewhere}/list.csv")
    try:
        honest_round(node)
        honest_round(node)
        stay += [f"0-junk-{i}.csv" for i in range(JUNK)] + ["sparse.csv", "huge.csv", "bomb.xlsx", "zeros.csv", "quotes.csv"]
        reports = {name if name.endswith(".csv") else f"{name}.csv" for name in stay}
        if not until(lambda: reports <= set(os.listdir(f"{node.files}/reports")), 90, 0.5):
            raise Violation(f"not reported: {sorted(reports - set(os.listdir(f'{node.files}/reports')))[:5]}")
        named = sum(name.startswith("list-") for name in os.listdir(f"{node.files}/reports"))
        if named < len(names()):
            raise Violation(f"{named} reports of {len(names())} names that are no text")
    finally:
        growing.end()
    gone = [name for name in stay if not os.path.lexists(f"{drop}/{name}")]
    if gone or not os.path.exists(f"{elsewhere}/list.csv"):
        raise Violation(f"what was refused has gone: {gone[:5] or 'what a link leads to'}")
    if subprocess.run(["grep", "-rqaF", SECRET, f"{node.state}/data", f"{node.files}/reports"], check=False).returncode == 0:
        raise Violation("what a link leads to was read")
    if os.path.exists(f"{node.folder}/pwned") or os.path.exists("pwned"):
        raise Violation("a name was run")
    return f"{len(stay) + len(names())} hostile files, {len(os.listdir(f'{node.files}/reports'))} reports"


def replaced(node):
    """A list of many rows is replaced by another one while it is taken: the other one comes to its turn."""
    rows = "".join(f"bad{i};Ivanova;Ольга;01.01.1980;school;учитель;01.09.2020\n" for i in range(30000))
    node.round += 1
    form, name = f"{node.name}.{node.round}", "c-list.csv"
    data = f"{node.state}/data/node/data.mdb"
    node.drop(name, STAFF + rows)
    time.sleep(1.5)
    begun = os.stat(data).st_mtime_ns
    if not until(lambda: os.stat(data).st_mtime_ns != begun, 60, 0.001):
        raise Violation("a list is not taken")
    node.forms[form] = 1
    node.drop(name, f"{SUPPORT}w;{form};01.10.2025\n")
    if not until(lambda: not os.path.exists(f"{node.files}/drop/{name}"), 90):
        raise Violation("a list that was put in the place of another one is not taken")
    node.settle(90)
    return "a list replaced in mid-work"


# ── both ─────────────────────────────────────────────────────────────────────

def stand(node, args, what):
    node.rsnms("keys", "new", "clerk", "--role", "municipal", "--all")         # the enemy's own: the honest are not held up by his bounds
    node.first_round()
    node.must_start()
    watch = Watch(node.process.pid, lambda: node.status("10"))
    watch.start()
    try:
        said = [assaulted(node, args, watch)] if what == "socket" else [besieged(node, args), replaced(node)]
    finally:
        watch.over.set()
        watch.join()
    watch.look()
    if node.stop() != 0:
        raise Violation(f"{node.name} ended with {node.process.returncode}: {node.log()}")
    return f"{what}: {'; '.join(said)}; RssAnon {watch.start_kb} KiB, grown by {watch.worst_kb} KiB at most, {watch.asked} answers"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--source", required=True)
    parser.add_argument("--assail", required=True)
    parser.add_argument("--seed", type=int, default=os.getpid())
    parser.add_argument("--only", choices=("socket", "folder"))
    args = parser.parse_args()
    print(f"seed {args.seed}", flush=True)
    allow_connections()
    where = tempfile.mkdtemp(prefix="rsnms-outpost.", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
    region, began = Region(args.build, args.source, where), time.monotonic()
    what = ""
    try:
        region.start()
        for what in ("socket", "folder"):
            if args.only in (None, what):
                print(stand(region.outpost(what), args, what), flush=True)
        print(f"{region.told()} effects in the region, each once, {time.monotonic() - began:.1f} s")
        return 0
    except (Violation, Harm) as found:
        print(f"violation found: {what}: {found}\n  again with: node_hostile.py --build {args.build} --source {args.source} --assail {args.assail} "
              f"--seed {args.seed} --only {what}")
        return 1
    finally:
        region.stop()
        shutil.rmtree(where, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
