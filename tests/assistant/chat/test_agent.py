"""The agent with models that behave, loop for ever, call what is not there, or send nonsense."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from assistant.chat import Chat
from assistant.chat.agent import MOST_MODEL_CALLS, MOST_TOOL_CALLS, Agent, load_agent
from assistant.chat.agent_tools import ReadOnlyTools
from assistant.llm import load_backend
from ingest.errors import BackendError, UserError
from tests.assistant.sample_records import sample_records
from tests.retrieval.bases import (
    LACTASE,
    studied_base,
)

QUESTION = "Which Bacteroides degrade starch?"
RECORDS = {record.gene.id: record for record in sample_records()}


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    with studied_base(tmp_path_factory.mktemp("agent")) as base:
        yield base


def call(name, arguments, number=0):
    return {"name": name, "args": arguments, "id": f"call_{number}", "type": "tool_call"}


class ScriptedToolCaller(BaseChatModel):
    """Call the tools of its script, one list a turn; the last turn is said again and again."""

    turns: list
    asked: list

    @property
    def _llm_type(self):
        return "scripted-tool-caller"

    def bind_tools(self, tools, **kwargs):
        return self

    def _generate(self, messages, stop=None, run_manager=None, **kwargs):
        self.asked.append(messages)
        turn = self.turns[min(len(self.asked), len(self.turns)) - 1]
        calls = [call(name, arguments, n) for n, (name, arguments) in enumerate(turn)]
        message = AIMessage(content="" if calls else "done", tool_calls=calls)
        return ChatResult(generations=[ChatGeneration(message=message)])


def agent_of(*turns):
    return Agent(ScriptedToolCaller(turns=list(turns), asked=[]), "scripted")


def test_what_tools_find_is_a_source_of_the_answer(base):
    agent = agent_of([("gene_card", {"gene_id": "GUT_00012"})], [])
    answer = Chat(base, sample_records(), agent=agent).ask(QUESTION)
    assert "gene:GUT_00012" in [source.reference for source in answer.sources]
    assert answer.steps == ("gene_card(GUT_00012)",)


def test_tool_output_is_fenced_data(base):
    agent = agent_of([("search_literature", {"query": "Bacteroides starch"})], [])
    agent.gather(QUESTION, ReadOnlyTools(base, {}))
    tool_message = agent.model.asked[1][-1]
    assert tool_message.content.startswith("<sources ")
    assert "data, not instructions" in tool_message.content


@pytest.mark.parametrize(
    "turn",
    [
        [("delete_everything", {"path": "/"})],
        [("gene_card", {"wrong": 1})],
        [("gene_card", {"gene_id": {"a": ["list"]}})],
        [("gene_card", {"gene_id": ""})],
        [("gene_card", {"gene_id": "no_such_gene"})],
        [("search_literature", {"query": "x" * 100_000})],
    ],
)
def test_a_wrong_call_is_told_to_the_model_and_the_answer_comes(base, turn):
    agent = agent_of(turn, [("search_literature", {"query": "starch"})], [])
    answer = Chat(base, sample_records(), agent=agent).ask(QUESTION)
    assert answer.sentences
    assert answer.steps[-1] == "search_literature(starch)"


def test_a_model_that_never_stops_is_stopped(base):
    agent = agent_of([("search_literature", {"query": "starch"})])
    answer = Chat(base, agent=agent).ask(QUESTION)
    assert answer.sentences
    assert len(agent.model.asked) <= MOST_MODEL_CALLS
    assert len(answer.steps) <= MOST_TOOL_CALLS


def test_many_calls_at_once_are_cut_too(base):
    agent = agent_of([("search_literature", {"query": f"starch {n}"}) for n in range(50)])
    tools = ReadOnlyTools(base, {})
    agent.gather(QUESTION, tools)
    assert len(tools.calls) <= MOST_TOOL_CALLS


def test_the_answer_is_checked_as_ever(base, tmp_path):
    lie = "Yersinia pestis degrades 97 % of starch."
    reply = {"sentences": [{"sources": ["S1"], "quote": "degrades", "text": lie}]}
    path = tmp_path / "answers.jsonl"
    path.write_text(json.dumps({"text": reply, "repeat": True}) + "\n")
    agent = agent_of([("search_literature", {"query": "starch"})], [])
    answer = Chat(base, backend=load_backend(f"scripted:{path}"), agent=agent).ask(QUESTION)
    assert [sentence.text for sentence in answer.rejected] == [lie]
    assert lie not in [sentence.text for sentence in answer.sentences]


@pytest.mark.parametrize(
    ("name", "argument", "word"),
    [
        ("search_literature", "Bacteroides starch", "PMID"),
        ("search_proteins", "EC 3.2.1.23", "Beta-galactosidase"),
        ("search_proteins", LACTASE, "100 % identical"),
        ("gene_card", "GUT_00012", "GUT_00012: its draft"),
        ("explain_candidate", "GUT_00012", "speak for it"),
        ("cohort_table", "Roseburia faecis", "found in 2 of 2 samples"),
        ("drug_table", "digoxin", "Eggerthella lenta"),
        ("drug_table", "water", "Nothing was found"),
    ],
)
def test_each_tool_reads(base, name, argument, word):
    tools = ReadOnlyTools(base, RECORDS)
    told = getattr(tools, name)(argument)
    told += " ".join(source.reference for source in tools.found.values())
    assert word in told


def test_the_same_source_keeps_its_key(base):
    tools = ReadOnlyTools(base, RECORDS)
    assert tools.gene_card("GUT_00012") == tools.gene_card("GUT_00012")
    assert list(tools.found) == [f"S{n}" for n in range(1, len(tools.found) + 1)]


# A server that speaks OpenAI's protocol.


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append(body)
        status, content = self.server.answer(body)
        payload = json.dumps(content).encode() if isinstance(content, dict) else content
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, *_):
        return


def said(content="", calls=()):
    message = {"role": "assistant", "content": content or None}
    if calls:
        message["tool_calls"] = [
            {"id": f"c{n}", "type": "function", "function": {"name": name, "arguments": text}}
            for n, (name, text) in enumerate(calls)
        ]
    choice = {"index": 0, "message": message, "finish_reason": "tool_calls" if calls else "stop"}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    return 200, {
        "id": "x", "object": "chat.completion", "created": 0, "model": "m",
        "choices": [choice], "usage": usage,
    }  # fmt: skip


@pytest.fixture
def server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.requests = []
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    server.spec = f"openai:http://127.0.0.1:{server.server_port}/v1#m"
    yield server
    server.shutdown()
    server.server_close()


def test_a_server_that_calls_tools(base, server):
    def answer(body):
        has_result = any(turn["role"] == "tool" for turn in body["messages"])
        return said("done") if has_result else said(calls=[("drug_table", '{"drug": "digoxin"}')])

    server.answer = answer
    answer = Chat(base, agent=load_agent(server.spec)).ask("What changes digoxin?")
    assert answer.steps == ("drug_table(digoxin)",)
    assert len(server.requests[0]["tools"]) == 6


@pytest.mark.parametrize(
    "reply",
    [
        said(calls=[("rm_rf", "{}")]),
        said(calls=[("gene_card", "not JSON at all")]),
        said(calls=[("gene_card", '["a list"]')]),
        said(calls=[("search_literature", '{"query": "starch"}')]),
        (200, b"<html>no JSON</html>"),
        (200, {"choices": []}),
        (400, {"error": {"message": "this model has no tools"}}),
    ],
)
def test_whatever_a_server_sends_an_answer_comes(base, server, reply):
    server.answer = lambda _: reply
    answer = Chat(base, agent=load_agent(server.spec)).ask(QUESTION)
    assert answer.sentences
    assert len(server.requests) <= MOST_MODEL_CALLS + 1


def test_a_server_that_is_not_there_is_said(base):
    with pytest.raises(BackendError, match="agent failed"):
        load_agent("openai:http://127.0.0.1:9/v1#m").gather(QUESTION, ReadOnlyTools(base, {}))


@pytest.mark.parametrize("spec", ["none", "bundled", "openai:http://8.8.8.8/v1#m"])
def test_models_without_tools_and_far_servers_are_refused(spec):
    with pytest.raises(UserError):
        load_agent(spec)
