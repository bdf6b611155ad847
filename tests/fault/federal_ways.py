"""What the federal gateway has to do whatever befalls it on the way: each way loads a state to begin from, lets
gate.fall(point, act) do its worst while `act` is done, and checks what there is in the end: one file a name, of the
bytes that were there before; one effect of a receipt; a draft like one that never fell."""
import json
import os
import time

from gate import Violation, new_id


def same(before, after, folders):
    for path, content in before.items():
        if path.startswith(folders) and after.get(path) != content:
            raise Violation(f"{path} was there before the fall and is {'gone' if path not in after else 'other bytes'} after it")


def paths_of(found, file_name):
    with open(file_name, "rb") as file:
        wanted = file.read()
    return [path for path, content in found.items() if content == wanted]


def way_out(gate, point):
    gate.load("approved")
    command = new_id()
    body = json.dumps({"passport": gate.id})
    send = lambda: gate.rsnms("--timeout", "1", "call", "federal.passport.send", body, "--command", command, good=False)
    before, again = gate.fall(point, send)
    gate.rsnms("call", "federal.passport.send", body, "--command", command)         # the same id: what it was, or now
    passport = gate.until("the package", lambda p: "package" in p)
    gate.stop()
    after = gate.seen()
    same(before, after, ("outbox", "sent"))
    same(again, after, ("outbox", "sent"))
    for folder in ("outbox", "sent"):
        wanted = {f"{folder}/{passport['name']}{suffix}" for suffix in (".json", ".json.sig", ".xlsx")}
        if {path for path in after if path.startswith(folder + "/")} != wanted:
            raise Violation(f"{folder} holds {sorted(p for p in after if p.startswith(folder))}")
    for suffix in (".json", ".json.sig", ".xlsx"):
        if after[f"outbox/{passport['name']}{suffix}"] != after[f"sent/{passport['name']}{suffix}"]:
            raise Violation(f"what is kept is not what lies in the outbox: {suffix}")
    gate.rsnms("federal", "check", f"{gate.files}/outbox/{passport['name']}.json")
    gate.start()
    for event in ("federal.passport.sent", "federal.package.delivered"):
        if len(gate.events(event)) != 1:
            raise Violation(f"{event}: {len(gate.events(event))} times")


def way_in(gate, point):
    gate.load("sent")
    gate.drop(f"{gate.where}/receipt.json", "r.json")
    gate.fall(point, lambda: None)
    passport = gate.until("the answer", lambda p: p["state"] == "returned")
    end = time.monotonic() + 60
    while os.path.exists(f"{gate.files}/inbox/r.json") and time.monotonic() < end:
        time.sleep(0.05)
    after = gate.seen()
    if len(gate.events("federal.answer.taken")) != 1 or passport["answer"]["remarks"] != "Уточнить":
        raise Violation(f"the receipt had its effect {len(gate.events('federal.answer.taken'))} times")
    if paths_of(after, f"{gate.where}/receipt.json") != ["inbox/taken/r.json"]:
        raise Violation(f"the receipt does not lie in taken alone: {sorted(after)}")
    if any(path.startswith("inbox/refused/") for path in after):
        raise Violation(f"a receipt that was right is refused: {sorted(after)}")


def way_aside(gate, point):
    gate.load("sent")
    gate.drop(f"{gate.where}/other.json", "o.json")
    gate.fall(point, lambda: None)
    end = time.monotonic() + 60
    while os.path.exists(f"{gate.files}/inbox/o.json") and time.monotonic() < end:
        time.sleep(0.05)
    after = gate.seen()
    if paths_of(after, f"{gate.where}/other.json") != ["inbox/refused/o.json"]:
        raise Violation(f"the letter is lost, or there twice: {sorted(after)}")
    if not after.get("inbox/refused/o.json.reason.txt", b"").startswith(b"package_unknown"):
        raise Violation(f"no reason lies beside the letter: {sorted(after)}")
    letters = gate.events("federal.letter.refused")
    if len(letters) != 1:
        raise Violation(f"the letter was refused {len(letters)} times")


