"""The command line: one thin command each; what they do stands in its own module.

Imports stay inside the commands, so that `./run help` costs nothing.
"""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import click

ROOT = Path(__file__).parent.parent


def _plain_word(_context: click.Context, _option: click.Parameter, word: str) -> str:
    """A folder of this name is emptied: it may not lead anywhere else."""
    if not re.fullmatch(r"[a-z0-9-]{1,40}", word):
        raise click.BadParameter("write small letters, digits and hyphens")
    return word


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Old Pueblo 311: the open system that a city's 3-1-1 line runs on."""


@main.command("help")
@click.pass_context
def show_help(context: click.Context) -> None:
    """Say what the commands do."""
    if context.parent:
        print(context.parent.get_help())


@main.command()
@click.option("--port", default=3110, show_default=True, help="Port of the product.")
@click.option("--simulator-port", default=3190, show_default=True, help="Port of the simulator.")
def demo(port: int, simulator_port: int) -> None:
    """Run everything on this machine: database, Redis, simulator and the product."""
    from config import demonstration

    demonstration.run(port, simulator_port)


@main.command()
@click.option(
    "--script", "scripts", multiple=True, type=click.Path(exists=True), help="Only these."
)
@click.option("--faults", default=0, help="Play this many seeded calls with faults instead.")
@click.option("--seed", default=1, show_default=True)
@click.option("--json", "as_json", is_flag=True)
@click.option("--database", default="", help="Another database than the embedded SQLite.")
@click.option(
    "--name",
    default="rehearse",
    callback=_plain_word,
    help="Folder below .run, made anew; two may play at once.",
)
@click.option(
    "--storm", is_flag=True, help="Also kill and stall processes beside the calls of --faults."
)
def rehearse(
    scripts: tuple[str, ...],
    faults: int,
    seed: int,
    as_json: bool,
    database: str,
    name: str,
    storm: bool,
) -> None:
    """Play scripted calls through the simulator; exit 0 only if every outcome is as scripted."""
    from config import demonstration

    sys.exit(
        demonstration.rehearse(
            scripts,
            faults=faults,
            seed=seed,
            as_json=as_json,
            database_url=database,
            name=name,
            storm=storm,
        )
    )


@main.command()
@click.option("--door", type=click.Choice(["voice", "staff", "push", "worker"]))
def serve(door: str | None) -> None:
    """Serve the product, configured by the environment."""
    from config import logs, serving

    logs.set_up(as_json=not sys.stderr.isatty())
    with _told():
        serving.serve(_settings(), serving.Door(door) if door else None)


@main.command()
def migrate() -> None:
    """Bring the database up to date and publish the city pack's first versions."""
    from config import first_publications, migrating
    from models.database import open_engine

    with _told():
        chosen = _settings()
        engine = open_engine(chosen.database_url, patient=True)
        migrating.upgrade(engine)
        for line in first_publications.publish(engine, chosen.city):
            print(line)


@main.command()
@click.argument("email")
@click.option(
    "--role",
    required=True,
    type=click.Choice(
        ["call_taker", "senior", "supervisor", "menu_admin", "system_admin", "auditor"]
    ),
)
@click.option("--name", default="", help="With --password-stdin: the person's name.")
@click.option(
    "--password-stdin", is_flag=True, help="Make the account now, password on standard input."
)
def invite(email: str, role: str, name: str, password_stdin: bool) -> None:
    """Print a single-use address with which EMAIL makes their account."""
    from config import inviting

    with _told():
        password = sys.stdin.readline().rstrip("\n") if password_stdin else None
        print(inviting.invite(_settings(), email, role, name=name, password=password))


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--language", type=click.Choice(["en", "es"]), default="en", show_default=True)
def play(file: Path, language: str) -> None:
    """Play a menu or a protocol in the terminal, no phone."""
    from config import playing

    with _told():
        playing.play(file, language)


@main.command("check-menu")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--live", is_flag=True, help="For a live line: unverified and unapproved blocks.")
@click.option("--json", "as_json", is_flag=True)
def check_menu(file: Path, live: bool, as_json: bool) -> None:
    """Examine a menu as publishing does; exit 1 when something blocks."""
    from config import checking

    with _told():
        sys.exit(checking.check(file, live=live, as_json=as_json))


