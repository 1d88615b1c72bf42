"""How the tests start the browser: Debian's Chromium, headless, with a pretended microphone."""

from playwright.sync_api import Browser, Playwright

ARGUMENTS = [
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
]


def launch(playwright: Playwright) -> Browser:
    """Start it; a missing browser is an error, never a skip."""
    return playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
