"""The words that the exchange format allows, as far as 311 and 911 speak of the same things.

Facts of NENA-STA-021.1b (role, status, location and person registries) and of the common
disposition list; the common incident types that this city uses are data of its pack. Knows no
packet.
"""

AGENCY_ROLES = frozenset(
    {
        "Assisting",
        "CallReceiving",
        "Dispatched",
        "Dispatching",
        "Informational",
        "TransferredTo",
    }
)
AGENCY_TYPES = frozenset({"psap", "police", "fire", "ambulance", "poison", "mountain", "marine"})
"""IANA `urn:emergency:service` values without their prefix, as NENA's own sample writes them."""
AGENT_ROLES = frozenset({"Call Taking", "Dispatching", "Supervising"})
PERSON_ROLES = frozenset(
    {
        "Caller",
        "InvolvedPerson",
        "Patient",
        "PatientAcquaintance",
        "PatientRelative",
        "PersonOfInterest",
        "ReportingParty",
        "Suspect",
        "Victim",
        "VictimAcquaintance",
        "VictimRelative",
        "Witness",
    }
)
LOCATION_TYPES = frozenset(
    {
        "Caller",
        "CurrentIncident",
        "InitialIncident",
        "Investigation",
        "Other",
        "RoutingLocation",
        "Staging",
        "TowerLocation",
        "UnitLocation",
    }
)
INCIDENT_STATUSES = frozenset(
    {
        "Active",
        "Cancelled",
        "Closed",
        "FireUnderControl",
        "NewLocation",
        "ReOpened",
        "ResourcesAssigned",
        "ResourcesEnroute",
        "ResourcesOnscene",
        "StructureCleared",
    }
)
CALL_TYPES = frozenset({"emergency", "nonEmergency", "silentMonitoring", "intervene"})
CALL_DIRECTIONS = frozenset({"incoming", "outgoing", "internal"})
CALL_STATES = frozenset({"callBegin", "callAnswered", "callEnd", "partyAdd", "partyRemove"})
LINK_DIRECTIONS = frozenset({"PARENT", "CHILD", "RELATED", "UNLINK"})
DISPOSITIONS = frozenset(f"{code:02}" for code in range(1, 46))
"""Common dispositions in use; 46 to 100 are reserved."""