def way_back(gate, point):
    """Stuck for want of a key, then asked back: approved again, once, and nothing of it in the outbox."""
    gate.load("approved")
    key, away = f"{gate.where}/keys/federal.sign", f"{gate.where}/federal.sign.away"
    os.rename(key, away)
    try:
        gate.start()
        gate.rsnms("federal", "send", "2023")
        gate.until("the fault", lambda p: p.get("fault") == "no_sign_key")
        gate.stop()
        command, body = new_id(), json.dumps({"passport": gate.id, "reason": "не та версия"})
        ask = lambda good: gate.rsnms("--timeout", "1", "call", "federal.passport.recall", body, "--command", command, good=good)
        gate.fall(point, lambda: ask(False))
        ask(True)
        passport = gate.until("the recall", lambda p: p["state"] == "approved")
        if passport.get("recalled") != "не та версия" or "sending" in passport or "fault" in passport:
            raise Violation(f"taken back is {json.dumps(passport, ensure_ascii=False)[:300]}")
        for event in ("federal.recall.asked", "federal.passport.recalled"):
            if len(gate.events(event)) != 1:
                raise Violation(f"{event}: {len(gate.events(event))} times")
        if any(path.startswith("outbox/") for path in gate.seen()):
            raise Violation(f"the outbox holds {sorted(gate.seen())}")
    finally:
        os.rename(away, key)
    gate.rsnms("federal", "send", "2023")
    gate.until("the package", lambda p: "package" in p)


def way_restored(gate, _point):
    gate.load("sent")
    before = gate.seen()
    gate.rsnms("restore", "federal", gate.backup)
    gate.start()
    time.sleep(1.1)                         # another second, so that the entry is another
    gate.rsnms("federal", "send", "2023")
    passport = gate.until("the package of the second life", lambda p: "package" in p or "fault" in p)
    if passport.get("sending") != gate.sending:
        raise Violation(f"the number {gate.sending} was not used again, but {passport.get('sending')}: nothing is shown")
    if "fault" in passport:
        raise Violation(f"two lives of a journal claim one name: {passport['fault']}")
    gate.stop()
    after = gate.seen()
    same(before, after, ("outbox", "sent"))
    for folder in ("outbox", "sent"):
        wanted = {f"{folder}/{name}{suffix}" for name in (gate.name, passport["name"]) for suffix in (".json", ".json.sig", ".xlsx")}
        if {path for path in after if path.startswith(folder + "/")} != wanted or len(wanted) != 6:
            raise Violation(f"{folder} holds {sorted(p for p in after if p.startswith(folder))}")
    for name in (gate.name, passport["name"]):
        gate.rsnms("federal", "check", f"{gate.files}/outbox/{name}.json")


def way_full(gate, point):
    gate.load("nothing")
    command = new_id()
    ask = lambda good: gate.rsnms("--timeout", "1", "call", "federal.passport.open", '{"year": 2023}', "--command", command, good=good)
    gate.fall(point, lambda: ask(False))
    ask(True)
    passport = gate.until("the filling", gate.filled)
    whole = {b["number"]: (b["cells"], b.get("gaps", 0)) for b in passport["blocks"]}
    if whole != gate.whole:
        raise Violation(f"blocks (cells, gaps) {whole} and not {gate.whole}")
    if len(gate.events("federal.passport.opened")) != 1:
        raise Violation("opened more than once")


def acknowledged(gate, way, done):
    """What the gateway has said to be done is in its journal. `done`: what the way's act has come to, or None."""
    if done is not None and done.returncode == 0 and len(gate.events(SAID[way])) != 1:
        raise Violation(f"acknowledged, and not in the journal: {SAID[way]}")


SAID = {"fill": "federal.passport.opened", "out": "federal.passport.sent", "back": "federal.recall.asked"}
WAYS = {"fill": way_full, "out": way_out, "in": way_in, "aside": way_aside, "back": way_back, "restored": way_restored}
