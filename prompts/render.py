"""Templates of prompts: read with their header, rendered strictly, named by their digest.

A template is ``templates/<name>.md.j2``: a header between two lines of ``---`` (name,
version, inputs, output), then the sections ``=== system``, pairs of ``=== example user`` and
``=== example assistant`` where there are examples, and ``=== user``. The file is cut
into sections before anything is filled in, and what is filled in is never read as a
template, so a value cannot add a section, a variable or an instruction to the template.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from jinja2 import StrictUndefined, TemplateError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

if TYPE_CHECKING:
    from collections.abc import Mapping

_SUFFIX: Final = ".md.j2"
_FOLDER: Final = "templates"
_HEADER: Final = re.compile(r"\A---\n(?P<header>.*?)\n---\n(?P<body>.*)\Z", re.DOTALL)
_SECTION: Final = re.compile(r"^=== (system|example user|example assistant|user)\n", re.MULTILINE)
_ORDER: Final = re.compile(r"system(?:,example user,example assistant)*,user")
_FIELDS: Final = ("name", "version", "inputs", "output")


class PromptError(Exception):
    """A template is missing or broken, or is filled in with the wrong variables."""


@dataclass(frozen=True, slots=True)
class Template:
    """A template as its file says it: unfilled turns; ``sha256`` is that of the file."""

    name: str
    version: str
    inputs: tuple[str, ...]
    output: str
    turns: tuple[tuple[str, str], ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class RenderedPrompt:
    """What is sent to a model, and the template that made it.

    ``turns`` is the conversation as (role, content): what is the same for every call first.
    """

    name: str
    version: str
    output: str
    turns: tuple[tuple[str, str], ...]
    sha256: str


def template_names() -> tuple[str, ...]:
    """List all templates by name, sorted."""
    folder = resources.files("prompts").joinpath(_FOLDER)
    files = (entry.name for entry in folder.iterdir())
    return tuple(sorted(file.removesuffix(_SUFFIX) for file in files if file.endswith(_SUFFIX)))


def template_digests() -> dict[str, str]:
    """Return name to ``version sha256`` of every template, to be kept with a run."""
    return {name: f"{load(name).version} {load(name).sha256}" for name in template_names()}


@cache
def load(name: str) -> Template:
    """Read a template and check that its header names exactly the variables that it uses.

    Raises:
        PromptError: There is no such template, or its file is broken.
    """
    if name not in template_names():
        what = f"no prompt template named {name!r}. Known: {', '.join(template_names())}"
        raise PromptError(what)
    path = resources.files("prompts").joinpath(_FOLDER, name + _SUFFIX)
    template = parse(path.read_text(encoding="utf-8"))
    if template.name != name:
        what = f"the file {name}{_SUFFIX} says that its name is {template.name!r}"
        raise PromptError(what)
    return template


def parse(source: str) -> Template:
    """Cut a template file into header and sections.

    Raises:
        PromptError: The header or a section is missing, or the inputs are not those used.
    """
    parts = _HEADER.match(source)
    if parts is None:
        raise PromptError("a template starts with a header between two lines of ---")
    header = _header(parts["header"])
    sections = _SECTION.split(parts["body"])
    names, texts = sections[1::2], sections[2::2]
    if not _ORDER.fullmatch(",".join(names)):
        raise PromptError("a template has the sections system, examples in pairs, user; in order")
    template = Template(
        name=header["name"],
        version=header["version"],
        inputs=tuple(field.strip() for field in header["inputs"].split(",") if field.strip()),
        output=header["output"],
        turns=tuple(
            (name.removeprefix("example "), text.strip())
            for name, text in zip(names, texts, strict=True)
        ),
        sha256=hashlib.sha256(source.encode()).hexdigest(),
    )
    _check_inputs(template)
    return template


def render(name: str, **fields: object) -> RenderedPrompt:
    """Fill in a template.

    Args:
        name: Name of the template.
        fields: One value for each input in its header, no more and no fewer.

    Raises:
        PromptError: A field is missing or unknown, or the template cannot be filled in.
    """
    template = load(name)
    missing = sorted(set(template.inputs) - set(fields))
    unknown = sorted(set(fields) - set(template.inputs))
    if missing or unknown:
        what = f"template {name}: missing {missing or 'nothing'}, unknown {unknown or 'nothing'}"
        raise PromptError(what)
    return RenderedPrompt(
        name=template.name,
        version=template.version,
        output=template.output,
        turns=tuple((role, _fill(text, fields)) for role, text in template.turns),
        sha256=template.sha256,
    )


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    # Prompts are plain text for a model, never HTML: escaping would change the evidence.
    return ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _fill(source: str, fields: Mapping[str, object]) -> str:
    try:
        return _environment().from_string(source).render(fields)
    except TemplateError as error:
        what = f"the template cannot be filled in: {error}"
        raise PromptError(what) from error


def _header(text: str) -> dict[str, str]:
    pairs = (line.partition(":") for line in text.splitlines())
    header = {key.strip(): value.strip() for key, _, value in pairs}
    if sorted(header) != sorted(_FIELDS):
        what = f"the header of a template has the lines {', '.join(_FIELDS)}"
        raise PromptError(what)
    return header


def _check_inputs(template: Template) -> None:
    try:
        used = meta.find_undeclared_variables(
            _environment().parse("\n".join(text for _, text in template.turns))
        )
    except TemplateError as error:
        what = f"template {template.name} is no valid template: {error}"
        raise PromptError(what) from error
    if used != set(template.inputs):
        what = f"template {template.name} uses {sorted(used)} but names {sorted(template.inputs)}"
        raise PromptError(what)
