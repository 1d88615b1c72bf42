"""How a contact can be closed: the common dispositions and their titles for the desk. Pure."""

from models.states import DISPOSITION_CODES, Disposition

_TITLES = {
    Disposition.REPORT_TAKEN: "Report taken",
    Disposition.SETTLED_BY_PHONE: "Settled by phone",
    Disposition.INFORMATION: "Information given",
    Disposition.REFERRED: "Referred elsewhere",
    Disposition.TRANSFERRED_TO_911: "Transferred to 911",
    Disposition.DUPLICATE: "Duplicate of another report",
    Disposition.CALLER_GONE: "Caller gone",
    Disposition.CANCELLED: "Cancelled",
}


def title_of(disposition: str) -> str:
    """What a kept disposition is called; a word of another time reads as words all the same."""
    known = next((kind for kind in Disposition if kind.value == disposition), None)
    return _TITLES[known] if known else disposition.replace("_", " ").capitalize()


def dispositions() -> list[dict[str, str]]:
    """List the dispositions in the order of the desk, each with its common code."""
    return [
        {"key": kind.value, "title": _TITLES[kind], "code": DISPOSITION_CODES[kind]}
        for kind in Disposition
    ]
