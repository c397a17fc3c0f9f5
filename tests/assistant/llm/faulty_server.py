"""A small OpenAI-compatible server of this machine that fails as it is told."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ANSWER = json.dumps({"organism": "Escherichia coli", "keys": ["E2"]})


class Handler(BaseHTTPRequestHandler):
    """Answer as the server's ``faults`` say, one fault a request, then properly."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.requests.append((self.path, body, headers))
        fault = self.server.faults.pop(0) if self.server.faults else self.server.always
        getattr(self, f"answer_{fault}")(body)

    def do_GET(self):
        if self.server.always == "hang":
            self.server.released.wait(5)
        self.reply({"object": "list", "data": [{"id": "tiny", "object": "model"}]})

    def answer_none(self, body):
        truncated = body["max_tokens"] < 5
        self.reply(
            completion(
                self.server.answer[:4] if truncated else self.server.answer,
                "length" if truncated else "stop",
            )
        )

    def answer_429(self, body):
        self.reply({"error": {"message": "slow down"}}, status=429, headers={"Retry-After": "0"})

    def answer_500(self, body):
        self.reply({"error": {"message": "boom"}}, status=500)

    def answer_400(self, body):
        self.reply({"error": {"message": "no such model"}}, status=400)

    def answer_hang(self, body):
        self.server.released.wait(5)
        self.close_connection = True

    def answer_cut(self, body):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "5000")
        self.end_headers()
        self.wfile.write(b'{"choices": [{"mess')
        self.close_connection = True

    def answer_drop(self, body):
        self.close_connection = True

    def answer_no_json(self, body):
        self.reply(b"<html>gateway</html>", content_type="text/html")

    def answer_bad_json(self, body):
        self.reply(b'{"choices": [')

    def answer_no_choices(self, body):
        self.reply({"id": "x", "object": "chat.completion", "choices": []})

    def answer_null_choices(self, body):
        self.reply({"choices": None})

    def answer_list(self, body):
        self.reply([1, 2])

    def answer_null_text(self, body):
        self.reply(completion(None))

    def answer_empty_text(self, body):
        self.reply(completion("  "))

    def answer_odd_usage(self, body):
        self.reply(completion(self.server.answer) | {"usage": {"prompt_tokens": "many"}})

    def answer_no_schemas(self, body):
        form = body.get("response_format", {}).get("type", "")
        if form == "json_schema":
            fault = {"error": {"message": "response_format json_schema is not supported"}}
            self.reply(fault, status=400)
        else:
            self.reply(completion(self.server.answer))

    def answer_no_formats(self, body):
        if "response_format" in body:
            self.reply({"error": {"message": "unknown field response_format"}}, status=422)
        else:
            self.reply(completion(self.server.answer))

    def answer_404(self, body):
        self.reply({"error": {"message": "model 'tiny' not found"}}, status=404)

    def answer_begin_to_hang(self, body):
        self.server.always = "hang"
        self.answer_hang(body)

    def answer_bad_draft(self, body):
        self.reply(completion('{"rationale": []}'))

    def answer_to_length(self, body):
        self.reply(completion(self.server.answer[:9], "length"))

    def answer_429_for_long(self, body):
        self.reply({}, status=429, headers={"Retry-After": "3600"})

    def answer_429_bare(self, body):
        self.reply({}, status=429)

    def answer_html_500(self, body):
        self.reply(b"<html>" + b"x" * 9000, status=502, content_type="text/html")

    def answer_error_in_200(self, body):
        self.reply({"error": {"message": "out of memory"}})

    def answer_no_words(self, body):
        self.reply(completion(None, "length"))

    def answer_no_streams(self, body):
        if body.get("stream"):
            self.reply({"detail": "extra field: stream_options"}, status=422)
        else:
            self.reply(completion(self.server.answer))

    def answer_stream(self, body):
        self.events(
            [
                event(self.server.answer[:9]),
                event(self.server.answer[9:]),
                event("", "stop"),
                USAGE,
                b"[DONE]",
            ]
        )

    def answer_stream_to_length(self, body):
        self.events([event(self.server.answer[:9]), event("", "length"), b"[DONE]"])

    def answer_stream_without_done(self, body):
        self.events([event(self.server.answer), event("", "stop")])

    def answer_stream_kept_open(self, body):
        self.events([event(self.server.answer), event("", "stop"), b"[DONE]"])
        self.server.released.wait(5)

    def answer_stream_cut(self, body):
        self.events([event(self.server.answer[:9])])

    def answer_stream_error(self, body):
        self.events(
            [event(self.server.answer[:9]), json.dumps({"error": {"message": "crash"}}).encode()]
        )

    def answer_stream_drop(self, body):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"40\r\ndata: {")
        self.close_connection = True

    def answer_stream_of_slow_tokens(self, body):
        self.events(self.slowly())

    def slowly(self):
        while not self.server.released.wait(0.05):
            yield event("x")

    def events(self, contents):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(b": a comment\n\n")
        for content in contents:
            self.wfile.write(b"data: " + content + b"\n\n")
            self.wfile.flush()
        self.close_connection = True

    def answer_redirect(self, body):
        self.reply({}, status=307, headers={"Location": "http://192.0.2.1/v1/chat/completions"})

    def reply(self, content, *, status=200, headers=None, content_type="application/json"):
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(data)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *arguments):
        pass


USAGE = json.dumps({"choices": [], "usage": {"completion_tokens": 4}}).encode()


def event(text, finish=None):
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": finish}
    return json.dumps({"id": "x", "model": "tiny", "choices": [choice]}).encode()


def completion(text, finish="stop"):
    message = {"role": "assistant", "content": text}
    return {
        "id": "x",
        "object": "chat.completion",
        "created": 1,
        "model": "tiny",
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7},
    }


@contextmanager
def faulty_server():
    """Serve; ``faults`` names one fault a request, ``always`` what comes when they are used up."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads, server.block_on_close = True, False
    server.faults, server.requests, server.released = [], [], threading.Event()
    server.always, server.answer = "none", ANSWER
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


def address(server):
    return f"http://127.0.0.1:{server.server_address[1]}/v1"