@main.command("check-phrases")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True)
def check_phrases(file: Path, as_json: bool) -> None:
    """Examine phrases of danger as publishing does; exit 1 when something blocks."""
    from config import phrase_cases

    with _told():
        sys.exit(phrase_cases.check(file, as_json=as_json))


@main.command("check-protocol")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--live", is_flag=True, help="Unverified numbers and pending approval block.")
@click.option("--json", "as_json", is_flag=True)
def check_protocol(files: tuple[Path, ...], live: bool, as_json: bool) -> None:
    """Prove protocols over every answer (all of the library, if none is named)."""
    from config import checking_protocols

    with _told():
        sys.exit(checking_protocols.check(files, live=live, as_json=as_json))


@main.command()
@click.argument("protocol")
@click.option(
    "--answers",
    type=click.File(encoding="utf-8"),
    required=True,
    help="YAML; - reads standard input.",
)
@click.option("--gone", is_flag=True, help="The caller has hung up: what is open stays open.")
@click.option("--json", "as_json", is_flag=True)
def ask(protocol: str, answers: Any, gone: bool, as_json: bool) -> None:
    """Say what answers amount to in PROTOCOL, a file or an id of the library."""
    from config import checking_protocols

    with _told():
        checking_protocols.ask(protocol, answers.read(), caller_gone=gone, as_json=as_json)


@main.command()
@click.argument("words", required=False)
@click.option("--file", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--language", type=click.Choice(["en", "es"]), default=None)
@click.option("--json", "as_json", is_flag=True)
@click.option("--explain", is_flag=True, help="Say why: each voter and what it saw.")
def understand(
    words: str | None, file: Path | None, language: str | None, as_json: bool, explain: bool
) -> None:
    """Say what the line would make of an utterance."""
    from config import understanding

    with _told():
        understanding.show(words, file, language, as_json=as_json, explain=explain)


@main.command("import-addresses")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--column", "columns", multiple=True, help="A field's column: number=ADDRNUM.")
@click.option(
    "--pack", type=click.Path(exists=True, path_type=Path), default=ROOT / "config/tucson"
)
def import_addresses(file: Path, columns: tuple[str, ...], pack: Path) -> None:
    """Bring official address points (CSV) into a city pack; exit 1 if nothing can be used."""
    from config import importing, importing_addresses

    lines = sum(1 for _ in file.open("rb"))
    with click.progressbar(length=lines, label="Reading", file=sys.stderr) as bar:
        try:
            done = importing_addresses.import_addresses(
                file, pack, columns, lambda _line: bar.update(1)
            )
        except importing.ImportRefusedError as refused:
            raise SystemExit(f"Not imported: {refused}") from refused
    for fault in done.faults:
        print(f"line {fault.at}: {fault.what}")
    print(f"{done.taken} addresses taken, {done.refused} lines refused")


def _map_options(command: Any) -> Any:
    """The file and the options that both importers of maps have."""
    for option in (
        click.option("--encoding", default="", help="Of the names; else .cpg's, else UTF-8."),
        click.option("--name-column", default="", help="Column with the names; else the Census's."),
        click.option(
            "--pack", type=click.Path(exists=True, path_type=Path), default=ROOT / "config/tucson"
        ),
        click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path)),
    ):
        command = option(command)
    return command


@main.command("import-roads")
@_map_options
def import_roads(file: Path, pack: Path, name_column: str, encoding: str) -> None:
    """Bring official roads (Census TIGER .zip, .shp, GeoJSON) into a city pack; else exit 1."""
    from config import importing_maps

    importing_maps.bring_roads(file, pack, encoding=encoding, name_column=name_column)


