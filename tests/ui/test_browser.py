"""The pages in a real browser: the whole way of a user, and not one request to anywhere else."""

import contextlib
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request

import pytest

from assistant.services import open_desk
from assistant.settings import load_settings
from assistant.ui.server import command

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
)  # fmt: skip
PATIENCE = 30.0  # seconds for the server's and the first page's start on a busy machine

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]


@pytest.fixture
def address(opened):
    """Start the pages on a free port; stop them at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = opened / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command(port), stdout=output, stderr=subprocess.STDOUT, env=os.environ.copy()
        )
    base = f"http://127.0.0.1:{port}"
    try:
        _wait_for(base, process, log)
        yield base
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait_for(base, process, log):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(urllib.error.URLError, OSError):
            if urllib.request.urlopen(f"{base}/_stcore/health", timeout=2).status == 200:
                return
        time.sleep(0.1)
    pytest.fail(f"the server did not start: {log.read_text()}")


@pytest.fixture
def browser_page(address, opened, tmp_path):
    """Open a page whose every request to another place is recorded and refused."""
    from playwright.sync_api import sync_playwright

    elsewhere = []

    def guard(route):
        if route.request.url.startswith((address, "data:", "blob:", opened.as_uri())):
            route.continue_()
        else:
            elsewhere.append(route.request.url)
            route.abort()

    with sync_playwright() as running:
        context = running.chromium.launch_persistent_context(
            str(tmp_path / "profile"), executable_path=CHROMIUM, headless=True, args=FLAGS,
            viewport={"width": 1280, "height": 800},
        )  # fmt: skip
        context.route("**/*", guard)
        page = context.pages[0]
        page.set_default_timeout(1000 * PATIENCE)
        yield page
        context.close()
    assert not elsewhere


def test_the_way_of_a_user(browser_page, address, opened):
    from playwright.sync_api import expect

    page = browser_page
    expect.set_options(timeout=1000 * PATIENCE)
    page.goto(address)
    _ask(page, expect)
    _look_at_a_gene(page, expect)
    _accept(page, expect, opened)
    _download(page, expect, opened)
    _search(page, expect)


def _go(page, expect, name):
    page.get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()


def _ask(page, expect):
    box = page.get_by_test_id("stChatInputTextArea")
    box.fill("Which Bacteroides degrade starch?")
    box.press("Enter")
    expect(page.get_by_text("Evidence:")).to_be_visible()
    page.locator("summary").filter(has_text="[S2]").click()
    expect(page.get_by_role("link", name="PMID:1")).to_have_attribute("target", "_blank")
    page.reload()
    expect(page.get_by_text("Evidence:")).to_be_visible()


def _look_at_a_gene(page, expect):
    _go(page, expect, "Genes")
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    article = page.locator("article.gene")
    for scheme, ink in (("dark", "rgb(228, 233, 232)"), ("light", "rgb(28, 39, 44)")):
        page.emulate_media(color_scheme=scheme)
        expect(article).to_have_css("color", ink)
    expect(article).to_contain_text("GUT_00012")
    expect(article.get_by_role("heading", name="Evidence", exact=True)).to_be_visible()
    assert article.locator("a[href^='https']").first.get_attribute("target") == "_blank"


def _accept(page, expect, opened):
    _go(page, expect, "Review")
    desk = open_desk(opened / "run", load_settings())
    gene_id = desk.queue(state="draft")[0].gene.id
    expect(page.locator("article.gene h3")).to_have_text(gene_id)
    signature = page.get_by_role("textbox", name="Your name")
    signature.fill("Ada Weber")
    signature.press("Enter")
    page.get_by_role("heading", name="Review", exact=True).click()  # leave the field: keys are free
    page.keyboard.press("a")
    expect(page.get_by_text(re.compile(rf"{re.escape(gene_id)}: .*Accepted by"))).to_be_visible()
    expect(page.locator("article.gene h3")).not_to_have_text(gene_id)
    (review,) = desk.reviews.history(gene_id)
    assert review.reviewer == "Ada Weber"


def _download(page, expect, opened):
    _go(page, expect, "Reports")
    page.get_by_text("Include drafts that nobody").click()
    expect(page.get_by_text("neither accepted nor rejected")).to_have_count(0)
    # A file that the page offered before it was drawn anew is gone.
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download .html").click()
    assert waiting.value.suggested_filename == "run.html"
    report = opened / "report.html"
    waiting.value.save_as(report)
    assert "Ada Weber" in report.read_text(encoding="utf-8")
    _read(page.context, expect, report)


def _read(context, expect, report):
    """The report opens from disk; a choice hides rows and cards, and comes back by the keyboard."""
    page = context.new_page()
    page.goto(report.as_uri())
    cards = page.locator("article.gene:visible")
    everything = cards.count()
    page.get_by_role("radio", name=re.compile("High")).check()
    expect(page.locator("article.gene:visible:not([data-tier=high])")).to_have_count(0)
    assert 0 < cards.count() < everything
    page.keyboard.press("ArrowLeft")
    expect(cards).to_have_count(everything)
    page.close()


def _search(page, expect):
    """Hostile text of a paper is shown as it was written: no link, no image, no script."""
    _go(page, expect, "Knowledge base")
    box = page.get_by_label("Words or a question")
    box.fill("porphyran")
    box.press("Enter")
    body = page.get_by_test_id("stMain")
    expect(body.get_by_text("<script>alert(1)</script>").first).to_be_visible()
    written = body.inner_text().replace("\u2060", "")
    for words in ("![x](http://evil.example/pixel.png)", "$x$", ":smile:", "www.evil.example"):
        assert words in written
    assert not body.locator("a[href*='evil'], img[src*='evil'], .katex").count()
