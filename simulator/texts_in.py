"""Text messages that residents send to a number of an account: asked about at the customer's application.

Posts Twilio's own form, signed, and delivers the `<Message>` of the answer to the sender.
"""

import xml.etree.ElementTree as ET

from simulator.config import Number
from simulator.errors import NoSuchThingError, TwimlError
from simulator.exchange import Exchange
from simulator.parameters import API_VERSION
from simulator.texts import Text
from simulator.webhooks import Request


async def send(exchange: Exchange, from_: str, to: str, body: str) -> str:
    """A resident sends a text; returns its Sid once the application has answered, or failed to.

    Raises:
        NoSuchThingError: nobody has the number, or it takes no texts.
    """
    account, number = next(
        (
            (account, number)
            for account in exchange.config.accounts
            for number in account.numbers
            if to == number.number or to in number.dialled_as
        ),
        (None, None),
    )
    if account is None or number is None or number.sms_url is None:
        raise NoSuchThingError(f"no text message can be sent to {to!r}")
    text = Text(account, from_, number.number, body, status="received")
    exchange.scribe.note_message(from_, number.number, {"sid": text.sid, "body": body, "to": to})
    try:
        reply = await exchange.webhooks.send(Request(account, number.sms_url, _form(text)))
    except TwimlError as error:
        exchange.scribe.note_message(from_, to, {"sid": text.sid, "error": error.code})
        return text.sid
    for words in _answers(reply.body):
        _deliver(exchange, text, number, words)
    return text.sid


def _form(text: Text) -> dict[str, str]:
    return {
        "MessageSid": text.sid,
        "SmsMessageSid": text.sid,
        "SmsSid": text.sid,
        "SmsStatus": "received",
        "AccountSid": text.account.sid,
        "From": text.from_,
        "To": text.to,
        "Body": text.body,
        "NumMedia": "0",
        "NumSegments": "1",
        "ApiVersion": API_VERSION,
    }


def _answers(document: bytes) -> list[str]:
    try:
        root = ET.fromstring(document)  # noqa: S314 - our own customer's answer, on loopback
    except ET.ParseError:
        return []
    return ["".join(verb.itertext()).strip() for verb in root.iter("Message")]


def _deliver(exchange: Exchange, text: Text, number: Number, words: str) -> None:
    answer = exchange.texts.add(Text(text.account, number.number, text.from_, words))
    answer.status = "delivered"
    exchange.scribe.note_message(
        answer.from_, answer.to, {"sid": answer.sid, "body": words, "to": answer.to}
    )
