"""The X-Twilio-Signature of what the telephone company sends.

Source: Twilio's "Webhooks security": HMAC-SHA1 over the URL, then name and value of every POST
parameter, names sorted, doubled values once. Written apart from the product's own check.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from urllib.parse import urldefrag

Params = Iterable[tuple[str, str]]


def sign(auth_token: str, url: str, params: Params = ()) -> str:
    """The header's value for a request to `url` (a fragment is left off) with these body parameters."""
    fields = "".join(name + value for name, value in sorted(set(params)))
    text = urldefrag(url).url + fields
    mac = hmac.new(auth_token.encode(), text.encode(), hashlib.sha1)
    return base64.b64encode(mac.digest()).decode("ascii")
