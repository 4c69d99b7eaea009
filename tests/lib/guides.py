"""Holds the guides in docs/ against the sources: what stands in one and not in the other is a fault.

cases(root) yields (name, ok, what is wrong). Tables in the guides that are compared carry a line
`<!-- table: NAME -->` above them.
"""
import json
import re

NOTHING = "–"


def read(root, name):
    return (root / name).read_text(encoding="utf-8")


def table(text, name):
    """The rows of the marked table, without its head; marks of code are left out."""
    found = re.search(rf"<!-- table: {name} -->\n((?:\|.*\n)+)", text)
    if not found:
        raise LookupError(f"there is no table “{name}”")
    lines = found[1].splitlines()[2:]
    return [[cell.strip().replace("`", "") for cell in line.strip("|").split("|")] for line in lines]


def c_rows(source, array):
    """The initialiser of an array in a C file, as text."""
    return re.search(rf"\b{array}\[[^\]]*\] = \{{\n(.*?)\n\}};", source, re.S)[1]


def differences(written, real):
    lines = [f"in the guide only: {row}" for row in sorted(set(written) - set(real))]
    lines += [f"in the source only: {row}" for row in sorted(set(real) - set(written))]
    doubled = [f"twice: {row}" for row in sorted(set(written)) if written.count(row) > 1]
    return "\n".join(lines + doubled)


# --- docs/admin.md ----------------------------------------------------------------------------------------------------


def first_text(source):
    return re.search('"([^"]*)"', source)[1]


def settings(root):
    real = []
    for section, name, rest in re.findall(r'\b(?:TEXT|INT|WORD)\("(\w+)", (\w+), (.*?)\),\n',
                                          c_rows(read(root, "src/base/config.c"), "keys") + "\n", re.S):
        real.append(f"{section}.{name} = {first_text(rest)}")
    written = [f"{section}.{name} = {'' if default == NOTHING else default}"
               for section, name, default, *_ in table(read(root, "docs/admin.md"), "settings")]
    return differences(written, real)


OPEN_TO = {"TO_ANYBODY": "anybody", "TO_PERSON": "the person", "TO_BODY": "the body's focal person"}
PROFILES = ("pk-wafaqi-mohtasib", "az-commissioner")


def rights(root):
    """The table against the acts of access.c and the roles of each profile."""
    acts = re.findall(r'\[ACT_\w+\] = \{ "(\w+)", N_\("[^"]*"\)(?:, (TO_\w+))?', read(root, "src/office/access.c"))
    written = [f"{act} {who.strip()}" for act, _, cell in table(read(root, "docs/admin.md"), "rights")
               for who in cell.split(",")]
    wrong = []
    for profile in PROFILES:
        roles = json.loads(read(root, f"profiles/{profile}/roles.json"))["roles"]
        real = [f"{act} {OPEN_TO[to]}" for act, to in acts if to]
        held = {act for role in roles for act in role["rights"]}
        real += [f"{act} nobody by role" for act, to in acts if not to and act not in held]
        real += [f"{act} {role['key']}: {' '.join(role['rights'][act])}" for act, to in acts if not to for role in roles
                 if act in role["rights"]]
        wrong += [f"{profile}: {line}" for line in differences(written, real).splitlines()]
    return "\n".join(wrong)


UNITS = {"KiB": 2 ** 10, "MiB": 2 ** 20, "s": 1, "min": 60, "h": 3600, "d": 86400}


def limits(root):
    """Each limit names its constant as FILE:NAME; the figure must be the one that is defined there."""
    wrong = []
    for what, value, where in table(read(root, "docs/admin.md"), "limits"):
        file, name = where.split(":")
        found = re.search(rf"#define {name} (.*)", read(root, file))
        if not found:
            wrong.append(f"{what}: {file} defines no {name}")
            continue
        number = re.sub(r"/\*.*", "", found[1])
        number = re.sub(r"\(\w+\)(?=[\d(])|INT64_C|(?<=\d)L\b", "", number)
        for ms, length in {"SECOND_MS": 1000, "MINUTE_MS": 60000, "HOUR_MS": 3600000, "DAY_MS": 86400000}.items():
            number = number.replace(ms, str(length))
        figure, unit = re.match(r"([\d,]+) ?(\w*)", value).groups()
        amount = int(figure.replace(",", "")) * UNITS.get(unit, 1)
        if eval(number, {"__builtins__": {}}) not in ({amount, amount * 1000} if unit in "s min h d" else {amount}):
            wrong.append(f"{what}: {value}, but {name} is {number.strip()}")
    return "\n".join(wrong)


def dangers(root):
    """The settings that office/safety.c calls dangerous."""
    real = re.findall(r'\{\s*"([\w.]+)",\s*N_\(', read(root, "src/office/safety.c"))
    return differences([row[0] for row in table(read(root, "docs/admin.md"), "dangers")], real)


