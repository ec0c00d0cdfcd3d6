#!/usr/bin/env python3
"""Django's session backends as stores that storecheck can check.

    storecheck run 'exec:python3 adapters/django/adapter.py db'     # or file, cache, or a module of yours that has a SessionStore, as in my.sessions

A session is one string value of Django's dictionary, so that Django's serialiser is not what is judged, and its end is _session_expiry, in whole
seconds. Django makes its own keys, so a key is the SHA-1 of the id. There is no touch, and nothing that lists: a backend has no such methods.
"""
import hashlib
import json
import os
import platform
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from importlib import import_module

import django
from django.conf import settings
from django.contrib.sessions.backends.base import CreateError

BACKEND = sys.argv[1] if len(sys.argv) > 1 else "db"
IN_FILES = BACKEND in ("file", "db", "cached_db")  # a cache of the process is neither durable nor shared
FEATURES = {**dict.fromkeys(["callbacks", "handles", "expressions", "express", "events", "resources"], False), "forms": True}

class Refused(Exception):
    """A request that this program cannot do: a code of the protocol, and why."""

class Backend:
    place = None  # of the one store that this process has: Django's settings are those of the process

    def __init__(self, params):
        here = (params["dir"], params["namespace"])
        if Backend.place not in (None, here):
            raise Refused(1, "Django's settings are those of a process: another place needs another process")
        if Backend.place is None:
            self.configure(params["dir"])
            Backend.place = here
        self.store = import_module(BACKEND if "." in BACKEND else "django.contrib.sessions.backends." + BACKEND).SessionStore

    def configure(self, folder):
        database = {"ENGINE": "django.db.backends.sqlite3", "NAME": os.path.join(folder, "sessions.sqlite3"), "OPTIONS": {"timeout": 20}}
        settings.configure(
            SECRET_KEY="storecheck", USE_TZ=True, INSTALLED_APPS=["django.contrib.sessions"], SESSION_FILE_PATH=folder, DATABASES={"default": database},
            CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 1_000_000}}})
        django.setup()
        if BACKEND in ("db", "cached_db"):
            from django.core.management import call_command
            from django.db import OperationalError
            try:
                call_command("migrate", verbosity=0)
            except OperationalError:
                pass  # another process makes the table just now

    def session(self, sid):
        session = self.store(hashlib.sha1(sid.encode("utf-8", "surrogatepass")).hexdigest())
        # The file backend makes a new session where it finds an ended one. Nobody asked for it here.
        session.create = lambda: setattr(session, "_session_key", None)
        return session

    def get(self, sid, form):
        session = self.session(sid)
        data = session.load()
        return data.get("text", "{}" if form else None) if session.session_key else None

    def set(self, sid, text, form):
        session = self.session(sid)
        session._session_cache = {"text": text}
        end = end_of(text)
        if end:
            left = end - time.time()
            session["_session_expiry"] = max(round(left), 1) if left > 0 else min(round(left), -1)  # 0 means until the browser closes
        if form:
            return session.save(must_create=form == "new")
        try:
            session.save(must_create=not session.exists(session.session_key))
        except CreateError:  # another call has made it since: to Django that is a change like any other
            session.save()

    def destroy(self, sid):
        self.session(sid).delete()


def end_of(text):
    """Returns when a session ends, in seconds since 1970, or something falsy."""
    expires = json.loads(text)["cookie"].get("expires")
    if expires and expires[0] in "+-":
        raise ValueError("Python has no date " + expires)
    return expires and datetime.strptime(expires, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc).timestamp()


stores = {}

def answer(method, params):
    if method == "hello":
        if params["protocol"] != 1:
            raise Refused(4, "only protocol 1 is spoken")
        return {"protocol": 1, "name": "django-" + BACKEND, "version": django.get_version(), "language": "python", "profile": "django",
                "features": FEATURES, "runtime": "python " + platform.python_version(), "properties": {"durable": IN_FILES, "shared": IN_FILES, "granularityMs": 1000}}
    if method == "open":
        stores[str(len(stores) + 1)] = store = Backend(params)
        return {"instance": str(len(stores)), "capabilities": dict.fromkeys(["touch", "all", "clear", "length"], False),
                "surface": {"emitter": False, "extensible": False, "generate": False, "class": store.store.__module__}}
    if method in ("ping", "events"):
        return {} if method == "ping" else {"events": []}
    if method not in ("call", "close"):
        raise Refused(-32601, "unknown method " + method)
    if stores.get(params["instance"]) is None:
        raise Refused(2, "no such instance is open")
    if method == "close":
        stores[params["instance"]] = None
        return {}
    if params["method"] not in ("get", "set", "destroy"):
        raise Refused(3, "the store has no method " + params["method"])
    began = time.monotonic()
    arguments = {"get": [params.get("form")], "set": [json.dumps(params.get("session")), params.get("form")], "destroy": []}[params["method"]]
    try:
        value = getattr(stores[params["instance"]], params["method"])(params["id"], *arguments)
    except Exception as error:
        return {"callbacks": 1, "error": {"name": type(error).__name__, "message": str(error) or repr(error)}}
    outcome = {"callbacks": 1, "kind": "undefined", "elapsedMs": (time.monotonic() - began) * 1000}
    return outcome if value is None else {**outcome, "kind": "object", "value": json.loads(value)}


writing = threading.Lock()

def serve(line):
    request = json.loads(line)
    reply = {"jsonrpc": "2.0", "id": request["id"]}
    try:
        reply["result"] = answer(request["method"], request["params"])
    except Refused as refused:
        reply["error"] = {"code": refused.args[0], "message": refused.args[1]}
    except Exception as error:
        reply["error"] = {"code": -32603, "message": f"{type(error).__name__}: {error}"}
    with writing:
        print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    sys.setrecursionlimit(20_000)
    with ThreadPoolExecutor(16) as pool:
        for line in sys.stdin.buffer:
            if b'"method":"call"' in line:
                pool.submit(serve, line)
            elif line.strip():
                serve(line)
