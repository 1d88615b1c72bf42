"""`./run invite`: the first account of an installation, or an invitation from a shell."""

from datetime import UTC, datetime
from uuid import uuid4

from calltaker.staff import accounts, invitations
from config.settings import Settings
from models.database import open_engine, open_sessions
from models.states import Role


def invite(settings: Settings, email: str, role: str, *, name: str, password: str | None) -> str:
    """Make an invitation, or the account itself when a password came in.

    Returns:
        The sentence to print; the address in it is told once and works for 72 hours.
    """
    engine = open_engine(settings.database_url, patient=True)
    now = datetime.now(UTC)
    with open_sessions(engine)() as session:
        if password is not None:
            accounts.make(
                session,
                email=email,
                name=name or email.split("@")[0],
                role=Role(role),
                password=password,
                now=now,
                new_id=uuid4().hex,
            )
            told = f"{email} may sign in at {settings.public_url}/login"
        else:
            invited = invitations.invite(session, email, Role(role), None, now)
            told = f"{settings.public_url}{invited.path}\n(single use, until {invited.expires_at:%Y-%m-%d %H:%M} UTC)"
        session.commit()
    return told
