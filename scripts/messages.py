#!/usr/bin/env python3
"""Collects the messages of templates and C sources into locales/sulh.pot and brings the .po files up to date.

usage: messages.py            write sulh.pot, merge it into every .po file
       messages.py --check    change nothing; fail when a catalogue is stale, incomplete or contradicts its keys
       messages.py --missing  list what still has to be translated

From templates: {{#t}}English text{{/t}}, white space folded to single spaces; a line {{! translators: … }} before it is
passed on. From C: N_("…") and the literals given to text_get, text_get_context, text_format and text_plural, with
/* translators: … */ before them. Two marks in a row that hold the number, N_("{n} day"), N_("{n} days"), are the singular
and plural of one message.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
LOCALES = ROOT / "locales"
POT = LOCALES / "sulh.pot"
TRANSLATED = ("az", "ru", "ur")
LANGUAGES = {
    "az": ("Azerbaijani", "nplurals=2; plural=(n != 1);"),
    "en": ("English", "nplurals=2; plural=(n != 1);"),
    "ru": ("Russian", "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) "
                      "? 1 : 2);"),
    "ur": ("Urdu", "nplurals=2; plural=(n != 1);"),
}
HEADER = """Project-Id-Version: sulh
MIME-Version: 1.0
Content-Type: text/plain; charset=UTF-8
Content-Transfer-Encoding: 8bit
"""


class Message:
    def __init__(self):
        self.plural, self.places, self.notes = None, [], []


# --- extraction ------------------------------------------------------------------------------------------------------

def add(messages, where, text, context=None, plural=None, note=None):
    if not text:
        return
    message = messages.setdefault((context, text), Message())
    if plural:
        if message.plural not in (None, plural):
            sys.exit(f"{where}: {text!r} has two different plurals")
        message.plural = plural
    message.places.append(where)
    if note and note not in message.notes:
        message.notes.append(note)


def fold(text):
    return " ".join(text.split())


def from_template(messages, path):
    source, name = path.read_text(encoding="utf-8"), path.relative_to(ROOT)
    for found in re.finditer(r"\{\{#t\}\}(.*?)\{\{/t\}\}", source, re.S):
        line = source.count("\n", 0, found.start()) + 1
        text = fold(found[1])
        if re.search(r"\{\{[#/^>]", text):
            sys.exit(f"{name}:{line}: a message cannot hold a section or a partial: {text!r}")
        before = source[:found.start()].rsplit("\n", 1)[0]
        note = re.search(r"\{\{!\s*translators:(.*?)\}\}\s*$", before, re.S)
        add(messages, f"{name}:{line}", text, note=fold(note[1]) if note else None)
    if source.count("{{#t}}") != source.count("{{/t}}"):
        sys.exit(f"{name}: {{{{#t}}}} and {{{{/t}}}} do not match")


C_TOKEN = re.compile(r"""
    (?P<comment>/\*.*?\*/|//[^\n]*) | (?P<string>(?:u8)?"(?:[^"\\\n]|\\.)*") | (?P<char>'(?:[^'\\\n]|\\.)*')
    | (?P<word>[A-Za-z_]\w*) | (?P<directive>^[ \t]*\#[ \t]*define\b) | (?P<other>\S)""", re.X | re.S | re.M)
# function: positions of (context, message, plural) among its arguments
CALLS = {"N_": (None, 0, None), "text_get": (None, 1, None), "text_get_context": (1, 2, None),
         "text_format": (None, 2, None), "text_plural": (None, 2, 3)}


def c_value(literal):
    body = literal[literal.index('"') + 1:-1]
    escapes = {"n": "\n", "t": "\t", '"': '"', "\\": "\\", "'": "'"}
    return re.sub(r"\\(.)", lambda m: escapes.get(m[1]) or sys.exit(f"unknown escape in {literal}"), body)


def arguments(tokens, at):
    """The arguments of the call whose "(" stands at `at`, a text where one is nothing but literals, else None; and the
    place of its ")"."""
    found, current, depth = [], [], 0
    for place, token in enumerate(tokens[at:], at):
        text = token.group()
        if text in "([{" and token.lastgroup == "other":
            depth += 1
            if depth == 1:
                continue
        elif text in ")]}" and token.lastgroup == "other":
            depth -= 1
        if depth == 0 or (depth == 1 and text == ","):
            literal = current and all(t.lastgroup == "string" for t in current)
            found.append("".join(c_value(t.group()) for t in current) if literal else None)
            current = []
            if depth == 0:
                return found, place
        elif token.lastgroup != "comment":
            current.append(token)
    return found, len(tokens)


def plural_after(tokens, end):
    """The text of `, N_("…{n}…")` behind the ")" at `end`: two such marks in a row are singular and plural."""
    words = [token.group() for token in tokens[end + 1:end + 4]]
    if words != [",", "N_", "("]:
        return None, end
    given, last = arguments(tokens, end + 3)
    return (given[0], last) if given[0] and "{n}" in given[0] else (None, end)


def from_c(messages, path):
    source, name, note = path.read_text(encoding="utf-8"), path.relative_to(ROOT), None
    tokens, note_line, taken = list(C_TOKEN.finditer(source)), 0, -1
    for at, token in enumerate(tokens):
        line = source.count("\n", 0, token.start()) + 1
        if token.lastgroup == "comment":
            if spoken := re.match(r"/\*\s*translators:(.*?)\*/$", token.group(), re.S):
                note, note_line = fold(spoken[1].replace("\n *", "\n ")), line + token.group().count("\n")
        positions = CALLS.get(token.group()) if token.lastgroup == "word" else None
        if not positions or at + 1 >= len(tokens) or tokens[at + 1].group() != "(":
            continue
        if at <= taken or (at and tokens[at - 1].lastgroup == "directive"):
            continue
        given, end = arguments(tokens, at + 1)
        context, text, plural = [given[p] if p is not None and p < len(given) else None for p in positions]
        if token.group() == "N_" and text and "{n}" in text:
            plural, taken = plural_after(tokens, end)
        if text is not None and (positions[0] is None or context is not None):
            add(messages, f"{name}:{line}", text, context, plural, note if line - note_line <= 3 else None)


def collect():
    messages = {}
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.is_file():
            from_template(messages, path)
    for path in sorted((ROOT / "src").rglob("*.[ch]")):
        # Examples in comments are no calls; the tokenizer passes over them.
        from_c(messages, path)
    return messages


# --- .po files -------------------------------------------------------------------------------------------------------

def quoted(keyword, text):
    body = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'{keyword} "{body}"'


def pot_text(messages):
    out = ['msgid ""', 'msgstr ""'] + [quoted("", line + "\n").strip() for line in HEADER.strip().split("\n")] + [""]
    for (context, text), message in sorted(messages.items(), key=lambda item: (item[0][1], item[0][0] or "")):
        out += [f"#. {note}" for note in message.notes]
        # Files without line numbers: moving a line must not make the catalogue stale.
        out += [f"#: {place}" for place in sorted({p.rsplit(":", 1)[0] for p in message.places})]
        if context is not None:
            out.append(quoted("msgctxt", context))
        out.append(quoted("msgid", text))
        if message.plural:
            out += [quoted("msgid_plural", message.plural), 'msgstr[0] ""', 'msgstr[1] ""', ""]
        else:
            out += ['msgstr ""', ""]
    return "\n".join(out)


def unquote(line):
    return c_value(line[line.index('"'):])


def read_po(path):
    """Entries as dictionaries: msgctxt, msgid, msgid_plural, forms (list), fuzzy."""
    entries, entry, key = [], {"forms": []}, None
    for line in path.read_text(encoding="utf-8").split("\n") + [""]:
        if not line.strip():
            if "msgid" in entry:
                entries.append(entry)
            entry, key = {"forms": []}, None
        elif line.startswith("#"):
            entry["fuzzy"] = entry.get("fuzzy") or (line.startswith("#,") and "fuzzy" in line)
        elif line.startswith('"'):
            if key == "msgstr":
                entry["forms"][-1] += unquote(line)
            else:
                entry[key] += unquote(line)
        elif found := re.match(r'(msgctxt|msgid_plural|msgid|msgstr)(?:\[\d\])? "', line):
            key = found[1]
            if key == "msgstr":
                entry["forms"].append(unquote(line))
            else:
                entry[key] = unquote(line)
    return entries


def new_po(language):
    name, plural = LANGUAGES[language]
    lines = HEADER.strip().split("\n") + ["PO-Revision-Date: 2026-11-23 12:00+0000", "Last-Translator: Sulh",
                                          f"Language-Team: {name}", f"Language: {language}", f"Plural-Forms: {plural}"]
    return "\n".join([f"# {name} messages of Sulh.", 'msgid ""', 'msgstr ""']
                     + [quoted("", line + "\n").strip() for line in lines]) + "\n\n"


def merge(language):
    path = LOCALES / f"{language}.po"
    if not path.exists():
        path.write_text(new_po(language), encoding="utf-8")
    if language == "en":
        return  # holds only what differs from its key
    subprocess.run(["msgmerge", "--quiet", "--update", "--backup=none", "--no-fuzzy-matching", "--no-wrap",
                    path, POT], check=True)


# --- checks ----------------------------------------------------------------------------------------------------------

def placeholders(text):
    return sorted(set(re.findall(r"\{\{[^{}]*\}\}|\{\w+\}", text)))


def tags(text):
    return sorted(fold(tag) for tag in re.findall(r"</?[a-zA-Z][^<>]*>", text))


def same_as_english():
    path = LOCALES / "same-as-english.txt"
    lines = path.read_text(encoding="utf-8").split("\n") if path.exists() else []
    return {line for line in lines if line and not line.startswith("#")}


def faults_of_form(english, form, singular, allowed):
    # The form for exactly one may spell the number out.
    wanted, has = placeholders(english), placeholders(form)
    if has != wanted and not (singular and set(wanted) - set(has) == {"{n}"} and set(has) <= set(wanted)):
        yield f"placeholders {has} instead of {wanted}"
    if tags(english) != tags(form):
        yield f"HTML tags {tags(form)} instead of {tags(english)}"
    if form == english and english not in allowed and re.search(r"[A-Za-z]", re.sub(r"\{+\w+\}+|<[^>]*>", "", form)):
        yield "is the English text (if that is right, list it in locales/same-as-english.txt)"


def faults_of_po(language, messages, allowed):
    entries = {(e.get("msgctxt"), e["msgid"]): e for e in read_po(LOCALES / f"{language}.po") if e["msgid"]}
    for key, message in messages.items():
        entry = entries.get(key)
        if not entry or not entry["forms"] or not all(entry["forms"]) or entry.get("fuzzy"):
            if language in TRANSLATED:
                yield key[1], "is not translated"
            continue
        if entry.get("msgid_plural") != message.plural:
            yield key[1], "its plural has changed"
        for index, form in enumerate(entry["forms"]):
            # Russian uses its first form for 21 and 101 too.
            singular = message.plural and index == 0 and language != "ru"
            for fault in faults_of_form(message.plural or key[1], form, singular, allowed):
                if language != "en" or not fault.startswith("is the English"):
                    yield key[1], fault
    for key in entries.keys() - messages.keys():
        yield key[1], "is no longer used"


def check(messages):
    faults = 0
    if not POT.exists() or POT.read_text(encoding="utf-8") != pot_text(messages):
        print("locales/sulh.pot is stale: run scripts/messages.py")
        faults += 1
    allowed = same_as_english()
    for language in LANGUAGES:
        for text, fault in faults_of_po(language, messages, allowed):
            print(f"locales/{language}.po: {text!r}: {fault}")
            faults += 1
        with tempfile.NamedTemporaryFile() as out:
            done = subprocess.run(["msgfmt", "--check", "-o", out.name, LOCALES / f"{language}.po"])
            faults += done.returncode != 0
    print(f"{len(messages)} messages, {len(LANGUAGES)} languages, {faults} faults")
    return faults == 0


def main(arguments_):
    messages = collect()
    if arguments_ == ["--check"]:
        return 0 if check(messages) else 1
    if arguments_ == ["--missing"]:
        for language in TRANSLATED:
            for text, fault in faults_of_po(language, messages, same_as_english()):
                print(f"{language}\t{text}\t{fault}")
        return 0
    if arguments_:
        print(__doc__, file=sys.stderr)
        return 2
    POT.write_text(pot_text(messages), encoding="utf-8")
    for language in LANGUAGES:
        merge(language)
    print(f"{len(messages)} messages")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
