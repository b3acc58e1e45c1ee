"""Checks whether servers answer, before pip or Maven would wait for them for minutes."""

from __future__ import annotations

import ssl
import urllib.error
import urllib.request
from typing import Callable

SECONDS_TO_ANSWER = 5
SECONDS_OF_SILENCE = 20
"""The silence after which a download counts as interrupted."""


def answers(address: str, open_url: Callable = urllib.request.urlopen) -> bool:
    """Whether a server answers within seconds, with any status. A folder always does."""
    if not address.startswith(("http://", "https://")):
        return True
    try:
        open_url(address, timeout=SECONDS_TO_ANSWER).close()
        return True
    except urllib.error.HTTPError:
        return True
    except urllib.error.URLError as error:
        return isinstance(error.reason, ssl.SSLError)  # the server answers, with a certificate that only pip or Maven may trust
    except OSError:
        return False
