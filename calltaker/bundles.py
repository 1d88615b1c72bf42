"""The front end's bundles: which hashed file is behind a name. Read once, at start."""

import json
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Response, send_from_directory

from calltaker.doorway import door
from calltaker.errors import NotReadyError
from calltaker.staff.guards import public

PREFIX = "/static/build"
YEAR_SECONDS = 31_536_000

static = Blueprint("static", __name__)


@dataclass(frozen=True, slots=True)
class Bundles:
    """Names of bundles and the files that hold them now."""

    files: dict[str, str]

    def address(self, name: str) -> str:
        """The address of a bundle such as `desk.js`.

        Raises:
            NotReadyError: the build holds no such bundle.
        """
        if name not in self.files:
            raise NotReadyError(f"the front end's build holds no {name}: run npm run build")
        return f"{PREFIX}/{self.files[name]}"


def read(folder: Path) -> Bundles:
    """Read the manifest of a build.

    Raises:
        NotReadyError: there is no build, or its manifest cannot be read.
    """
    try:
        files = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as missing:
        raise NotReadyError("the front end is not built: run npm ci && npm run build") from missing
    return Bundles({str(name): str(file) for name, file in files.items()})


@static.get(f"{PREFIX}/<path:file>")
@public("bundles hold no data of anybody")
def bundle(file: str) -> Response:
    """A bundle; its name changes with its content, so browsers may keep it."""
    answer = send_from_directory(door().build, file, max_age=YEAR_SECONDS)
    answer.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
    return answer
