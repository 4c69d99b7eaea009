"""The part of scripts/bench that asks how a page's time grows with the archive: the same questions to an office with
10,000 cases and to one with 1,000,000, in rounds that take turns; and what the plain library needs for the same.

Both offices are made once by bench-load (tests/synthetic) under var/bench and kept. `b` is scripts/bench itself.
"""
import json
import re
import shutil
import statistics
import subprocess
import time

SMALL = 10_000
SECONDS_IN_ALL = 7200  # the first run makes the large office
GOAL = 1.5


def folder(b, cases):
    return b.DATA / f"cases-{cases}"


def fill(b, cases):
    """Made once; a schema that moved on is brought up by `sulh serve`."""
    where = folder(b, cases)
    if not (where / "loaded.json").exists():
        making = where.with_suffix(".making")
        shutil.rmtree(making, ignore_errors=True)
        making.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([b.program("load"), making, str(cases)], check=True)
        shutil.rmtree(where, ignore_errors=True)
        making.rename(where)
    return where


def account(b, where, login, *arguments):
    """A password of this run for that login, whether or not it was there."""
    command = [b.SULH, "user", "add", where, "--login", login, "--name", login, *arguments]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode:
        command = [b.SULH, "user", "password", where, "--login", login]
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True)
    return re.search(r"Password of \S+: (\S+)", done.stdout)[1]


def token(b, where):
    command = [b.SULH, "token", "add", where, "--label", "bench", "--roles", "commissioner"]
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True).stdout.strip()


class Side:
    """One of the two offices, served, with somebody of each kind logged in."""

    def __init__(self, b, cases, stack):
        self.b, self.cases, self.where = b, cases, fill(b, cases)
        loaded = json.loads((self.where / "loaded.json").read_text())
        unit_head = account(b, self.where, "unithead", "--roles", "head_of_unit", "--unit", "ro_lahore")
        self.token = token(b, self.where)
        with b.serve(self.where) as server:  # brings the schema up
            server.first_answer()
        began = time.monotonic()
        self.server = stack.enter_context(b.serve(self.where))
        self.server.first_answer()
        self.start_ms = (time.monotonic() - began) * 1000
        self.cookies = {name: b.login(self.server, name, password) for name, password in
                        (("head", loaded["password"]), ("officer1", loaded["password"]), ("unithead", unit_head))}
        self.own = self.first_case("officer1")
        for _, path, who in questions(self):
            b.fetch(self.server, path, self.cookies[who])  # nothing that is refused or sent elsewhere is measured
        self.times = {}

    def first_case(self, who):
        page = self.b.fetch(self.server, "/desk/cases", self.cookies[who])
        return int(re.search(r'href="/desk/cases/(\d+)"', page)[1])

    def ask(self, what, path, who, seconds):
        result = self.b.wrk(self.server.url + path, "page.lua", self.cookies[who], connections=1, seconds=seconds)
        self.times.setdefault(what, []).append(result)

    def note(self, what, seconds):
        result = self.b.wrk(self.server.url + "/", "note.lua", self.token, self.cases // 2, self.cases // 2 + 99,
                            connections=1, seconds=seconds)
        self.times.setdefault(what, []).append(result)

    def p50(self, what):
        return statistics.median(one["p50_us"] for one in self.times[what])


def questions(side):
    search = "/desk/search?q=pension+passport"
    return [
        ("50 newest, the head", "/desk/cases", "head"),
        ("50 newest, an investigator: own cases", "/desk/cases", "officer1"),
        ("50 newest, the head of a unit", "/desk/cases", "unithead"),
        ("work desk, the head", "/desk", "head"),
        ("work desk, an investigator", "/desk", "officer1"),
        ("page of a case", f"/desk/cases/{side.own}", "officer1"),
        ("two-word search, the head", search, "head"),
        ("two-word search, an investigator", search, "officer1"),
    ]


def measure(b, stack, large, quick):
    rounds, seconds = (1, 1) if quick else (5, 2)
    sides = [Side(b, cases, stack) for cases in (SMALL, large)]
    bar = b.Bar(rounds * 9 * len(sides) + len(sides))
    for _ in range(rounds):
        for number in range(len(questions(sides[0]))):
            for side in sides:
                what, path, who = questions(side)[number]
                bar.step(f"{what}, {side.cases:,} cases")
                side.ask(what, path, who, seconds)
        for side in sides:
            bar.step(f"save a note, {side.cases:,} cases")
            side.note("save a note", seconds)
    plain = []
    for side in sides:
        bar.step(f"the plain library, {side.cases:,} cases")
        plain.append(b.measured(b.program("sqlite-read"), side.where / "office.db", side.cases))
    bar.end()
    show(b, sides, plain)


PLAIN = {"50 newest, the head": "list", "page of a case": "case", "two-word search, the head": "search"}


def show(b, sides, plain):
    small, large = sides
    rows = [("p50 of one connection", f"{small.cases:,} cases", f"{large.cases:,} cases", "ratio", "plain library")]
    missed = []
    for what in large.times:
        ratio = large.p50(what) / small.p50(what)
        bare = f"{plain[1][PLAIN[what]] / 1000:.3f} ms" if what in PLAIN else ""
        rows.append((what, b.milliseconds(small.p50(what)), b.milliseconds(large.p50(what)), f"{ratio:.2f}", bare))
        if ratio > GOAL:
            missed.append(f"{what}: {ratio:.2f}")
    for words, value in (("memory at the end", lambda side: f"{side.server.memory():.0f} MiB"),
                         ("largest memory", lambda side: f"{side.server.memory('VmHWM'):.0f} MiB"),
                         ("start to first answer", lambda side: f"{side.start_ms:.0f} ms"),
                         ("the database", lambda side: f"{(side.where / 'office.db').stat().st_size / 1e6:,.0f} MB")):
        rows.append((words, value(small), value(large), "", ""))
    b.table(rows)
    print()
    print(f"{'NOT MET' if missed else 'met    '}  p50 at {large.cases:,} at most {GOAL} times p50 at {small.cases:,}"
          + (f": {'; '.join(missed)}" if missed else ""))
