"""Trying to break in: without the address, from another page, under another name, out of the folder, by size."""

import os
import time

import pytest

from legalaid_sim.errors import ResultsError
from legalaid_sim.studio.folder import Folder
from legalaid_sim.studio.looking import TextAsked, look_at_text
from legalaid_sim.studio.pages import HTMX, static_file
from legalaid_sim.studio.worker import TooLong, Worker
from tests.studio.client import CONTRACT, HERE, PORT, TestClient, Visitor, folder
from tests.studio.test_pages import form_in

OUT = (
    "../secret.yaml", "..%2fsecret.yaml", "/etc/passwd", "//etc/passwd.yaml", "a/../../secret.yaml", ".hidden.yaml",
    "paid", "paid.yaml/", "paid.txt", "link.yaml", "linked/in.yaml", "C:\\secret.yaml", "paid.yaml\x00.yaml",
    "a/b/c/d.yaml", "secret.yaml ", " secret.yaml", "..", ".", "", "results/../paid.yaml",
)  # fmt: skip


@pytest.fixture(scope="module")
def visitor(tmp_path_factory):
    home = tmp_path_factory.mktemp("studio")
    (home / "secret.yaml").write_text("kind: contract\ntitle: TOPSECRET\n")
    (home / "outside").mkdir()
    (home / "outside" / "in.yaml").write_text("title: TOPSECRET\n")
    desk = folder(home / "desk")
    (desk / "link.yaml").symlink_to(home / "secret.yaml")
    (desk / "linked").symlink_to(home / "outside")
    (desk / ".hidden.yaml").write_text("title: TOPSECRET\n")
    (desk / "paid.txt").write_text("TOPSECRET\n")
    made = Visitor(desk)
    yield made
    made.worker.stop()


