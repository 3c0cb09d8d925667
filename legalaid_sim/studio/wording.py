"""A contract in English with the line of the file that each sentence is about."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path as FilePath
from typing import NamedTuple

from legalaid_sim.contracts.language.english import ROOMS, block_in_english
from legalaid_sim.contracts.language.load import Resolved
from legalaid_sim.contracts.schema import Contract
from legalaid_sim.contracts.tools.wording import words
from legalaid_sim.yamlfile import Mark, Path, held_or_none

SENTENCE = re.compile(r"(?<=[.;]) (?=[A-Z0-9])")
SHORTEST_SIGN = 2


class LinedSentence(NamedTuple):
    """A sentence and the line it is about; 0 where that stands in another file."""

    words: str
    line: int


class LinedBlock(NamedTuple):
    """A block in words; ``line`` and ``last`` are where it stands here, 0 where in another file, named in ``file``."""

    name: str
    title: str
    status: str
    line: int
    last: int
    file: str
    sentences: tuple[LinedSentence, ...]


class LinedRoom(NamedTuple):
    """What a contract says under one heading."""

    heading: str
    blocks: tuple[LinedBlock, ...]


def rooms_of(contract: Contract, resolved: Resolved) -> tuple[LinedRoom, ...]:
    """Give every block of a contract in sentences, each with its line, in the order of the language."""
    found = (
        LinedRoom(
            heading, tuple(_block(contract, resolved, room, at) for at in range(len(getattr(contract, room))))
        )
        for room, heading in ROOMS.items()
    )
    return tuple(room for room in found if room.blocks)


def _block(contract: Contract, resolved: Resolved, room: str, at: int) -> LinedBlock:
    block, here = getattr(contract, room)[at], resolved.document.path
    signs = {
        str(value): mark
        for path, mark in _marks(resolved, room, at)
        if not isinstance(value := held_or_none(resolved.data, path), dict | list | bool)
        and value is not None
    }
    start = resolved.document.marks.value((room, at, "id"))
    mine = start.file in ("", here)
    lines = [mark.line for path, mark in _marks(resolved, room, at) if mark.file == start.file]
    said = SENTENCE.split(block_in_english(block, contract))
    return LinedBlock(
        block.id,
        block.title or words(block.kind),
        block.source.status if block.source else "no source",
        start.line if mine else 0,
        max(lines, default=start.line) if mine else 0,
        "" if mine else FilePath(start.file).name,
        tuple(LinedSentence(each, _line_of(each, signs, start) if mine else 0) for each in said),
    )


def _marks(resolved: Resolved, room: str, at: int) -> Iterator[tuple[Path, Mark]]:
    yield from (
        (path, mark) for path, mark in resolved.document.marks.values.items() if path[:2] == (room, at)
    )


def _line_of(sentence: str, signs: Mapping[str, Mark], start: Mark) -> int:
    """Give the line of the longest value that a sentence names, else that of the block."""
    spoken = f" {sentence.replace(',', ' ').replace('.', ' . ')} "
    named = [
        sign
        for sign, mark in signs.items()
        if len(sign) >= SHORTEST_SIGN
        and mark.file == start.file
        and (f" {words(sign)} ".replace(".", " . ") in spoken or f" {sign} ".replace(".", " . ") in spoken)
    ]
    return signs[max(named, key=len)].line if named else start.line
