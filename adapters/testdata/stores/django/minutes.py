"""The lifetime is read as minutes."""
from . import right


class SessionStore(right.SessionStore):
    def life(self, data):
        return 60 * super().life(data)
