"""Prompt templates: files with a header, rendered strictly. Imports nothing of ours."""

from prompts.render import (
    PromptError,
    RenderedPrompt,
    Template,
    load,
    render,
    template_digests,
    template_names,
)

__all__ = [
    "PromptError",
    "RenderedPrompt",
    "Template",
    "load",
    "render",
    "template_digests",
    "template_names",
]