# --- docs/states.md ---------------------------------------------------------------------------------------------------


def states(text):
    return [name.lower() for name in re.findall(r"FROM\((\w+)\)", text)]


def expanded(source, text):
    """C's own macros for groups of states, put in until none is left."""
    groups = dict(re.findall(r"#define (ANY_\w+|IN_WORK)\s+\\?\s*(\((?:[^\\\n]|\\\n)*\))", source))
    for _ in groups:
        text = re.sub(r"\b(ANY_\w+|IN_WORK)\b", lambda found: groups[found[1]], text)
    return states(text)


def case_arrows(root):
    """Both profiles draw what the page draws; an arrow of one of them only is marked."""
    profiles = {name: {f"{state} {move['key']} {move['to']}" for move in
                       json.loads(read(root, f"profiles/{name}/states.json"))["moves"] for state in move["from"]}
                for name in PROFILES}
    real = [f"{arrow} {'both' if all(arrow in one for one in profiles.values()) else name[:2]}"
            for name, arrows in profiles.items() for arrow in arrows]
    written = [f"{state} {move} {to} {who}" for froms, move, to, who in table(read(root, "docs/states.md"), "casefile")
               for state in froms.split(", ")]
    return differences(written, sorted(set(real)))


def noun_arrows(noun, file):
    """The table of a noun against the arrows of its rule: { "set", HEARING_HOLD, "held" }."""
    def check(root):
        real = [f"{state} {step.lower()} {to}" for state, step, to in
                re.findall(rf'\{{ "(\w+)", {noun.upper()}_(\w+), "(\w+)" \}}', c_rows(read(root, file), "arrows"))]
        written = [f"{state} {step} {to}" for state, step, to, _ in table(read(root, "docs/states.md"), noun)]
        return differences(written, real)
    return check


def referral_steps(root):
    source = read(root, "src/cooperation/referral.c")
    real = [f"{step.lower()} {state} {to.lower()}" for step, froms, to in
            re.findall(r"\{ STEP_(\w+), (.*?), REFERRAL_(\w+) \}", c_rows(source, "steps"), re.S)
            for state in expanded(source, froms)]
    written = [f"{step} {state} {to}" for step, froms, to in table(read(root, "docs/states.md"), "referral steps")
               for state in froms.split(", ")]
    return differences(written, real)


WRITERS = {"BY_OPENER": "home", "BY_OTHER": "lead", "BY_BOTH": "both"}


def referral_moves(root):
    source, types = read(root, "src/cooperation/referral.c"), read(root, "src/cooperation/message_types.c")
    writer = {name: WRITERS[by] for name, by in re.findall(r"\[MESSAGE_(\w+)\] =\s*\{.*?\b(BY_\w+)", types, re.S)}
    real = []
    rows = c_rows(source, "moves")
    for name, froms, to in re.findall(r"\{ MESSAGE_(\w+), (.*?), (?:REFERRAL_)?(\w+) \}", rows, re.S):
        for state in expanded(source, froms):
            move = name.removeprefix("REFERRAL_").lower()
            real.append(f"{move} {writer[name]} {state} {'stays' if to == 'SAME' else to.lower()}")
    written = [f"{move} {by} {state} {to}" for move, by, froms, to in
               table(read(root, "docs/states.md"), "referral moves") for state in froms.split(", ")]
    return differences(written, real)


def tests_named(root):
    """Every test that docs/states.md promises is there."""
    wrong = []
    for name, case in re.findall(r"`(test_\w+\.c)(?:: (\w+))?`", read(root, "docs/states.md")):
        path = root / "tests" / "unit" / name
        if not path.exists() or (case and f"void {case}(" not in path.read_text(encoding="utf-8")):
            wrong.append(f"{name}: {case or 'no such file'}")
    return "\n".join(wrong)


# --- docs/man/sulh.1 --------------------------------------------------------------------------------------------------


def man_page(root):
    page = read(root, "docs/man/sulh.1").replace("\\-", "-")
    main, wrong = read(root, "src/cli/main.c"), []
    for name in re.findall(r"&command_(\w+)", main):
        source = read(root, f"src/cli/{name}.c")
        part = re.search(rf"^\.Ss {name}\n(.*?)(?=^\.S[sh] )", page, re.S | re.M)
        if not part:
            wrong.append(f"the command {name} has no part of its own")
            continue
        real = set(re.findall(r'\{ "([a-z-]+)", (?:required|no)_argument', source))
        written = set(re.findall(r"^\.It Fl -([a-z-]+)", part[1], re.M))
        wrong += [f"{name}: --{option} is missing" for option in sorted(real - written)]
        wrong += [f"{name}: there is no --{option}" for option in sorted(written - real)]
        verbs = re.findall(r'str(?:n?)cmp\((?:argv\[[^]]*\]|verb), "(\w+)"', source)
        wrong += [f"{name}: {verb} is missing" for verb in verbs if not re.search(rf"\b{verb}\b", part[1])]
    statuses = set(re.findall(r"\{ \d+, (\d+), \"", read(root, "src/base/err.c")))
    written = set(re.findall(r"^\.It (\d+)", page, re.M)) - {"2"}
    wrong += [f"exit status {status} stands in one of page and err.c only" for status in sorted(statuses ^ written)]
    return "\n".join(wrong)


