"""What is around each block of a page: its boxes, how much of the story these hold, what repeats."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from lxml.html import HtmlElement

from crawler.extract.agreement import make, usual_makes
from crawler.extract.blocks import Block, in_boxes

_BEARS = 0.25  # a box with more of the paragraphs than this is the story's own


class Box(NamedTuple):
    """What stands in an element: all words, and those of kept paragraphs."""

    words: int
    prose: int


@dataclass(eq=False)
class Surroundings:
    """A page's blocks, which of them are kept so far, the box of the story, and what stands in each box."""

    blocks: Sequence[Block]
    kept: list[bool]
    story: HtmlElement
    boxes: dict[HtmlElement, Box] = field(default_factory=dict)

    def __post_init__(self) -> None:
        amounts = []
        for block, kept in zip(self.blocks, self.kept, strict=True):
            count = len(block.words)
            amounts.append((count, count * (kept and block.is_prose)))
        self.boxes = {box: Box(*sums) for box, sums in in_boxes(self.blocks, amounts).items()}

    @cached_property
    def prose(self) -> int:
        """The words of all kept paragraphs."""
        return sum(
            len(b.words) for b, kept in zip(self.blocks, self.kept, strict=True) if kept and b.is_prose
        )

    def prose_in(self, some: Sequence[int]) -> int:
        """The words of those of some kept blocks that are paragraphs."""
        return sum(len(self.blocks[at].words) for at in some if self.blocks[at].is_prose)

    @cached_property
    def ends(self) -> tuple[int, int]:
        """The first and the last kept paragraph."""
        kept = [at for at, block in enumerate(self.blocks) if self.kept[at] and block.is_prose]
        return (kept[0], kept[-1]) if kept else (0, len(self.blocks))

    @cached_property
    def usual(self) -> set[tuple[str, ...]]:
        """How the story's paragraphs are made."""
        return usual_makes([b for b, kept in zip(self.blocks, self.kept, strict=True) if kept and b.is_prose])

    @cached_property
    def headings(self) -> set[tuple[str, ...]]:
        """How the headings between the first and the last paragraph are made."""
        first, last = self.ends
        return {
            make(block)
            for at, block in enumerate(self.blocks)
            if first < at < last and self.kept[at] and block.is_heading
        }

    @cached_property
    def printed(self) -> Counter[str]:
        """How often each line is on the page."""
        return Counter(block.text.lower() for block in self.blocks)

    def first_with(self, text: str) -> int:
        """The first kept block with these words."""
        return next(at for at, block in enumerate(self.blocks) if self.kept[at] and block.text == text)

    @cached_property
    def stream(self) -> str:
        """The words of all kept blocks."""
        return "\n".join(" ".join(b.words) for b, kept in zip(self.blocks, self.kept, strict=True) if kept)

    def beside(self, block: Block) -> list[HtmlElement]:
        """The boxes around a block, only the innermost if it is made as the story's paragraphs are."""
        boxes = self.around(block)
        return boxes[:1] if make(block) in self.usual else boxes

    def around(self, block: Block) -> list[HtmlElement]:
        """The boxes around a block that do not hold the story, the innermost first."""
        found = []
        for element in (block.element, *block.element.iterancestors()):
            if self.boxes[element].prose > _BEARS * self.prose or element is self.story:
                break
            found.append(element)
        return found
