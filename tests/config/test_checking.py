"""`./run check-menu`: what it prints, and its exit status."""

import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from config.cli import main
from tests.rules.menus_good import information, small

pytestmark = pytest.mark.rules

SHIPPED = Path(__file__).parents[2] / "config/tucson/first/menu.yaml"


def check(*arguments: str):
    return CliRunner().invoke(main, ["check-menu", *arguments])


def written(folder: Path, menu: object) -> str:
    file = folder / "menu.yaml"
    file.write_text(yaml.safe_dump(menu, allow_unicode=True), "utf-8")
    return str(file)


def test_the_shipped_menu_passes_and_nothing_but_verification_is_told():
    result = check(str(SHIPPED), "--json")
    shown = json.loads(result.stdout)
    assert result.exit_code == 0
    assert shown["passes"]
    assert {one["code"] for one in shown["findings"]} <= {"V01", "V02", "L15"}


def test_what_nobody_verified_blocks_a_live_line():
    result = check(str(SHIPPED), "--live")
    assert result.exit_code == 1
    assert "error   L15 whole menu (es)" in result.stdout


def test_a_dead_end_is_told_with_its_mend_and_the_way_there(tmp_path):
    menu = small()
    menu["nodes"]["parks"] = information()
    result = check(written(tmp_path, menu))
    assert result.exit_code == 1
    assert "error   L21 parks: is a dead end" in result.stdout
    assert "mend: add an option to talk to someone" in result.stdout
    told = result.stdout.split("L21 parks: is a dead end")[1]
    assert "graffiti" in told.split("a caller gets there: ")[1].splitlines()[0]


def test_a_menu_that_does_not_compile_tells_every_mistake(tmp_path):
    menu = small()
    menu["start"] = "moon"
    menu["nodes"]["parks"]["text"]["es"] = ""
    result = check(written(tmp_path, menu))
    assert result.exit_code == 1
    assert result.stdout.count("M01") == 2


@pytest.mark.parametrize("content", [b"a: [", b"\xff\xfe\x00", b"&a [*a, *a]", b"[" * 5000])
def test_a_file_that_is_no_document_is_refused_in_a_sentence(tmp_path, content):
    file = tmp_path / "menu.yaml"
    file.write_bytes(content)
    result = check(str(file))
    assert result.exit_code == 2
    assert "Traceback" not in result.output
