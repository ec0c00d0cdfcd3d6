"""The calls that Django's SessionMiddleware makes on a session backend, as it makes them on the cache backend, with the answers that matter."""
from types import ModuleType
import sys

import django
from django.conf import settings

settings.configure(SECRET_KEY="storecheck", SESSION_ENGINE="recorded", SESSION_COOKIE_AGE=60,
                   CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}})
django.setup()

from django.contrib.sessions.backends.base import CreateError, UpdateError  # noqa: E402
from django.contrib.sessions.backends.cache import SessionStore  # noqa: E402
from django.contrib.sessions.exceptions import SessionInterrupted  # noqa: E402
from django.contrib.sessions.middleware import SessionMiddleware  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.test import RequestFactory  # noqa: E402
from django.test.utils import override_settings  # noqa: E402

names = {}


def name(key):
    """Keys in the order in which they came."""
    return key and names.setdefault(key, f"K{len(names) + 1}")


def say(depth, text):
    print("  " * (depth + 1) + text)


class Recorded(SessionStore):
    depth = 0

    def told(self, call, method, *args):
        say(Recorded.depth, call)
        Recorded.depth += 1
        try:
            answer = method(*args)
        except (CreateError, UpdateError) as error:
            say(Recorded.depth, f"→ {type(error).__name__}")
            raise
        finally:
            Recorded.depth -= 1
        return answer

    def load(self):
        before = name(self.session_key)
        data = self.told(f"load() of {before}", super().load)
        say(Recorded.depth + 1, f"→ {data}" + ("" if self.session_key else ", session_key is None"))
        return data

    def exists(self, key):
        answer = self.told(f"exists({name(key)})", super().exists, key)
        say(Recorded.depth + 1, f"→ {answer}")
        return answer

    def create(self):
        return self.told("create()", super().create)

    def save(self, must_create=False):
        return self.told(f"save(must_create={must_create}) of {name(self.session_key)}, {getattr(self, '_session_cache', {})}", super().save, must_create)

    def delete(self, session_key=None):
        return self.told(f"delete({name(session_key) or ''}) of {name(self.session_key)}", super().delete, session_key)

    def flush(self):
        return self.told("flush()", super().flush)

    def cycle_key(self):
        return self.told("cycle_key()", super().cycle_key)


module = ModuleType("recorded")
module.SessionStore = Recorded
sys.modules["recorded"] = module


class Browser:
    """One visitor. A page is a function of the session that runs while the request is on its way."""

    def __init__(self, key=None):
        self.key = key

    def visit(self, page, status=200):
        request = RequestFactory().get("/")
        if self.key:
            request.COOKIES["sessionid"] = self.key

        def view(request):
            page(request.session)
            return HttpResponse(status=status)
        try:
            answer = SessionMiddleware(view)(request)
        except SessionInterrupted:
            return say(0, "visitor: 400, the session was deleted meanwhile")
        cookie = answer.cookies.get("sessionid")
        seen = f"visitor: {answer.status_code}"
        if cookie is not None:
            self.key = cookie.value or None
            seen += f", cookie {name(cookie.value)} for {cookie['max-age'] or 'the browser session'}" if cookie.value else ", cookie deleted"
        say(0, seen)


def nothing(session):
    pass


def read(session):
    session.get("user")


def put(**data):
    return lambda session: session.update(data)


def stranger(key, title):
    """A visitor who brings an id, or none."""
    names.clear()
    print(f"\n{title}")
    return Browser(key)


def quiet(browser, page):
    """A visit that is not recorded."""
    global say
    kept, say = say, lambda *_: None
    try:
        browser.visit(page)
    finally:
        say = kept
    return browser


def known(title):
    names.clear()
    browser = quiet(Browser(), put(user="ann"))
    print(f"\n{title}")
    return browser


def both(inner):
    """A page during which another one of the same visitor comes and goes."""
    def page(session):
        session.get("user")
        say(0, "another page begins")
        inner.visit(inner.page)
        say(0, "another page has ended")
    return page


def with_inner(browser, page):
    inner = Browser(browser.key)
    inner.page = page
    return inner


def then(*pages):
    def page(session):
        for one in pages:
            one(session)
    return page


def logout(session):
    session.flush()


def cycle(session):
    session.cycle_key()


stranger(None, "new visitor, nothing is done").visit(nothing)
stranger(None, "new visitor, read").visit(read)
stranger(None, "new visitor, data").visit(put(user="ann"))
known("nothing is done").visit(nothing)
known("read").visit(read)
known("changed").visit(put(n=1))
known("changed, the answer is 500").visit(put(n=1), status=500)
known("set_expiry(300)").visit(lambda s: s.set_expiry(300))
known("set_expiry(0)").visit(lambda s: s.set_expiry(0))
known("clear()").visit(lambda s: s.clear())
known("login: cycle_key()").visit(cycle)
known("logout: flush()").visit(logout)
known("logout, then data").visit(then(logout, put(user="ben")))
for title, page in {"nothing is done": nothing, "read": read, "data": put(user="eve")}.items():
    stranger("x" * 32, f"an id that nobody issued, {title}").visit(page)
stranger("short", "an id of fewer than eight characters, data").visit(put(user="eve"))
for title, page in {"reads": nothing, "changes": put(n=1), "cycles the key": cycle}.items():
    browser = known(f"a page that {title}, and a logout while it is on its way")
    browser.visit(then(both(with_inner(browser, logout)), page))
browser = known("two pages change the session")
browser.visit(then(both(with_inner(browser, put(m=2))), put(n=1)))
browser = known("a page changes the session, and a login while it is on its way")
browser.visit(then(both(with_inner(browser, cycle)), put(n=1)))
with override_settings(SESSION_SAVE_EVERY_REQUEST=True):
    print("\n# with SESSION_SAVE_EVERY_REQUEST")
    stranger(None, "new visitor, nothing is done").visit(nothing)
    known("nothing is done").visit(nothing)
    browser = known("a page that reads, and a logout while it is on its way")
    browser.visit(both(with_inner(browser, logout)))
