#!/usr/bin/env python3
"""A private PostgreSQL 15 server for tests: `with postgres() as url:`, or from a shell `postgres.py COMMAND…`.

The server lives in a temporary folder, listens on a free loopback port, writes to disk as in real life (fsync on), and is
gone at the end. Started by root it runs as the user postgres, because PostgreSQL refuses to run as root. The command, and
everything it starts, finds the address in SULH_TEST_PG.
"""
import contextlib
import os
import pathlib
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

BIN = pathlib.Path("/usr/lib/postgresql/15/bin")
START_SECONDS = 60


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def identity():
    """What subprocess needs to run as somebody whom PostgreSQL accepts."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam("postgres")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def run(command, who, folder):
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **who)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed:\n{done.stdout}")


def wait_until_ready(server, port, log):
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        ready = subprocess.run([BIN / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)])
        if ready.returncode == 0:
            return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}")


@contextlib.contextmanager
def postgres():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sulh-pg-"))
    who, password, port = identity(), secrets.token_hex(16), free_port()
    server = None
    try:
        if who:
            os.chown(folder, who["user"], who["group"])
        secret = folder / "password"
        secret.touch(mode=0o600)
        secret.write_text(password + "\n")
        if who:
            os.chown(secret, who["user"], who["group"])
        run([BIN / "initdb", "-D", folder / "data", "-U", "sulh", "--pwfile", secret, "-A", "scram-sha-256", "-E", "UTF8",
             "--locale", "C.UTF-8", "--no-instructions"], who, folder)
        log = folder / "log"
        with log.open("wb") as out:
            server = subprocess.Popen(
                [BIN / "postgres", "-D", folder / "data", "-p", str(port), "-k", folder, "-c", "listen_addresses=127.0.0.1",
                 "-c", "max_connections=200"], cwd=folder, stdout=out, stderr=out, start_new_session=True, **who)
        wait_until_ready(server, port, log)
        yield f"postgresql://sulh:{password}@127.0.0.1:{port}/postgres"
    finally:
        if server and server.poll() is None:
            server.send_signal(signal.SIGINT)  # "fast": clients are sent away, the data is left clean
            try:
                server.wait(30)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def database(server):
    """A database of its own on that server: advisory locks and numbers of one program do not meet another's."""
    name = f"sulh_{secrets.token_hex(6)}"
    psql(server, f"create database {name}")
    try:
        yield server.rsplit("/", 1)[0] + "/" + name
    finally:
        psql(server, f"drop database {name} with (force)")


def psql(url, statement):
    run([BIN / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", statement, url], {}, "/")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    with postgres() as address:
        status = subprocess.run(sys.argv[1:], env={**os.environ, "SULH_TEST_PG": address}).returncode
    sys.exit(status)