# --- every guide ------------------------------------------------------------------------------------------------------


def profile_lists(root):
    """The lists and letters that profiles/README.md says each profile must have, against those that the reader asks for."""
    readme = read(root, "profiles/README.md")
    asked = re.search(r"asks for these lists by name.*?each must be there: (.*?)A profile may have more", readme, re.S)[1]
    written = re.findall(r"`(\w+)`", re.sub(r"\(.*?\)", "", asked, flags=re.S))
    real = re.findall(r'\{ "(\w+)",', c_rows(read(root, "src/office/profile_lists.c"), "wanted"))
    letters = re.search(r"The program writes (.*?); one that is missing", readme, re.S)[1]
    source = read(root, "src/office/profile_codes.c")
    wanted = re.search(r"profile_letter_wanted\[\] = \{(.*?)NULL \};", source, re.S)[1]
    return differences(written, real) or differences(re.findall(r"`(\w+)`", letters), re.findall(r'"(\w+)"', wanted))


def anchors(text):
    """What GitHub and GitLab make of headings."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
            for heading in re.findall(r"^#+ (.*)$", text, re.M)}


def links(root):
    """Links within the repository lead somewhere, and so do the paths of sources."""
    wrong = []
    for guide in sorted([*root.glob("*.md"), *root.glob("docs/**/*.md"), *root.glob("profiles/*.md")]):
        text = guide.read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if "://" in target:
                continue
            file, _, anchor = target.partition("#")
            there = guide.parent / file if file else guide
            if not there.exists():
                wrong.append(f"{guide.name}: {target} is not there")
            elif anchor and anchor not in anchors(there.read_text(encoding="utf-8")):
                wrong.append(f"{guide.name}: {target} leads to no heading")
        for path in re.findall(r"`((?:src|tests|scripts|assets|templates|profiles|locales)/[\w./-]+)", text):
            if not (root / path.rstrip(".")).exists():
                wrong.append(f"{guide.name}: {path} is not there")
    return "\n".join(wrong)


# --- tests/README.md --------------------------------------------------------------------------------------------------


def has_test(text, name):
    """A cmocka function that is in its program's list too, or a test of Node by its words."""
    if f"void {name}(" in text:
        return len(re.findall(rf"\b{name}\b", text)) > 1
    return re.search(rf"test\(['`]{re.escape(name)}", text) is not None


def traps(root):
    """Every test that is said to hold a trap is there."""
    wrong, file = [], r"[\w/]+\.(?:c|test\.mjs)"
    for trap, _, tests in table(read(root, "tests/README.md"), "traps"):
        named = re.findall(rf"({file}): (.*?)(?=, {file}: |$)", tests)
        wrong += [] if named else [f"trap {trap} has no test"]
        for name, case in named:
            path = root / "tests" / name
            if not path.exists() or not has_test(path.read_text(encoding="utf-8"), case):
                wrong.append(f"trap {trap}: there is no {name}: {case}")
    return "\n".join(wrong)


CASES = [
    ("profiles/README.md: lists and letters", profile_lists),
    ("docs/admin.md names every setting", settings),
    ("docs/admin.md names every right", rights),
    ("docs/admin.md names limits as they are", limits),
    ("docs/admin.md names every dangerous setting", dangers),
    ("docs/states.md draws the case", case_arrows),
    ("docs/states.md draws the hearing", noun_arrows("hearing", "src/casework/hearing.c")),
    ("docs/states.md draws the finding", noun_arrows("finding", "src/casework/finding.c")),
    ("docs/states.md draws the referral's steps", referral_steps),
    ("docs/states.md draws the referral's moves", referral_moves),
    ("docs/states.md names tests that are there", tests_named),
    ("docs/man/sulh.1 has every command and option", man_page),
    ("tests/README.md names tests that are there", traps),
    ("guides lead somewhere", links),
]


def cases(root):
    for name, check in CASES:
        try:
            wrong = check(root)
        except (LookupError, AttributeError, OSError, TypeError, ValueError) as error:
            wrong = f"{type(error).__name__}: {error}"
        yield name, not wrong, wrong
