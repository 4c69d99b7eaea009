#!/usr/bin/env python3
"""Turns files into the program's asset table (struct asset in src/base/asset.h).

usage: embed.py OUT.c OUT.S OUT.bin DEPFILE NAME=PATH...

PATH is a file, embedded as NAME, or a folder, whose files are embedded as NAME/… (names that begin with a dot are left
out; a folder that is not there is empty). All bytes stand in OUT.bin, which OUT.S includes as it is: a compiler takes a
minute for the same bytes written as numbers. The same input gives the same output to the byte. DEPFILE tells ninja which
files and folders were read, so that a changed, new or removed file embeds again.
"""
import gzip
import hashlib
import pathlib
import sys

COMPRESSED = {".woff", ".woff2", ".png", ".jpg", ".gz", ".webp", ".ico"}


def files(name, path, read):
    read.append(path)
    if path.is_dir():
        for one in sorted(path.iterdir()):
            if not one.name.startswith("."):
                yield from files(f"{name}/{one.name}", one, read)
    elif path.exists():
        yield name, path


def append(blob, data):
    """Puts the bytes and a zero behind them on a boundary of 16 bytes, and says where."""
    at = len(blob)
    blob += data + b"\0"
    blob += b"\0" * (-len(blob) % 16)
    return at


def row(name, path, blob):
    data = path.read_bytes()
    zipped = b"" if path.suffix in COMPRESSED else gzip.compress(data, 9, mtime=0)
    at = append(blob, data)
    pair = "NULL, 0"
    if zipped and len(zipped) < len(data):
        pair = f"asset_bytes + {append(blob, zipped)}, {len(zipped)}"
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    etag = hashlib.sha256(data).hexdigest()[:32]
    return f'\t{{ "{quoted}", asset_bytes + {at}, {len(data)}, {pair}, "{etag}" }},\n'


def c_table(rows):
    return f"""/* Made by scripts/embed.py. */
#include "base/asset.h"

extern const unsigned char asset_bytes[];

const struct asset asset_table[] = {{
{"".join(rows) or "	{ NULL, NULL, 0, NULL, 0, NULL },"}
}};
const size_t asset_count = {len(rows)};
"""


def assembler(blob_path):
    return f"""/* Made by scripts/embed.py. */
\t.section .rodata
\t.balign 16
\t.global asset_bytes
\t.type asset_bytes, %object
asset_bytes:
\t.incbin "{blob_path.resolve()}"
\t.byte 0
\t.size asset_bytes, . - asset_bytes
\t.section .note.GNU-stack, "", %progbits
"""


def escaped(path):
    return str(path).replace(" ", "\\ ").replace("$", "$$").replace("#", "\\#")


def main():
    if len(sys.argv) < 6:
        sys.exit(__doc__)
    out_c, out_asm, out_bin, depfile = map(pathlib.Path, sys.argv[1:5])
    found, read = {}, []
    for argument in sys.argv[5:]:
        name, path = argument.split("=", 1)
        for one, where in files(name, pathlib.Path(path), read):
            if one in found:
                sys.exit(f"embed.py: {one} comes from {found[one]} and from {where}")
            found[one] = where
    blob = bytearray()
    # The C side searches by the order of bytes.
    rows = [row(name, found[name], blob) for name in sorted(found, key=str.encode)]
    out_bin.write_bytes(blob)
    out_c.write_text(c_table(rows), encoding="utf-8")
    out_asm.write_text(assembler(out_bin), encoding="utf-8")
    seen = " ".join(escaped(path) for path in read if path.exists())
    depfile.write_text(f"{escaped(out_c)}: {seen}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
