"""The pages on which contracts are lived: what is asked, how far it is, and the report at its end."""

from pathlib import Path
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from legalaid_sim.contracts.language.load import library_names
from legalaid_sim.errors import ResultsError
from legalaid_sim.studio import shelf
from legalaid_sim.studio.folder import MANIFEST, Folder
from legalaid_sim.studio.lives import LifeDesk
from legalaid_sim.studio.pages import page
from legalaid_sim.studio.safety import REPORT_POLICY

REPORT = "report.html"
USUAL_WORLDS = "12"


class TryPages:
    """The pages of runs in one folder."""

    def __init__(self, folder: Folder) -> None:
        self.folder, self.lives = folder, LifeDesk(folder)

    def routes(self) -> list[Route]:
        """Give every address that is answered."""
        return [
            Route("/try", self.ask, methods=["GET", "POST"]),
            Route("/try/{key}", self.follow, methods=["GET"]),
            Route("/try/{key}/now", self.now, methods=["GET"]),
            Route("/try/{key}/stop", self.stop, methods=["POST"]),
            Route("/r/{run:path}", self.report, methods=["GET"]),
        ]

    async def ask(self, request: Request) -> Response:
        """Show what can be asked, or begin what is."""
        if request.method == "GET":
            return HTMLResponse(await run_in_threadpool(self._form))
        pairs = parse_qsl((await request.body()).decode("utf-8", "replace"), max_num_fields=200)
        contracts = tuple(value for name, value in pairs if name == "contract" and value)
        asked = await run_in_threadpool(self.lives.asked_of, dict(pairs), contracts)
        return RedirectResponse(f"/try/{await run_in_threadpool(self.lives.start, asked)}", 303)

    def _form(self) -> str:
        kinds = {name: shelf.kind_of_file(self.folder, name) for name in self.folder.names()}
        return page(
            "ask.html",
            scenarios=[name for name, kind in kinds.items() if kind == "scenario"],
            contracts=[name for name, kind in kinds.items() if kind in ("contract", "change")],
            library=library_names(),
            worlds=USUAL_WORLDS,
            lives=self.lives.all(),
        )

    async def follow(self, request: Request) -> Response:
        """Show how far a run is."""
        return HTMLResponse(page("follow.html", life=self.lives.told(request.path_params["key"])))

    async def now(self, request: Request) -> Response:
        """Give the part of that page that changes."""
        return HTMLResponse(page("life.html", life=self.lives.told(request.path_params["key"])))

    async def stop(self, request: Request) -> Response:
        """Stop a run and show what is kept."""
        key = request.path_params["key"]
        await run_in_threadpool(self.lives.stop, key)
        return RedirectResponse(f"/try/{key}", 303)

    async def report(self, request: Request) -> Response:
        """Give the report of a run, which brings its style with it and may do nothing else."""
        text = await run_in_threadpool(self._report, request.path_params["run"])
        return HTMLResponse(text, headers={"content-security-policy": REPORT_POLICY})

    def _report(self, run: str) -> str:
        if run not in self.folder.runs():
            raise ResultsError(run[:100], "is no folder of results here")
        place = self.folder.root / run
        parts = [self.folder.root / Path(*Path(run).parts[:n]) for n in range(1, len(Path(run).parts) + 1)]
        file = place / REPORT
        if any(part.is_symlink() for part in (*parts, file, place / MANIFEST)) or not file.is_file():
            raise ResultsError(run[:100], "has no report: `legalaid-sim report` writes it")
        return file.read_text(encoding="utf-8")
