"""What the commands that import maps show: progress, faults by record, and what was taken.

The importing itself is `importing_roads`' and `importing_outlines`'.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from config.importing import Imported, ImportRefusedError
from config.importing_outlines import Wishes, import_outlines, named_of, own_outlines
from config.importing_roads import CENSUS_NAME, import_roads
from config.map_file import MapFile
from config.map_records import open_map
from ivr.errors import CityPackError

_Work = Callable[[MapFile, Callable[[int], None]], Imported]
"""An import of an open file, handed a function that counts records."""


def bring_roads(path: Path, pack: Path, *, encoding: str, name_column: str) -> None:
    """Import roads into a pack and print what came of it.

    Raises:
        SystemExit: nothing was imported; says why (exit status 1).
    """
    column = name_column or CENSUS_NAME
    _bring(path, encoding, "streets", lambda file, seen: import_roads(file, pack, column, seen))


def bring_outlines(
    path: Path, pack: Path, *, encoding: str, named: Sequence[str], wishes: Wishes
) -> None:
    """Import outlines into a pack and print what came of it; `named` as typed, `NAME=key`.

    Raises:
        SystemExit: nothing was imported; says why (exit status 1).
    """

    def work(file: MapFile, seen: Callable[[int], None]) -> Imported:
        return import_outlines(file, pack, wishes.naming(named_of(named)), own_outlines(pack), seen)

    _bring(path, encoding, "outlines", work)


def _bring(path: Path, encoding: str, what: str, work: _Work) -> None:
    try:
        opened = open_map(path, encoding)
        with click.progressbar(length=opened.count, label="Reading", file=sys.stderr) as bar:
            done = work(opened, lambda _record: bar.update(1))
    except (ImportRefusedError, CityPackError, OSError) as refused:
        raise SystemExit(f"Not imported: {refused}") from refused
    for fault in done.faults:
        click.echo(f"record {fault.at}: {fault.what}")
    click.echo(
        f"{done.taken} {what} taken, {done.passed_over} records passed over, {done.refused} refused"
    )
