#!/usr/bin/python3
"""The federal gateway killed at every failpoint of its way: while it fills a draft, writes a package, takes a receipt,
puts a letter aside, takes back what it has not delivered. The real daemon ends as by kill -9, twice at the same place,
and is started again. Then what federal_ways.py says has to hold. And restored from a backup, it sends under the number
of an entry that its first life has sent under: both lie there.

  federal.py --build DIR --source DIR [--only POINT] [--quick]
Ends with 0, or 1 and "violation found: …"."""
import argparse
import re
import sys
import tempfile

from gate import Gate, Violation, prepare
from federal_ways import WAYS

OUT = [("parcel_made", 1), ("parcel_put", 1), ("parcel_said", 1), ("before_commit", 1), ("after_commit", 1), ("before_commit", 2),
       ("after_commit", 2), ("after_decide", 2), ("before_reply", 1)]
OUT += [(point, n) for n in range(1, 7) for point in ("file_written", "file_renamed", "parcel_file")]
IN = [("receipt_submitted", 1), ("letter_taken", 1), ("file_moved", 1), ("file_moved", 2), ("letter_half_moved", 1),
      ("before_commit", 1), ("after_commit", 1), ("after_decide", 1)]
ASIDE = [("letter_reason", 1), ("letter_refused", 1), ("letter_half_moved", 1), ("file_written", 1), ("file_renamed", 1),
         ("file_moved", 1), ("before_commit", 1), ("after_commit", 1)]
FILL = [("part_filled", 1), ("part_filled", 2), ("before_commit", 1), ("before_commit", 2), ("after_commit", 2), ("before_commit", 3),
        ("after_commit", 3), ("after_decide", 3)]
BACK = [("parcel_back", 1), ("before_commit", 1), ("after_commit", 1), ("before_commit", 2), ("after_commit", 2), ("after_decide", 2),
        ("before_reply", 1)]
RESTORED = [("nowhere", 0)]
QUICK = {("parcel_file", 4), ("receipt_submitted", 1), ("parcel_back", 1), ("nowhere", 0)}
POINTS = {"fill": FILL, "out": OUT, "in": IN, "aside": ASIDE, "back": BACK, "restored": RESTORED}


def fall_twice(gate, point, act):
    """Starts, acts, dies; starts again, dies there again if it comes there; and starts for good."""
    gate.start(point)
    act()
    if not gate.killed():
        raise Violation(f"{point[0]}:{point[1]} was not reached")
    before = gate.seen()
    gate.start(point)
    if point[0] not in ("before_reply",):
        gate.killed(1.5)
    gate.stop(dying=True)
    again = gate.seen()
    gate.start()
    return before, again


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--source", required=True)
    parser.add_argument("--only")
    parser.add_argument("--quick", action="store_true")
    args = parser.parse_args()
    where = tempfile.mkdtemp(prefix="rsnms-federal.", dir="/tmp")
    gate = Gate(args, where)
    gate.fall = lambda point, act: fall_twice(gate, point, act)
    tried, code, now = 0, 0, "the preparation"
    try:
        prepare(gate)
        for name, points in POINTS.items():
            for point in points:
                now = f"{name}, {point[0]}:{point[1]}"
                if (args.only and not re.search(args.only, now)) or (args.quick and point not in QUICK):
                    continue
                WAYS[name](gate, point)
                gate.verified()
                tried += 1
        print(f"{tried} falls, twice each: one file a name of the same bytes, one effect of a receipt, whole blocks")
    except Violation as found:
        print(f"violation found: {now}: {found}")
        print(gate.log())
        code = 1
    finally:
        gate.close()
    return code


if __name__ == "__main__":
    sys.exit(main())
