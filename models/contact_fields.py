"""Names of the comparable 311 / 911 record, the same on both sides of the handoff.

A clock field's value is empty: its time stamp is the fact. Source: the common data elements of the
311-911 handoff agreed for this line (docs/record-of-a-contact.md).
"""

from enum import StrEnum


class ContactField(StrEnum):
    """Every field that is recorded today."""

    ORIGIN = "origin"
    LANGUAGE = "language"
    ENTRY_TYPE = "entry_type"
    DETERMINANT = "determinant"
    COMMON_CODE = "common_code"
    PRIORITY = "priority"
    PROTOCOL = "protocol"
    CRITERIA = "criteria"
    JURISDICTION = "jurisdiction"
    LOCATION_METHOD = "location_method"
    DESTINATION_RECOMMENDED = "destination_recommended"
    DESTINATION_ACTUAL = "destination_actual"
    DISPOSITION = "disposition"
    DISPOSITION_CODE = "disposition_code"
    OVERRIDE = "override"

    RINGING = "clock.ringing"
    QUEUED = "clock.queued"
    ANSWERED = "clock.answered"
    LOCATION_VERIFIED = "clock.location_verified"
    PROTOCOL_SELECTED = "clock.protocol_selected"
    FIRST_RED_FLAG = "clock.first_red_flag"
    DETERMINANT_SET = "clock.determinant_set"
    TRANSFER_REQUESTED = "clock.transfer_requested"
    TARGET_DIALLED = "clock.target_dialled"
    TARGET_RINGING = "clock.target_ringing"
    TARGET_ANSWERED = "clock.target_answered"
    TRANSFER_ACCEPTED = "clock.transfer_accepted"
    TRANSFER_COMPLETED = "clock.transfer_completed"
    TRANSFER_ABANDONED = "clock.transfer_abandoned"
    CALL_END = "clock.call_end"
    CLOSED = "clock.closed"
