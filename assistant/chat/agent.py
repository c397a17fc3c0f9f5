"""An agent for models that can call tools: it looks for sources; the answer is checked as ever.

LangChain runs the loop. The model chooses among six tools that only read, a few times at most.
What it found then goes the same way as in the fixed path: claims with keys under a schema, each
checked against its source. What the model says beside that is not shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, ConfigDict

from ingest.errors import BackendError, MissingDependencyError, UserError
from prompts import render

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langchain_core.language_models.chat_models import BaseChatModel
    from langchain_core.tools import BaseTool

    from assistant.chat.agent_tools import ReadOnlyTools

#: Calls of the model and of tools in one turn. Each tool call costs a call of the model.
MOST_MODEL_CALLS: Final = 8
MOST_TOOL_CALLS: Final = 8
#: Steps of the graph: the two limits above end the loop first.
_MOST_STEPS: Final = 60
_ANSWER_TOKENS: Final = 400
TIMEOUT_SECONDS: Final = 120.0
_RETRIES: Final = 1
_TOOLS: Final = (
    "search_literature",
    "search_proteins",
    "gene_card",
    "cohort_table",
    "drug_table",
    "explain_candidate",
)
_SERVERS: Final = ("openai", "ollama")


class SearchEnd(BaseModel):
    """What the model writes when it is done; only the sources that it found count."""

    model_config = ConfigDict(extra="forbid")

    done: bool


@dataclass(frozen=True, slots=True)
class Agent:
    """A model that can call tools."""

    model: BaseChatModel
    name: str = ""

    def gather(self, question: str, tools: ReadOnlyTools) -> None:
        """Let the model call tools; what they find is in ``tools.found``.

        A call of an unknown tool or with wrong arguments is told to the model and counts.

        Raises:
            BackendError: The server failed, or what it sent is no message.
        """
        from langchain.agents import create_agent
        from langchain.agents.middleware import ModelCallLimitMiddleware, ToolCallLimitMiddleware
        from langsmith import tracing_context

        prompt = render("chat_agent", question=question, run=_run_words(tools))
        (_, system), *others = prompt.turns
        limits: list[Any] = [  # Any: their types do not fit the function's own
            ModelCallLimitMiddleware(run_limit=MOST_MODEL_CALLS, exit_behavior="end"),
            ToolCallLimitMiddleware(run_limit=MOST_TOOL_CALLS, exit_behavior="continue"),
        ]
        graph: Any = create_agent(
            self.model, _langchain_tools(tools), system_prompt=system, middleware=limits
        )
        messages = {"messages": [{"role": role, "content": text} for role, text in others]}
        try:
            # Settings of the environment must not send what is said to a tracing service.
            with tracing_context(enabled=False):
                graph.invoke(messages, {"recursion_limit": _MOST_STEPS})
        except Exception as error:
            # Whatever a server sends must end in the fixed path, not in a traceback.
            what = f"the agent failed: {type(error).__name__}: {' '.join(str(error).split())[:200]}"
            raise BackendError(what, where=self.name) from error


def load_agent(spec: str, *, online: bool = False) -> Agent:
    """Prepare an agent for a model of a server; nothing is sent yet.

    Raises:
        UserError: The model cannot call tools, or the address is not local and ``online`` not set.
        MissingDependencyError: LangChain's package for servers is not installed.
    """
    from assistant.llm.openai_compatible import OLLAMA, local_client, openai_compatible

    name, _, argument = spec.partition(":")
    if name not in _SERVERS:
        hint = "Use openai:BASE_URL#MODEL or ollama:MODEL with a model that calls tools"
        raise UserError(f"{spec} cannot call tools", where="--agent", hint=hint)
    address = argument if name == "openai" else f"{OLLAMA}#{argument}"
    openai_compatible(address, online=online, threads=1).close()  # checks it
    base_url, _, model = address.partition("#")
    try:
        from langchain_openai import ChatOpenAI
    except ImportError as error:
        hint = "Run: pip install langchain-openai"
        raise MissingDependencyError("langchain-openai is missing", hint=hint) from error
    client, key = local_client(TIMEOUT_SECONDS)
    chat = ChatOpenAI(
        base_url=base_url,
        model=model,
        api_key=key,
        temperature=0.0,
        seed=0,
        max_retries=_RETRIES,
        timeout=TIMEOUT_SECONDS,
        max_tokens=_ANSWER_TOKENS,
        http_client=client,
    )
    return Agent(chat, name=model)


def _langchain_tools(tools: ReadOnlyTools) -> Sequence[BaseTool]:
    from langchain_core.tools import StructuredTool

    return [
        StructuredTool.from_function(getattr(tools, name), name=name, parse_docstring=False)
        for name in _TOOLS
    ]


def _run_words(tools: ReadOnlyTools) -> str:
    if not tools.records:
        return "No run is open: there are no drafts of genes."
    return f"A run of {len(tools.records)} genes is open, such as {next(iter(tools.records))}."
