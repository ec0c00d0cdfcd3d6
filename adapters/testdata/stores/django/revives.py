"""A save makes a session that is gone, as that of django-redis-sessions does: a page on its way undoes a logout."""
from django.contrib.sessions.backends.base import UpdateError

from . import right


class SessionStore(right.SessionStore):
    def save(self, must_create=False):
        try:
            super().save(must_create)
        except UpdateError:
            super().save(must_create=True)
