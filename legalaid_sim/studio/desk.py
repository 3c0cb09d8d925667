"""What is done on the page of a contract: a form in, a text and what is beside it out."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, NamedTuple

from legalaid_sim.errors import ResultsError
from legalaid_sim.studio.editing import (
    NotEdited,
    as_filed,
    as_shown,
    put_right,
    turned,
    with_example,
)
from legalaid_sim.studio.folder import LARGEST_TEXT, Folder, Opened
from legalaid_sim.studio.looking import LookBeside, TextAsked, TextProblem, look_at_text
from legalaid_sim.studio.worker import NotLookedAt, TooLong, Worker
from legalaid_sim.yamlfile import Mark

KNOB, FIELD = "k:", "m:"
MOST_UNDONE = 50


class SentForm(NamedTuple):
    """What a page sends: the text, the version of the file it was begun from, what is tried, what is to be done."""

    text: str
    seen: str
    sample: int = 0
    scenario: str = ""
    because: str = ""
    undo: tuple[tuple[str, str], ...] = ()
    matter: Mapping[str, str] = {}
    knobs: Mapping[str, str] = {}
    was: str = ""


class ShownPage(NamedTuple):
    """What a page shows: the form as it is now, what is beside the text, and what was done in words."""

    name: str
    form: SentForm
    look: LookBeside
    said: str = ""
    wrong: str = ""
    dirty: bool = False
    conflict: bool = False


def form_of(sent: Mapping[str, str]) -> SentForm:
    """Read what a page sends; raises ``ResultsError`` for a text that is too large."""
    text = as_shown(sent.get("text", ""))
    if len(text.encode("utf-8", "replace")) > LARGEST_TEXT:
        raise ResultsError("this text", "is larger than 1 MB, the most that is edited here")
    return SentForm(
        text,
        sent.get("seen", ""),
        int(number) if (number := sent.get("sample", "0")).isdigit() and len(number) < 4 else 0,
        sent.get("scenario", ""),
        sent.get("because", "").strip(),
        _undo_of(sent.get("undo", "")),
        {name.removeprefix(FIELD): value[:200] for name, value in sent.items() if name.startswith(FIELD)},
        {name.removeprefix(KNOB): value[:60] for name, value in sent.items() if name.startswith(KNOB)},
        sent.get("was", ""),
    )


def opening(opened: Opened) -> SentForm:
    """Give the form of a file as it stands on disk."""
    return SentForm(as_shown(opened.text), opened.digest)


def digest_of(text: str) -> str:
    """Tell one text from another."""
    return sha256(text.encode("utf-8", "replace")).hexdigest()


def undo_text(form: SentForm) -> str:
    """Write what would undo the last turn, as a page carries it."""
    return json.dumps(form.undo)


def _undo_of(text: str) -> tuple[tuple[str, str], ...]:
    try:
        found = json.loads(text or "[]")
        return tuple((str(place), str(number)) for place, number in found[:MOST_UNDONE])
    except (ValueError, TypeError):
        return ()


class ContractDesk:
    """Does what pages ask, on the files of one folder."""

    def __init__(self, folder: Folder, worker: Worker) -> None:
        self.folder, self.worker = folder, worker

    def show(self, name: str, form: SentForm, said: str = "", wrong: str = "") -> ShownPage:
        """Look at a text beside its file; raises ``ResultsError`` where the name may not be opened."""
        opened = self.folder.read(name)
        saved = as_shown(opened.text)
        question = TextAsked(
            str(self.folder.root), name, form.text, saved, form.sample, dict(form.matter), form.scenario
        )
        try:
            look: LookBeside = self.worker.ask(look_at_text, question)
        except (TooLong, NotLookedAt) as error:
            told = TextProblem("error", "CS023", "too-long", 0, 0, 0, "", str(error), "", "", "")
            look = LookBeside(name, (told,), (), "", True, ())
        return ShownPage(name, form, look, said, wrong, form.text != saved or opened.digest != form.seen)

    def do(self, name: str, form: SentForm, what: str) -> ShownPage:
        """Do one thing and show what came of it; what cannot be done is said, and changes nothing."""
        verb, _, rest = what.partition(":")
        try:
            done = getattr(self, f"_{verb}", None) if verb in VERBS else None
            if done is None:
                return self.show(name, form)
            found: ShownPage = done(name, form, rest)
            return found
        except NotEdited as error:
            return self.show(name, form, wrong=str(error))

    def _look(self, name: str, form: SentForm, rest: str) -> ShownPage:
        """Look at the text; numbers that were written beside a text that is as it was sent are set in it."""
        if form.was != digest_of(form.text):
            return self.show(name, form)
        return self._turn(name, form, "")

    def _turn(self, name: str, form: SentForm, rest: str) -> ShownPage:
        """Set the number that was turned, or every number that differs where none is named."""
        chosen = {rest: form.knobs[rest]} if rest in form.knobs else form.knobs
        text, moved = turned(form.text, chosen)
        return self._moved(name, form, text, moved)

    def _moved(self, name: str, form: SentForm, text: str, moved: list[tuple[str, str]]) -> ShownPage:
        """Show a text whose numbers moved. The way back leads to before the first of one number's moves in a row."""
        places = {place for place, _ in moved}
        undo = form.undo if {place for place, _ in form.undo} == places else tuple(moved)
        return self.show(name, form._replace(text=text, undo=undo or form.undo))

    def _undo(self, name: str, form: SentForm, rest: str) -> ShownPage:
        text, _ = turned(form.text, dict(form.undo))
        return self.show(name, form._replace(text=text, undo=()), "Undone.")

    def _accept(self, name: str, form: SentForm, rest: str) -> ShownPage:
        """Let worked examples say what comes out: one that is named, or all."""
        before = self.show(name, form)
        rows = before.look.bench.rows if before.look.bench else ()
        wanted = {row.place: row.got for row in rows if row.place and rest in ("", row.place)}
        text, moved = turned(form.text, wanted)
        said = f"{len(moved)} expectation{'s' if len(moved) != 1 else ''} of worked examples set to what comes out."
        return self.show(name, form._replace(text=text, undo=()), said)

    def _fix(self, name: str, form: SentForm, rest: str) -> ShownPage:
        line, column, width, word = (*rest.split(":", 3), "", "", "", "")[:4]
        if not (line.isdigit() and column.isdigit() and width.isdigit()):
            raise NotEdited("the text has changed: look again")
        text = put_right(form.text, Mark(int(line), int(column), int(width)), word)
        return self.show(name, form._replace(text=text), f"Line {line}: {word}.")

    def _keep(self, name: str, form: SentForm, rest: str) -> ShownPage:
        """Write the matter that is tried into the file's worked examples."""
        before = self.show(name, form)
        if before.look.stale or before.look.matter is None or not before.look.matter.example:
            raise NotEdited("there is no receipt to keep: mend what is wrong first")
        text = with_example(form.text, before.look.matter.example)
        return self.show(
            name, form._replace(text=text), "Kept as a worked example at the end of the examples."
        )

    def _save(self, name: str, form: SentForm, rest: str) -> ShownPage:
        """Write the file, unless somebody else has; ``rest`` is ``over`` where that was seen and is to go."""
        opened = self.folder.read(name)
        if opened.digest != form.seen:
            return self.show(name, form)._replace(conflict=True)
        now = as_filed(opened.text, form.text).encode("utf-8")
        self.folder.save(opened, now, form.because)
        return self.show(name, form._replace(seen=Opened(name, now).digest, undo=(), because=""), "Saved.")


VERBS = ("look", "turn", "undo", "accept", "fix", "keep", "save")


def told_of(shown: ShownPage) -> dict[str, Any]:
    """Give what a template needs of a page."""
    return {
        "shown": shown,
        "form": shown.form,
        "look": shown.look,
        "undo": undo_text(shown.form),
        "was": digest_of(shown.form.text),
    }
