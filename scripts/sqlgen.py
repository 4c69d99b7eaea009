#!/usr/bin/env python3
"""Turns .sql files into C: one `struct db_sql` a query, one `struct db_migration` a migration.

usage: sqlgen.py OUT.h OUT.c FILE.sql...
       sqlgen.py --all OUT.h FILE.sql...      every query of these files in one table, for a test that reads their plans

A query file holds sections that begin with `-- name: identifier`; the lines up to the next section are its text, which
becomes `extern const struct db_sql sql_identifier`. A line `-- engine: sqlite`, `-- engine: postgresql` or
`-- engine: both` inside a section says for which engine the lines after it are. Other comment lines are kept out.

A file whose name begins with digits (`001-staff.sql`) is a migration: `extern const struct db_migration
migration_ROOM_001_staff`, text as it stands; db/migrate.c reads its engine lines.
"""
import pathlib
import re
import sys

ENGINES = ("sqlite", "postgresql")


def c_string(text):
    lines = text.rstrip("\n").split("\n")
    quoted = [line.replace("\\", "\\\\").replace('"', '\\"') for line in lines]
    return "\n    ".join(f'"{line}\\n"' for line in quoted)


def queries(path):
    name, engine, text = None, "both", {}
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if found := re.match(r"-- name: ([a-z][a-z0-9_]*)\s*$", line):
            if name:
                yield name, text
            name, engine, text = found[1], "both", {e: [] for e in ENGINES}
        elif found := re.match(r"-- engine: (sqlite|postgresql|both)\s*$", line):
            engine = found[1]
        elif re.match(r"--\s*(name|engine)\b", line):
            sys.exit(f"{path}:{number}: neither '-- name: lower_case' nor '-- engine: sqlite, postgresql or both'")
        elif line.lstrip().startswith("--") or not line.strip():
            continue
        elif name is None:
            sys.exit(f"{path}:{number}: SQL before the first '-- name:' line")
        else:
            for one in ENGINES:
                if engine in (one, "both"):
                    text[one].append(line)
    if name:
        yield name, text


def everything(out, files):
    """`every_query[]`: {file, name, {text for SQLite, text for PostgreSQL}}."""
    rows = [f'  {{ "{path.parent.name}/{path.name}", "{name}", {{\n    {c_string(chr(10).join(text["sqlite"]).rstrip().rstrip(";"))},\n'
            f'    {c_string(chr(10).join(text["postgresql"]).rstrip().rstrip(";"))} }} }},'
            for path in files for name, text in queries(path)]
    out.write_text("/* Made by scripts/sqlgen.py. */\nstatic const struct {\n  const char *file, *name, *text[2];\n} every_query[] = {\n" +
                   "\n".join(rows) + "\n};\n", encoding="utf-8")


def main():
    if sys.argv[1] == "--all":
        everything(pathlib.Path(sys.argv[2]), [pathlib.Path(name) for name in sys.argv[3:]])
        return
    header, source, files = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), map(pathlib.Path, sys.argv[3:])
    guard = "SULH_" + re.sub(r"\W", "_", header.name).upper()
    h = [f"/* Made by scripts/sqlgen.py. */\n#ifndef {guard}\n#define {guard}\n", '#include "db/db.h"\n']
    c = [f'/* Made by scripts/sqlgen.py. */\n#include "{header.name}"\n']
    seen = set()
    for path in files:
        if path.name[0].isdigit():
            room = path.parent.parent.name if path.parent.name == "migrations" else path.parent.name
            ident = f"migration_{room}_" + re.sub(r"\W", "_", path.stem)
            h.append(f"extern const struct db_migration {ident};")
            text = c_string(path.read_text(encoding="utf-8"))
            c.append(f'const struct db_migration {ident} = {{\n  "{room}/{path.stem}",\n    {text}\n}};\n')
            continue
        for name, text in queries(path):
            if name in seen:
                sys.exit(f"{path}: query {name} stands twice")
            seen.add(name)
            sql = {e: "\n".join(text[e]).rstrip().rstrip(";") for e in ENGINES}
            if not all(sql.values()):
                sys.exit(f"{path}: query {name} has no text for one engine")
            h.append(f"extern const struct db_sql sql_{name};")
            if sql["sqlite"] == sql["postgresql"]:
                c.append(f"static const char text_{name}[] =\n    {c_string(sql['sqlite'])};")
                texts = f"text_{name}, text_{name}"
            else:
                texts = f"\n    {c_string(sql['sqlite'])},\n    {c_string(sql['postgresql'])}\n  "
            c.append(f'const struct db_sql sql_{name} = {{ "{name}", {{ {texts} }} }};\n')
    h.append("\n#endif\n")
    header.write_text("\n".join(h), encoding="utf-8")
    source.write_text("\n".join(c), encoding="utf-8")


if __name__ == "__main__":
    main()
