"""HTTP to a triple store: authentication, repetition with growing pauses, and errors that say what to do."""

from __future__ import annotations

import netrc
import os
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import httpx

from kg.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Collection, Generator, Mapping

_TIMEOUT: Final = 60.0
_RETRIES: Final = 5
_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 60.0
_BUSY: Final = frozenset((429, 502, 503, 504))
_LOGIN: Final = "set KG_STORE_USER and KG_STORE_PASSWORD, or add the host to ~/.netrc"


class Client:
    """A client of the store at `address`.

    User and password come from ``KG_STORE_USER`` and ``KG_STORE_PASSWORD``, or from the netrc file (``NETRC``, or
    ``~/.netrc``), and are sent as the server asks for them, basic or digest.

    Args:
        address: what errors name; its host is the one whose password is looked up.
        example: what such an address looks like.
        timeout: seconds to wait for each answer; 60 unless told.
        retries: how often a request is repeated where the server does not answer or is busy; 5 unless told.

    Raises:
        StoreError: the address holds a password, or the password cannot be looked up.
    """

    def __init__(self, address: str, example: str, *, timeout: float | None = None, retries: int | None = None) -> None:
        self._example = example
        self.address = re.sub(r"//[^/]*@", "//", address)
        if self.address != address:
            raise StoreError(self.address, "a password in an address can be seen by others", _LOGIN)
        self._retries = _RETRIES if retries is None else retries
        self._answered = False
        self._user, auth = _login(address)
        seconds = timeout or _TIMEOUT
        self._http = httpx.Client(timeout=httpx.Timeout(seconds, connect=min(10.0, seconds)), auth=auth)

    def send(
        self,
        method: str,
        url: str,
        *,
        content: bytes | None = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        allowed: Collection[int] = (),
    ) -> httpx.Response:
        """The answer to a request; only a success, or a status in `allowed`.

        Raises:
            StoreError: the server does not answer, not even when asked again, or it refuses.
        """
        pause = _FIRST_PAUSE
        for left in range(self._retries, -1, -1):
            wait = pause
            try:
                answer = self._http.request(method, url, content=content, data=form, headers=headers)
            except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
                raise StoreError(
                    self.address, f"is no address ({error})", f"give the address of {self._example}"
                ) from error
            except httpx.TransportError as error:
                if not left or (isinstance(error, httpx.ConnectError) and not self._answered):
                    raise self._silent(error) from error
            else:
                self._answered = True
                if answer.is_success or answer.status_code in allowed:
                    return answer
                if not left or answer.status_code not in _BUSY:
                    raise self._refused(answer)
                wait = max(wait, _asked_pause(answer))
            time.sleep(min(wait, _LONGEST_PAUSE))
            pause *= 2
        raise AssertionError  # the last turn returns or raises

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _silent(self, error: httpx.TransportError) -> StoreError:
        if isinstance(error, httpx.TimeoutException):
            advice = "allow more with --timeout, or load again later: it goes on from here"
            return StoreError(self.address, "no answer in time", advice)
        problem = f"does not answer ({error})"
        return StoreError(
            self.address, problem, "start the store, or check the address; loading again goes on from here"
        )

    def _refused(self, answer: httpx.Response) -> StoreError:
        said = " ".join(answer.text.split())[:120]
        status = answer.status_code
        problem = f"refused with {status} {answer.reason_phrase}" + (f": {said}" if said else "")
        if status in {401, 403}:
            advice = f"check the password of '{self._user}', and what that user may do" if self._user else _LOGIN
            return StoreError(self.address, problem, advice)
        if status in _BUSY:
            return StoreError(self.address, problem, "load again later: it goes on from here")
        if answer.is_server_error:
            return StoreError(self.address, problem, "see the store's log, then load again: that does no harm")
        return StoreError(self.address, problem, f"give the address of {self._example}")


class _Challenged(httpx.Auth):
    """Sends user and password once the server asked for them, in the way it asked for; from then on at once."""

    def __init__(self, user: str, password: str) -> None:
        self._ways: Mapping[str, httpx.Auth] = {
            "digest": httpx.DigestAuth(user, password),
            "basic": httpx.BasicAuth(user, password),
        }
        self._way: httpx.Auth | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """The requests to send, one after the other."""
        if self._way is None:
            answer = yield request
            asked = " ".join(answer.headers.get_list("WWW-Authenticate")).lower()
            self._way = next((way for name, way in self._ways.items() if name in asked), None)
            if answer.status_code != httpx.codes.UNAUTHORIZED or self._way is None:
                self._way = None
                return
        yield from self._way.auth_flow(request)


def _login(address: str) -> tuple[str, httpx.Auth | None]:
    """The user for an address, "" where there is none, and how to authenticate."""
    user, password = os.environ.get("KG_STORE_USER"), os.environ.get("KG_STORE_PASSWORD")
    if (user is None) != (password is None):
        raise StoreError(address, "only one of KG_STORE_USER and KG_STORE_PASSWORD is set", "set both, or neither")
    if user is None or password is None:
        found = _netrc(address)
        if found is None:
            return "", None
        user, password = found
    return user, _Challenged(user, password)


def _netrc(address: str) -> tuple[str, str] | None:
    path = Path(os.environ.get("NETRC") or Path.home() / ".netrc")
    if not path.is_file():
        return None
    try:
        known: Any = netrc.netrc(path).authenticators(httpx.URL(address).host)
    except (OSError, netrc.NetrcParseError, UnicodeDecodeError) as error:
        raise StoreError(
            str(path), f"cannot be read ({error})", "correct it, and let only its owner read it"
        ) from error
    except httpx.InvalidURL:
        return None  # told when it is asked
    return (known[0], known[2]) if known else None


def _asked_pause(answer: httpx.Response) -> float:
    """The seconds that a busy server asks to wait, 0 where it does not say."""
    asked = answer.headers.get("Retry-After", "")
    return float(asked) if re.fullmatch(r"\d{1,6}", asked) else 0.0
