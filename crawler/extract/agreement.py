"""Several extractors read one page; what most of them take for the story is the story.

Each says of each block of the page whether it kept it. The blocks that most kept, and the paragraphs that
stand among these though only some kept them, are the story. No extractor is trusted more on one site than
on another.
"""

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence

from lxml.html import HtmlElement

from crawler.extract.blocks import WORD, Block, in_boxes

Shingle = tuple[str, ...]
_RUN = 4  # words; shorter runs recur by chance, longer ones break at every missing word
_COVERED = b"\1" * _RUN
_HALF = 0.5
_LOST = 0.4  # a reading with less than this part of the middle one's words has lost the story
_NEARLY_ALL = 0.85  # a stray paragraph elsewhere shall not widen the story's box to the whole page
_USUAL = 0.2  # of the words; fewer may be a box of teasers that two readings took for paragraphs
_TOLD = 0.7  # some papers give only the beginning in their data
_UNTOLD = 0.2


def coverage(blocks: Sequence[Block], *texts: str) -> Iterator[list[float]]:
    """For each text, and each block, the share of its words that the text has.

    Counted in runs of four, across blocks, too.
    """
    whole = [tuple(block.words) for block in blocks]
    stream = [*itertools.chain.from_iterable(whole)]
    runs = [*_runs(stream)]
    for text in texts:
        lines = [WORD.findall(line) for line in text.splitlines()]
        kept = set(_runs([*itertools.chain.from_iterable(lines)]))
        printed = {tuple(line) for line in lines}
        covered = bytearray(len(stream))
        for at in [at for at, run in enumerate(runs) if run in kept]:
            covered[at : at + _RUN] = _COVERED
        shares, at = [], 0
        for words in whole:
            until = at + len(words)
            shares.append(1.0 if words in printed else covered.count(1, at, until) / len(words))
            at = until
        yield shares


def _runs(words: Sequence[str]) -> Iterator[Shingle]:
    return zip(words, words[1:], words[2:], words[3:], strict=False)


def agreed(blocks: Sequence[Block], readings: Sequence[str]) -> list[float]:
    """For each block the share of the readings that kept it; readings that lost the story do not count."""
    shares = [*coverage(blocks, *readings)]
    sizes = [
        sum(len(block.words) for block, share in zip(blocks, row, strict=True) if share > _HALF)
        for row in shares
    ]
    usual = sorted(sizes)[len(sizes) // 2] if sizes else 0
    counted = [row for row, size in zip(shares, sizes, strict=True) if size > _LOST * usual]
    if not counted:
        return [0.0] * len(blocks)
    return [sum(row[at] > _HALF for row in counted) / len(counted) for at in range(len(blocks))]


def story_of(blocks: Sequence[Block], votes: Sequence[float]) -> tuple[HtmlElement | None, list[bool]]:
    """The box that holds the story, and which blocks are kept.

    Kept is what at least half of the readings kept, and between these the headings, paragraphs and
    program texts that one reading kept, and the paragraphs that are made as the others are.
    """
    kept = [vote >= _HALF for vote in votes]
    core = [at for at, block in enumerate(blocks) if kept[at] and block.is_prose]
    if not core:
        return None, kept
    box = holder([blocks[at] for at in core])
    usual = usual_makes([blocks[at] for at in core])
    for at in range(core[0], core[-1]):
        block = blocks[at]
        if kept[at]:
            continue
        likely = block.is_prose or block.is_heading or block.tag in {"pre", "code"}
        if (likely and votes[at]) or (block.is_prose and make(block) in usual):
            kept[at] = within(block.element, box)
    return box, kept


def as_told(blocks: Sequence[Block], kept: Sequence[bool], told: str) -> list[bool]:
    """What the page's own data give as its text decides over paragraphs, if that is about what was read."""
    if not told:
        return list(kept)
    (shares,) = coverage(blocks, told)
    prose = [(len(b.words), k, s) for b, k, s in zip(blocks, kept, shares, strict=True) if b.is_prose]
    read = sum(count for count, keep, _ in prose if keep)
    both = sum(count for count, keep, share in prose if keep and share > _HALF)
    if not read or both < _TOLD * read:
        return list(kept)
    return [
        (keep and share > _UNTOLD) or (block.is_prose and share > 1 - _UNTOLD) if block.is_prose else keep
        for block, keep, share in zip(blocks, kept, shares, strict=True)
    ]


def holder(core: Sequence[Block]) -> HtmlElement:
    """The innermost box around nearly all words of some blocks."""
    words = in_boxes(core, [(len(block.words),) for block in core])
    enough = _NEARLY_ALL * sum(len(block.words) for block in core)
    return [box for box, (count,) in words.items() if count >= enough][-1]


def within(element: HtmlElement, box: HtmlElement) -> bool:
    """Whether an element is a box or stands in it."""
    return element is box or box in element.iterancestors()


def make(block: Block) -> tuple[str, ...]:
    """How a block is made: the names and classes of the three innermost boxes."""
    boxes = [block.element, *itertools.islice(block.element.iterancestors(), 2)]
    return tuple(f"{box.tag} {box.get('class', '')}" for box in boxes)


def usual_makes(core: Sequence[Block]) -> set[tuple[str, ...]]:
    """How a good part of the story's paragraphs are made."""
    words: Counter[tuple[str, ...]] = Counter()
    for block in core:
        words[make(block)] += len(block.words)
    return {made for made, count in words.items() if count >= _USUAL * words.total()}
