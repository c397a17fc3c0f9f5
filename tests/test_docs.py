"""What the documents point to is there: files, pictures, headings, commands and their options."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from assistant.cli.app import app

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
MOST_PICTURE_BYTES = 300_000
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
_CALL = re.compile(r"^(?:\$ |    )?metalumen +(.*?)(?:#.*)?$", re.MULTILINE)
_BLOCK = re.compile(r"^```\n(.*?)^```", re.MULTILINE | re.DOTALL)


def anchors(text):
    """The names that a forge gives to headings."""
    names = (re.sub(r"[^\w\- ]", "", title.lower()) for title in _HEADING.findall(text))
    return {name.strip().replace(" ", "-") for name in names}


def named(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_somewhere(page):
    text = page.read_text(encoding="utf-8")
    for link in _LINK.findall(text):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target.read_text(encoding="utf-8")), link


def test_pictures_are_small_and_used():
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    for picture in (ROOT / "docs" / "images").iterdir():
        assert picture.stat().st_size < MOST_PICTURE_BYTES, picture.name
        assert f"images/{picture.name})" in text, picture.name


def options_of(command):
    """The options of a command and of those below it."""
    for one in (command, *getattr(command, "commands", {}).values()):
        for parameter in one.params:
            yield from (*parameter.opts, *parameter.secondary_opts)


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_commands_that_are_shown_exist(page):
    root = get_command(app)
    blocks = _BLOCK.findall(page.read_text(encoding="utf-8"))
    for call in (call for block in blocks for call in _CALL.findall(block)):
        words = call.split("|")[0].split()
        if not words or words[0].startswith(("-", "COMMAND", "[")):
            continue
        command = root.commands.get(words[0])
        assert command, f"metalumen {call}"
        known = set(options_of(command))
        shown = {word.partition("=")[0] for word in words if word.startswith("-")}
        assert shown <= known | {"-h", "--help"}, f"metalumen {call}"
