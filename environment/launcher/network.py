"""Whether somebody answers at the other end: asked before pip and Maven do, who would wait for minutes."""

from __future__ import annotations

import ssl
import urllib.error
import urllib.request
from typing import Callable

SECONDS_TO_ANSWER = 5
SECONDS_OF_SILENCE = 20
"""After which a download counts as broken off."""


def answers(address: str, open_url: Callable = urllib.request.urlopen) -> bool:
    """Whether a server answers within seconds, whatever it answers; a folder always does."""
    if not address.startswith(("http://", "https://")):
        return True
    try:
        open_url(address, timeout=SECONDS_TO_ANSWER).close()
        return True
    except urllib.error.HTTPError:
        return True
    except urllib.error.URLError as error:
        return isinstance(error.reason, ssl.SSLError)  # a certificate that others know is an answer too
    except OSError:
        return False
