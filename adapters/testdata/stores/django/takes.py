"""A new session takes the key of another one."""
from django.contrib.sessions.backends.base import CreateError

from . import right


class SessionStore(right.SessionStore):
    def save(self, must_create=False):
        try:
            super().save(must_create)
        except CreateError:
            super().save()