def test_the_address_lets_in_once(visitor) -> None:
    assert visitor.entered.status_code == 303
    assert "token" not in visitor.entered.headers["location"]
    cookie = visitor.entered.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    stranger = TestClient(visitor.guard, base_url=HERE, follow_redirects=False)
    assert stranger.get(visitor.guard.address).status_code == 403
    for path in ("/", "/c/paid.yaml", "/static/studio.js", "/?token=", "/?token=None", "/card/paid.yaml"):
        assert stranger.get(path).status_code == 403
    for cookie in (f"studio-{PORT}=x", f"studio-{PORT}=", "studio=1", "a;b=;;", f'studio-{PORT}="\\"'):
        assert stranger.get("/", headers={"Cookie": cookie}).status_code == 403


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        f"evil.example:{PORT}",
        f"127.0.0.1:{PORT + 1}",
        "127.0.0.1",
        f"localhost.evil:{PORT}",
        "",
    ],
)
def test_another_name_for_this_machine_is_refused(visitor, host: str) -> None:
    assert visitor.get("/", Host=host).status_code == 403


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", f"http://127.0.0.1:{PORT + 1}", f"https://127.0.0.1:{PORT}"]
)
def test_a_page_from_elsewhere_may_not_ask(visitor, origin: str) -> None:
    form = {"text": "kind: contract\n", "do": "save"}
    assert visitor.post("/c/paid.yaml", form, Origin=origin).status_code == 403
    assert visitor.get("/c/paid.yaml", Origin=origin).status_code == 403
    assert visitor.client.post("/c/paid.yaml", content="do=save").status_code == 403
    assert visitor.post("/c/paid.yaml", form, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert visitor.file().read_text() == CONTRACT


def test_no_other_method_is_answered(visitor) -> None:
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        assert visitor.client.request(method, "/c/paid.yaml").status_code == 405


@pytest.mark.parametrize("name", OUT)
def test_no_file_outside_the_folder_is_read_or_written(visitor, name: str) -> None:
    with pytest.raises(ResultsError):
        Folder(visitor.root).place(name)
    from urllib.parse import quote

    for path in (
        f"/c/{quote(name)}",
        f"/c/{name}" if "\x00" not in name else "/c/%00",
        f"/card/{quote(name)}",
    ):
        found = visitor.get(path)
        assert "TOPSECRET" not in found.text
        assert found.status_code in (200, 303, 307, 404)
    before = {path: path.read_bytes() for path in visitor.root.parent.rglob("*") if path.is_file()}
    visitor.post(f"/c/{quote(name)}", {"text": "stolen: 1", "do": "save", "seen": ""})
    visitor.post("/new", {"called": name, "library": "../../secret"})
    assert {path: path.read_bytes() for path in visitor.root.parent.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    "text",
    [
        "kind: contract\nextends: ../secret.yaml\n",
        "kind: contract\nextends: /etc/passwd\n",
        "kind: contract\nextends: link.yaml\n",
        "kind: contract\nextends: linked/in\n",
        "kind: contract\ntables: {a: {file: ../secret.yaml}}\n",
        "kind: contract\nexamples: [{name: a, table: {file: /etc/passwd}}]\n",
        "kind: contract\nextends: parent\n",
    ],
)
def test_a_text_reads_nothing_outside_the_folder(visitor, text: str) -> None:
    (visitor.root / "parent.yaml").write_text("kind: contract\nextends: ../secret\n")
    look = look_at_text(TextAsked(str(visitor.root), "paid.yaml", text, CONTRACT))
    assert any("is not a file of this folder" in one.message for one in look.problems)
    assert "TOPSECRET" not in str(look)


def test_a_link_on_the_way_is_not_written_through(visitor) -> None:
    form = form_in(visitor.get("/c/paid.yaml").text)
    real = visitor.file().rename(visitor.root / "real.yaml")
    visitor.file().symlink_to(visitor.root.parent / "secret.yaml")
    visitor.post("/c/paid.yaml", {**form, "text": "stolen: 1", "do": "save"})
    assert "TOPSECRET" in (visitor.root.parent / "secret.yaml").read_text()
    visitor.file().unlink()
    real.rename(visitor.file())


def test_what_is_too_large_is_refused(visitor) -> None:
    form = form_in(visitor.get("/c/paid.yaml").text)
    large = visitor.post("/c/paid.yaml", {**form, "text": "a" * 1_000_001, "do": "save"})
    assert large.status_code == 404
    assert "larger than 1 MB" in large.text
    assert visitor.post("/c/paid.yaml", {"text": "a" * 4_000_001}).status_code == 413

    def endless():
        for _ in range(50):
            yield b"text=" + b"a" * 100_000

    told = {"Origin": HERE, "Transfer-Encoding": "chunked"}
    assert visitor.client.post("/c/paid.yaml", content=endless(), headers=told).status_code == 413
    (visitor.root / "big.yaml").write_bytes(b"a: 1\n" * 300_000)
    assert "larger than 1 MB" in visitor.get("/c/big.yaml").text
    (visitor.root / "big.yaml").unlink()
    assert visitor.file().read_text() == CONTRACT


def test_hostile_names_and_texts_are_shown_and_do_nothing(visitor) -> None:
    attack = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg onload=alert(1)>"
    form = form_in(visitor.get("/c/paid.yaml").text)
    text = CONTRACT.replace("A fee for each matter", f"'{attack.replace(chr(39), chr(39) * 2)}'")
    text = text.replace("[housing, debt]", "[housing, debt, '</textarea><script>alert(2)</script>']")
    named = visitor.root / "x<y>.yaml"
    made = visitor.do(
        "look", {**form, "text": text, "m:service": attack, "because": attack, "scenario": attack}
    )
    whole = visitor.post(
        "/c/paid.yaml", {**form, "text": text, "m:service": attack, "because": attack, "do": "look"}
    )
    for page in (made, whole):
        assert page.status_code == 200
        for tag in ("<script>alert", "<img src=x", "<svg onload", "</textarea><script"):
            assert tag not in page.text
    assert not named.exists()


def test_every_page_is_bound_to_its_own_origin(visitor) -> None:
    for path in ("/", "/c/paid.yaml", "/static/studio.js", "/c/none.yaml"):
        headers = visitor.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'self'; base-uri 'none'")
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["cache-control"] == "no-store"
    for name in ("../app.py", "htmx.LICENSE", "%2e%2e/app.py", "nothing.js"):
        assert visitor.get(f"/static/{name}").status_code == 404


def test_no_page_has_script_or_style_of_its_own(visitor) -> None:
    for path in ("/", "/c/paid.yaml"):
        page = visitor.get(path).text
        assert "style=" not in page
        assert "<style" not in page
        assert page.count("<script") == 2
        assert " onclick=" not in page


def test_the_library_that_came_with_the_package_is_the_one_that_was_put_there() -> None:
    assert static_file(HTMX) is not None


def _sleeping(seconds: float) -> str:
    time.sleep(seconds)
    return "done"


def _failing(_: object) -> None:
    raise KeyError("x")


def _dying(_: object) -> None:
    os._exit(1)


def test_what_takes_too_long_is_ended_and_the_next_question_is_answered(tmp_path) -> None:
    worker = Worker(str(tmp_path), 0.5)
    try:
        with pytest.raises(TooLong, match=r"longer than 0\.5 seconds"):
            worker.ask(_sleeping, 60)
        worker.seconds = 60
        assert worker.ask(_sleeping, 0) == "done"
        with pytest.raises(TooLong):
            worker.ask(_dying, None)
        assert worker.ask(_sleeping, 0) == "done"
    finally:
        worker.stop()


def test_a_fault_of_ours_is_told_and_the_page_lives_on(visitor, monkeypatch) -> None:
    monkeypatch.setattr("legalaid_sim.studio.desk.look_at_text", _failing)
    page = visitor.get("/c/paid.yaml")
    assert page.status_code == 200
    assert "a fault of the studio" in page.text
    assert "since 2007" in page.text


def test_a_text_that_cannot_be_looked_at_in_time_is_told_and_kept(tmp_path) -> None:
    seat = Visitor(folder(tmp_path / "desk"), 0.0)
    try:
        page = seat.get("/c/paid.yaml")
        assert page.status_code == 200
        assert "took longer than" in page.text
        assert "since 2007" in page.text
    finally:
        seat.worker.stop()