@main.command("import-outlines")
@_map_options
@click.option("--as", "named", multiple=True, help="Whose: 'Tucson city=tucson'; '*=KEY' for all.")
@click.option(
    "--kind", type=click.Choice(["municipality", "county", "tribal"]), help="Of new keys."
)
@click.option("--tribal", is_flag=True, help="All of the file is tribal land: a person decides.")
@click.option("--error-metres", default=50.0, show_default=True, help="How far a line may be off.")
def import_outlines(
    file: Path, pack: Path, encoding: str, named: tuple[str, ...], **wishes: Any
) -> None:
    """Bring official outlines (Census places, counties, tribal lands) into a pack; else exit 1."""
    from config import importing_maps, importing_outlines

    importing_maps.bring_outlines(
        file, pack, encoding=encoding, named=named, wishes=importing_outlines.Wishes(**wishes)
    )


@main.command("learn-danger")
@click.option(
    "--pack", type=click.Path(exists=True, path_type=Path), default=ROOT / "config/tucson"
)
def learn_danger(pack: Path) -> None:
    """Learn the second voter on danger from a city pack's examples; writes its weights."""
    from config import danger_lessons

    for name, value in danger_lessons.teach(pack).items():
        print(f"{name}: {value}")


@main.command()
@click.argument("call_id")
@click.option("--page", is_flag=True, help="The plain page instead of the JSON.")
def packet(call_id: str, page: bool) -> None:
    """Print the handoff packet (EIDO JSON) of a call; exit 1 if the rules refuse it."""
    from config import packets

    with _told():
        sys.exit(packets.show(call_id, as_page=page))


def _tool(command: list[str]) -> "subprocess.CompletedProcess[str]":
    tool = Path(sys.executable).parent / command[0]
    return subprocess.run(
        [str(tool), *command[1:]],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


@main.command()
def check() -> None:
    """Formatters, linters, types, import contracts."""
    steps = {
        "types": ["mypy"],
        "format": ["ruff", "format", "--check", "--quiet", "."],
        "lint": ["ruff", "check", "--quiet", "."],
        "templates": ["djlint", "--check", "--lint", "--quiet", "calltaker/templates"],
        "pages": ["djlint", "--lint", "--quiet", "simulator/templates"],
        "contracts": ["lint-imports", "--no-logo"],
    }
    with ThreadPoolExecutor(2) as pool:  # types take as long as all the others together
        done = dict(zip(steps, pool.map(_tool, steps.values()), strict=True))
    for step in done.values():
        print(step.stdout, end="")
    failed = [name for name, step in done.items() if step.returncode]
    print(f"check: {'failed: ' + ', '.join(failed) if failed else 'all clean'}")
    sys.exit(1 if failed else 0)


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def test(arguments: tuple[str, ...]) -> None:
    """Run the suite: `test [fast] [--depth ci|full]`, other arguments go to pytest."""
    os.execv(sys.executable, [sys.executable, "-m", "tests.suite", *arguments])  # noqa: S606


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def bench(arguments: tuple[str, ...]) -> None:
    """Run the benchmarks: ratios measured side by side in one run."""
    os.execv(sys.executable, [sys.executable, "-m", "tests.bench", *arguments])  # noqa: S606


@main.command()
def lock() -> None:
    """Write the requirement locks again from their short input files."""
    uv = Path(sys.executable).parent / "uv"
    for name in ("product", "demo", "dev", "node", "bench"):
        subprocess.run(
            [
                *(str(uv), "pip", "compile", "--quiet", "--generate-hashes", "--no-header"),
                *("--no-emit-index-url", "--universal", "--python-version", "3.11"),
                *(f"requirements/{name}.in", "-o", f"requirements/{name}.txt"),
            ],
            cwd=ROOT,
            check=True,
        )


def _settings() -> Any:
    from config import settings

    return settings.read(os.environ)


class _told:  # noqa: N801 - reads as a statement
    """Turn every expected failure into its sentences and exit status 2."""

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: Any, wrong: BaseException | None, _trace: Any) -> None:
        if wrong is None or isinstance(wrong, (SystemExit, KeyboardInterrupt)):
            return
        if type(wrong).__module__.split(".")[0] in (
            "config",
            "calltaker",
            "ivr",
            "protocols",
            "models",
        ):
            print(wrong, file=sys.stderr)
            sys.exit(2)


if __name__ == "__main__":
    main()
