"""What the documents name is there: settings, addresses, commands and files."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from planner.app import create_app
from planner.cli import main
from planner.config import Settings

CHECKOUT = Path(__file__).resolve().parents[2]
DOCUMENTS = [*sorted(CHECKOUT.glob("*.md")), *sorted((CHECKOUT / "docs").rglob("*.md"))]
SETTING = re.compile(r"\bPLANNER_[A-Z_]+[A-Z]\b")
FENCED = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
COMMAND = re.compile(r"^(?:python3 -m )?planner ((?!test\b)[a-z].*)")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


def code_of(document: Path) -> list[str]:
    """Return every piece of code in a document: lines of shell and what stands in backticks."""
    text = document.read_text(encoding="utf-8")
    lines = [line for block in FENCED.findall(text) for line in block.splitlines()]
    return [line.partition("  #")[0].strip() for line in lines] + INLINE.findall(text)


def settings_in(*files: Path) -> set[str]:
    return {name for file in files for name in SETTING.findall(file.read_text(encoding="utf-8"))}


def commands() -> list[str]:
    """Return every planner command that a document gives, with its words."""
    found = [COMMAND.match(code) for document in DOCUMENTS for code in code_of(document)]
    return sorted({match.group(1) for match in found if match})


def addresses() -> list[str]:
    """Return every address of the product that the README gives."""
    code = code_of(CHECKOUT / "README.md")
    return sorted({each for each in code if re.fullmatch(r"/[a-z][a-z/-]*", each)})


def test_every_setting_is_documented_and_every_documented_one_is_read() -> None:
    code = [
        file
        for folder in ("planner", "tests", "scripts")
        for file in (CHECKOUT / folder).rglob("*")
        if file.suffix in {".py", ".sh"} and file != Path(__file__)
    ]

    assert settings_in(CHECKOUT / "docs/settings.md") == settings_in(*code)


def test_the_readme_names_no_setting_that_the_table_lacks() -> None:
    assert settings_in(*DOCUMENTS) == settings_in(CHECKOUT / "docs/settings.md")


def test_the_readme_has_its_two_commands() -> None:
    blocks = FENCED.findall((CHECKOUT / "README.md").read_text(encoding="utf-8"))

    assert blocks[0].splitlines() == ["python3 -m planner demo", "python3 -m planner test"]


@pytest.mark.parametrize("words", commands())
def test_every_documented_command_is_there(words: str) -> None:
    command: click.Command = main
    rest = shlex.split(words)
    while isinstance(command, click.Group) and not _stands_alone(command, rest):
        command = command.commands[rest.pop(0)]
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}

    assert [word for word in rest if word.startswith("--") and word not in known] == []


def _stands_alone(group: click.Group, rest: list[str]) -> bool:
    """Say whether these words ask the group itself, such as `planner bench --teams 10`."""
    return group.invoke_without_command and (not rest or rest[0].startswith("--"))


def test_the_readme_has_every_command() -> None:
    named = {words.split()[0] for words in commands()}

    assert named == set(main.commands)


@pytest.mark.parametrize("address", addresses())
def test_every_documented_address_is_there(address: str, tmp_path: Path) -> None:
    app = create_app(Settings(tmp_path, "sqlite://", "a secret for tests alone, long enough to be taken"))
    routes = app.url_map.bind("localhost")

    try:
        found = routes.match(address)[0]
    except (HTTPException, RequestRedirect) as error:
        found = repr(error)

    assert found in app.view_functions


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_link_leads_to_a_file(document: Path) -> None:
    links = LINK.findall(document.read_text(encoding="utf-8"))

    assert [link for link in links if not (document.parent / link).exists()] == []
