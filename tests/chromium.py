"""Headless Chromium for tests of pages: Debian's, with a pretended microphone.

The small headless build comes first: a whole Chromium opens a window's worth of pages of its own with each of ours.
"""

import os
import shutil

from playwright.sync_api import Browser, Playwright

NAMES = ("chromium-headless-shell", "chromium")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
    "--autoplay-policy=no-user-gesture-required",
    "--js-flags=--no-opt",  # no page lives long enough to earn back what its compilers work
)


class NoBrowserError(Exception):
    """There is no browser to test with; the message says what to run."""


def launch(playwright: Playwright) -> Browser:
    """Start it; a missing browser is an error, never a skip.

    Raises:
        NoBrowserError: there is none, and `CHROMIUM` names none.
    """
    return playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)


def executable() -> str:
    """The program: what `CHROMIUM` names, else the first that the machine has."""
    for name in (os.environ.get("CHROMIUM", ""), *NAMES):
        if name and (found := shutil.which(name)):
            return found
    raise NoBrowserError(
        "these tests need a browser: run ./run test (it installs one where it may), "
        f"or: apt-get install {NAMES[0]}, or set CHROMIUM to the program"
    )
