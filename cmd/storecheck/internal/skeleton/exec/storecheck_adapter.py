#!/usr/bin/env python3
"""A session store that storecheck can check: it speaks storecheck's protocol on standard input and output.

    storecheck bridge-check 'exec:python3 storecheck_adapter.py'    # does this program speak the protocol?
    storecheck run 'exec:python3 storecheck_adapter.py'             # is the store right?

The store here is a dict, and right. Put yours in its place, in the class Store; the rest can stay as it is. The protocol is described in
https://github.com/storecheck/storecheck/blob/main/bridge/PROTOCOL.md
"""
import json
import platform
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone

# What is true of the store. Leave out what you do not know; say durable or shared only of a store that keeps its sessions in a file or on a server.
PROPERTIES = {"durable": False, "shared": False, "disposable": True, "granularityMs": 1}


class Store:
    """Replace the methods with calls of your store. Delete touch, all, length or clear if your store has no such method: do not make one of others."""

    def __init__(self, namespace, folder, url, options):
        """Keep files below folder. Put namespace and a delimiter in front of each key on a server; its address is url, from --backend."""
        self.rows = {}  # id → (the text of the session, when it ends)
        self.lock = threading.Lock()  # storecheck calls from several threads, as a server does

    def get(self, sid):
        """Returns the text of the session, or None if there is none or it has ended."""
        with self.lock:
            return self.living(sid)

    def set(self, sid, session):
        with self.lock:
            self.rows[sid] = (session, end_of(session))

    def destroy(self, sid):
        """Removes a session; it is no error if there is none."""
        with self.lock:
            self.rows.pop(sid, None)

    def touch(self, sid, session):
        """Gives a session the cookie of the one that is passed in, and changes nothing else. A session that is missing stays missing."""
        with self.lock:
            text = self.living(sid)
            if text is not None:
                stored = json.loads(text)
                stored["cookie"] = json.loads(session)["cookie"]
                text = json.dumps(stored)
                self.rows[sid] = (text, end_of(text))

    def all(self):
        """Returns the texts of all sessions that live."""
        with self.lock:
            return [text for sid in list(self.rows) if (text := self.living(sid)) is not None]

    def length(self):
        return len(self.all())

    def clear(self):
        with self.lock:
            self.rows.clear()

    def living(self, sid):
        text, end = self.rows.get(sid, (None, 0))
        if text is not None and end <= time.time():
            del self.rows[sid]
            return None
        return text

    def close(self):
        pass


def end_of(session):
    """Returns when a session ends, in seconds since 1970. A cookie without expires lives for ever here."""
    expires = json.loads(session)["cookie"].get("expires")
    if not expires or expires.startswith("+"):  # Python has no year beyond 9999
        return float("inf")
    if expires.startswith("-"):  # nor before 1
        return 0
    return datetime.strptime(expires, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc).timestamp()


# From here on it is the protocol.

FEATURES = dict.fromkeys(["callbacks", "handles", "expressions", "express", "events", "resources"], False)
OPTIONAL = ["touch", "all", "clear", "length"]


class Refused(Exception):
    """What this program cannot do; it has a code of the protocol."""


class Adapter:
    def __init__(self):
        self.stores = {}
        self.opened = 0

    def answer(self, method, params):
        if method == "hello":
            if params["protocol"] != 1:
                raise Refused(4, "only protocol 1 is spoken")
            return {"protocol": 1, "name": "my-store", "version": "0.1.0", "language": "python", "runtime": "python " + platform.python_version(),
                    "features": FEATURES, "properties": PROPERTIES}
        if method == "open":
            self.opened += 1
            try:
                store = Store(params["namespace"], params["dir"], params.get("backend", {}).get("url"), params.get("options", {}))
            except Exception as error:
                raise Refused(1, f"{type(error).__name__}: {error}")
            self.stores[str(self.opened)] = store
            return {"instance": str(self.opened), "capabilities": {name: hasattr(store, name) for name in OPTIONAL},
                    "surface": {"emitter": False, "extensible": False, "generate": False, "class": type(store).__name__}}
        if method == "ping":
            return {}
        if method == "events":
            return {"events": []}
        if method not in ("call", "close"):
            raise Refused(-32601, "unknown method " + method)
        store = self.stores.get(params["instance"])
        if store is None:
            raise Refused(2, "no such instance is open")
        if method == "call":
            return self.call(store, params)
        del self.stores[params["instance"]]
        store.close()
        return {}

    def call(self, store, params):
        name = params["method"]
        if name not in ["get", "set", "destroy"] + OPTIONAL or not hasattr(store, name):
            raise Refused(3, "the store has no method " + name)
        arguments = [params["id"]] if "id" in params else []
        if name in ("set", "touch"):
            arguments.append(json.dumps(params["session"]))
        began = time.monotonic()
        try:
            value = getattr(store, name)(*arguments)
        except Exception as error:  # an error of the store belongs into the outcome
            return {"callbacks": 1, "error": {"name": type(error).__name__, "message": str(error) or repr(error)}}
        outcome = {"callbacks": 1, "kind": "undefined", "elapsedMs": (time.monotonic() - began) * 1000}
        if name == "get" and value is not None:
            outcome.update(kind="object", value=json.loads(value))
        elif name == "all":
            outcome.update(kind="array", value=[json.loads(text) for text in value])
        elif name == "length":
            outcome.update(kind="number", value=value)
        return outcome


def main():
    sys.setrecursionlimit(20_000)  # sessions may be nested 1,000 levels deep
    adapter, writing = Adapter(), threading.Lock()

    def serve(line):
        request = json.loads(line)
        reply = {"jsonrpc": "2.0", "id": request["id"]}
        try:
            reply["result"] = adapter.answer(request["method"], request["params"])
        except Refused as refused:
            reply["error"] = {"code": refused.args[0], "message": refused.args[1]}
        except Exception as error:
            reply["error"] = {"code": -32603, "message": f"{type(error).__name__}: {error}"}
        text = json.dumps(reply)  # ASCII only, so that lone surrogates stay what they are
        with writing:
            print(text, flush=True)

    with ThreadPoolExecutor(32) as pool:
        for line in sys.stdin.buffer:
            if line.strip():
                pool.submit(serve, line)
    for store in adapter.stores.values():
        store.close()


if __name__ == "__main__":
    main()
