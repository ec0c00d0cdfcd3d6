"""A right session backend of an unusual make: one table in memory that holds texts, and ends that a heap sweeps."""
import heapq
import json
import threading
import time

from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError


class SessionStore(SessionBase):
    lock = threading.RLock()
    texts, ends, heap = {}, {}, []

    def life(self, data):
        """Returns how many seconds a session lives from now."""
        return self.get_expiry_age(expiry=data.get("_session_expiry"))

    def end(self, key, data):
        self.ends[key] = time.monotonic() + self.life(data)
        heapq.heappush(self.heap, (self.ends[key], key))

    def sweep(self):
        while self.heap and self.heap[0][0] <= time.monotonic():
            _, key = heapq.heappop(self.heap)
            if self.ends.get(key, time.monotonic() + 1) <= time.monotonic():
                del self.texts[key], self.ends[key]

    def load(self):
        with self.lock:
            self.sweep()
            text = self.texts.get(self.session_key)
        if text is None:
            self._session_key = None
            return {}
        return json.loads(text)

    def exists(self, session_key):
        with self.lock:
            self.sweep()
            return session_key in self.texts

    def create(self):
        self._session_key = self._get_new_session_key()
        self.save(must_create=True)
        self.modified = True

    def save(self, must_create=False):
        if self.session_key is None:
            return self.create()
        data = self._get_session(no_load=must_create)
        with self.lock:
            self.sweep()
            if must_create and self.session_key in self.texts:
                raise CreateError
            if not must_create and self.session_key not in self.texts:
                raise UpdateError
            self.texts[self.session_key] = json.dumps(data)
            self.end(self.session_key, data)

    def delete(self, session_key=None):
        with self.lock:
            self.texts.pop(session_key or self.session_key, None)
            self.ends.pop(session_key or self.session_key, None)

    @classmethod
    def clear_expired(cls):
        with cls.lock:
            cls.sweep(cls())
