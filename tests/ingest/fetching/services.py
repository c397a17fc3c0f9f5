"""A local server that speaks PubMed's and Europe PMC's protocols, and fails on demand."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

ARTICLE = (
    "<PubmedArticle><MedlineCitation><PMID Version='1'>{0}</PMID><Article>"
    "<Journal><JournalIssue><PubDate><Year>2020</Year></PubDate></JournalIssue>"
    "<Title>J</Title></Journal><ArticleTitle>Paper {0} on bile salts</ArticleTitle>"
    "<Abstract><AbstractText>Gut bacteria number {0} cut bile salts.</AbstractText></Abstract>"
    "</Article></MedlineCitation></PubmedArticle>"
)
HEAD = '<?xml version="1.0"?><PubmedArticleSet>'


class Replay:
    """What the server has, what it was asked, and what goes wrong.

    ``faults`` are used up one by one, by request: "cut", "garbage", "500", "429", "400",
    "redirect", "short" (a whole answer that ends early), or "" for none.
    """

    def __init__(self, total=5, faults=()):
        self.pmids = [str(1000 + number) for number in range(total)]
        self.faults = list(faults)
        self.asked = []

    def answer(self, path, form):
        if path.endswith("esearch.fcgi"):
            if "((" in form["term"]:
                return {"esearchresult": {"ERROR": "unbalanced brackets"}}
            most = int(form["retmax"])
            return {"esearchresult": {"count": str(len(self.pmids)), "idlist": self.pmids[:most]}}
        if path.endswith("efetch.fcgi"):
            articles = "".join(ARTICLE.format(pmid) for pmid in form["id"].split(","))
            return f"{HEAD}{articles}</PubmedArticleSet>"
        start = 0 if form["cursorMark"] == "*" else int(form["cursorMark"])
        stop = start + int(form["pageSize"])
        records = [
            {"pmid": it, "title": f"Paper {it}", "abstractText": f"Text {it}.", "pubYear": "2020"}
            for it in self.pmids[start:stop]
        ]
        mark = str(min(stop, len(self.pmids)))
        listed = {"result": records}
        return {"hitCount": len(self.pmids), "nextCursorMark": mark, "resultList": listed}


@contextmanager
def serving(replay):
    """Serve ``replay`` on this machine; gives the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            length = int(self.headers["Content-Length"])
            form = {k: v[0] for k, v in parse_qs(self.rfile.read(length).decode()).items()}
            replay.asked.append((self.path, form))
            fault = replay.faults.pop(0) if replay.faults else ""
            found = replay.answer(self.path, form)
            body = (found if isinstance(found, str) else json.dumps(found)).encode()
            if fault.isdigit():
                self.send_response(int(fault))
                if fault == "429":
                    self.send_header("Retry-After", "3")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            if fault == "redirect":
                self.send_response(302)
                self.send_header("Location", "http://203.0.113.9/elsewhere")
                self.end_headers()
                return
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if fault == "garbage":
                body = b"<html>service down</html>".ljust(len(body))
            if fault == "short":
                body = body[: len(body) // 2].ljust(len(body))
            self.wfile.write(body[: len(body) // 2] if fault == "cut" else body)

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
