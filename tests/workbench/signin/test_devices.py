"""Devices, as a person calls them."""

from __future__ import annotations

import pytest

from priorauth.workbench.signin.devices import UNKNOWN, device

_MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18 Safari/605"
_EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0"
_PHONE = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (_MAC, "Safari on Mac"),
        (_EDGE, "Edge on Windows"),
        (_PHONE, "Chrome on Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("Firefox/140.0", "Firefox"),
        ("curl on Linux", f"{UNKNOWN} on Linux"),
        ("", UNKNOWN),
    ],
)
def test_a_device_is_its_browser_and_its_system(agent: str, said: str) -> None:
    assert device(agent) == said
