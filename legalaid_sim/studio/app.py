"""What is answered at each address; pages work as forms, and by fragments where scripts run."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from legalaid_sim.errors import LegalAidSimError, ResultsError
from legalaid_sim.studio import desk, shelf
from legalaid_sim.studio.desk import ContractDesk, ShownPage, form_of, opening, told_of
from legalaid_sim.studio.editing import differences
from legalaid_sim.studio.folder import Folder
from legalaid_sim.studio.pages import page, static_file
from legalaid_sim.studio.safety import Guard, TooLarge
from legalaid_sim.studio.trypages import TryPages
from legalaid_sim.studio.worker import Worker

MOST_FIELDS = 20_000
NOT_HERE, TOO_LARGE, CLASH = 404, 413, 409
# What a page of fragments sends again: by where the request came from.
TEXT, KNOB, BUTTON = "text", "knob", "button"


class Studio:
    """The pages of one folder."""

    def __init__(self, folder: Folder, worker: Worker) -> None:
        self.folder, self.desk, self.runs = folder, ContractDesk(folder, worker), TryPages(folder)

    def end(self) -> None:
        """End every child."""
        self.runs.lives.end()
        self.desk.worker.stop()

    def routes(self) -> list[Route]:
        """Give every address that is answered."""
        return [
            Route("/", self._safe(self.shelf), methods=["GET"]),
            Route("/card/{name:path}", self._safe(self.card), methods=["GET"]),
            Route("/new", self._safe(self.new), methods=["POST"]),
            Route("/c/{name:path}", self._safe(self.contract), methods=["GET", "POST"]),
            Route("/static/{name}", self._safe(self.static), methods=["GET"]),
            *(
                Route(each.path, self._safe(each.endpoint), methods=list(each.methods or ()))
                for each in self.runs.routes()
            ),
        ]

    async def shelf(self, request: Request) -> Response:
        """Show what is in the folder."""
        checked = "checked" in request.query_params
        found = await run_in_threadpool(shelf.shelf_of, self.folder, self.desk.worker if checked else None)
        return HTMLResponse(page("shelf.html", shelf=found, said="", folder=str(self.folder.root)))

    async def card(self, request: Request) -> Response:
        """Show one contract of the shelf, looked at."""
        name = request.path_params["name"]
        found = await run_in_threadpool(shelf.card_of, self.folder, self.desk.worker, name)
        return HTMLResponse(page("card.html", card=found))

    async def new(self, request: Request) -> Response:
        """Write a new contract and open it."""
        sent = await _sent(request)
        name = await run_in_threadpool(shelf.made_new, self.folder, sent)
        return RedirectResponse(f"/c/{quote(name)}", 303)

    async def contract(self, request: Request) -> Response:
        """Show a contract, or do what its page asks."""
        name = request.path_params["name"]
        if request.method == "GET":
            form = opening(await run_in_threadpool(self.folder.read, name))
            said = "Saved." if "saved" in request.query_params else ""
            return self._whole(await run_in_threadpool(self.desk.show, name, form, said))
        sent = await _sent(request)
        what = sent.get("do", "look")
        shown = await run_in_threadpool(self.desk.do, name, form_of(sent), what)
        if shown.conflict:
            return await run_in_threadpool(self._conflict, shown, "HX-Request" in request.headers)
        if "HX-Request" not in request.headers:
            done = what == "save" and not shown.wrong
            return RedirectResponse(f"/c/{quote(name)}?saved=1", 303) if done else self._whole(shown)
        source = request.headers.get("HX-Trigger", "")
        again = (
            KNOB
            if source.startswith("k-")
            else TEXT
            if source == "text"
            else BUTTON
            if what != "look"
            else ""
        )
        return HTMLResponse(page("swap.html", again=again, scenarios=self._scenarios(), **told_of(shown)))

    def _whole(self, shown: ShownPage) -> Response:
        return HTMLResponse(page("contract.html", scenarios=self._scenarios(), **told_of(shown)))

    def _conflict(self, shown: ShownPage, by_script: bool) -> Response:
        theirs = self.folder.read(shown.name)
        told = differences(theirs.text, shown.form.text, "on disk now", "your text")
        made = page("conflict.html", told=told, seen=theirs.digest, **told_of(shown))
        headers = {"HX-Retarget": "body", "HX-Reswap": "innerHTML"} if by_script else {}
        return HTMLResponse(made, 200 if by_script else CLASH, headers=headers)

    def _scenarios(self) -> list[str]:
        return [name for name in self.folder.names() if shelf.kind_of_file(self.folder, name) == "scenario"]

    async def static(self, request: Request) -> Response:
        """Give a file that pages are made with."""
        found = static_file(request.path_params["name"])
        return Response(found[0], media_type=found[1]) if found else Response(status_code=NOT_HERE)

    def _safe(
        self, answer: Callable[[Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        """Let a page say what cannot be done, in words."""

        async def answered(request: Request) -> Response:
            try:
                return await answer(request)
            except TooLarge:
                return HTMLResponse(page("refused.html", why="This is larger than 1 MB."), TOO_LARGE)
            except LegalAidSimError as error:
                return HTMLResponse(page("refused.html", why=str(error)), NOT_HERE)

        return answered


async def _sent(request: Request) -> Mapping[str, str]:
    body = await request.body()
    try:
        return dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        raise ResultsError("what was sent", "is no form") from None


def application(root: Any, port: int, seconds: float | None = None) -> tuple[Guard, Studio]:
    """Give the studio of a folder, and the guard that stands before it."""
    from legalaid_sim.studio.worker import LIMIT_SECONDS

    folder = Folder(root)
    worker = Worker(str(folder.root), LIMIT_SECONDS if seconds is None else seconds)
    studio = Studio(folder, worker)
    return Guard(Starlette(routes=studio.routes()), port), studio


__all__ = ["Studio", "application", "desk"]
