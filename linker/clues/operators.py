"""Who runs the home: names in the places where the press puts the operator, and registered names anywhere.

A council that places children, the regulator, a charity or a campaigner quoted is not the operator; a
council that only speaks of its area is told apart from one that runs the home.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from linker.owners import Found, Likeness, Owners, is_of_council, words_of
from linker.reading import Reading
from storage.records import Clue


@dataclass(frozen=True, kw_only=True)
class OperatorNamed:
    """An organisation and its part: ``operator`` in an operator's place, ``named`` elsewhere."""

    name: str
    role: str  # operator, named
    legal: bool
    council: bool
    owners: tuple[Likeness, ...]

    def __str__(self) -> str:
        return self.name


Slot = tuple[int, int, str]
"""The characters of a name in the place of an operator, and its role."""

# Both are bounded: over a page of capitals an endless name would take hours.
_PART = r"[A-Z0-9][\w'&.\-]{0,50}"
_ORG = (
    rf"(?:{_PART}|\([A-Za-z0-9 ]{{1,60}}\))(?: (?:(?:and|&|of|for|the|in|to|de|der)(?= [A-Z0-9(])|&|{_PART}"
    rf"|\([A-Za-z0-9 ]{{1,60}}\))){{0,15}}"
)
_LEGAL = (
    r"(?:Ltd|LTD|Limited|LIMITED|LLP|[Pp]lc|PLC|CIC|C\.I\.C\.|Community Interest Company"
    r"|Community Land Company)\b"
)
_RUN = (
    r"(?:[Rr]un|RUN|[Oo]perated|[Oo]wned|[Mm]anaged|[Pp]rovided|[Ss]taffed)(?: and (?:run|operated"
    r"|managed|owned|staffed))?"
    r"(?: \w+ly)? by"
)
_APPOSED = (
    r"(?:(?:a|an|the|its) (?:[\w-]+ ){0,3}?(?:company|firm|business|provider|organisation|charity"
    r"|operator|group|trust|enterprise)"
    r"(?: (?:called|named|known as))?,? )?(?:the )?"
)
_BEFORE = re.compile(
    rf"(?:{_RUN}|[Bb]elong(?:s|ing) to|(?:is )?part of|[Oo]perators?(?: is| as|,)|owners?(?: is|,)"
    rf"|(?:registered )?provider(?: is|,)"
    rf"|names? the operator as|names? its operator as|company called|firm called|company,|firm,"
    rf"|charity,|acquired by|taken over by"
    rf"|at a home of|the company behind it,) {_APPOSED}(?P<org>{_ORG})"
)
_BEHIND = re.compile(
    rf"(?<!\w)(?P<org>{_ORG})(?:"
    r",? (?:which|that|also|currently)?,? ?(?:runs?|owns?|operates?|manages?|looks after|ran|owned"
    r"|operated)\b"
    r"|,? (?:the |an? )(?:[\w-]+ ){0,4}?(?:company|firm|business|provider|operator"
    r"|owner|organisation|group|outfit|charity|trust)"
    r"(?: (?:which|that|behind|in charge|responsible|with)|,)"
    r"|'s? (?:[\w'-]+ ){0,3}?(?:home|facility|service|property)\b"
    r"|,? whose [^.]{0,30}\bhomes?\b"
    r"|[^.]{0,60}? (?:one|two|several) of (?:its|their) (?:own )?(?:[\w'-]+ ){0,2}homes?\b"
    r"|(?P<speaks> (?:has been told|was told|has apologised|apologised|said it|said that it|said its"
    r"|accepted|insisted|confirmed|(?:was|has been|is) (?:visited|inspected|found|told|given|rated"
    r"|criticised|ordered|asked|said to|marked))\b))"
)
_SPEAKER = re.compile(
    r"(?:spokes(?:man|woman|person)|director|chief executive|boss|founder|owner|managers?) (?:for|of|at)"
    rf" (?P<org>{_ORG})"
)
_HOMES_NAME = re.compile(
    r"\b(?:Lodge|House|Cottage|Court|View|Farm|Hall|Grange|Villa|Manor|Road|Street|Lane|Avenue|Close|Way)$"
)
"""What homes and not companies are called; a company called so has its legal form behind it."""
_HOME_BEHIND = re.compile(r" (?:[Cc]hildren's )?[Hh]ome\b|'s (?:Children's )?Home\b")
_SAINT = re.compile(r"(?:St|Saint|Our Lady)\b")
"""What is called after a saint is a home; whoever else has a home (with a small letter) runs it."""
_LEAD = 4
_WHOLE = re.compile(_ORG)
_WITH_FORM = re.compile(rf"(?P<org>{_ORG}) {_LEGAL}")
_WORD_BEFORE = re.compile(r"(?<![\w'&-])([A-Z][\w&-]+) $")
_NO_PART = re.compile(
    r".*-(?:based|run|owned|born|backed)$|(?:jan|febr)uary$|march$|april$|may$|june$|july$|august$"
    r"|(?:septem|octo|novem|decem)ber$|(?:mon|tues|wednes|thurs|fri|satur|sun)day$|mr$|mrs$|ms$|dr$|cllr$"
    r"|(?:providers?|operators?|firms?|company|charity|owners?|group|trust|business|boss|bosses|ofsted|a|an|the)$",
    re.IGNORECASE,
)
"""Words with a capital that stand before a name and are no part of it."""
_NOT_AN_OPERATOR = re.compile(
    r"^(?:the )?(?:ofsted|care quality|cqc|department|dfe|government|nspcc|unison|gmb|local democracy"
    r"|ldrs|high court|court|police"
    r"|children's commissioner|independent children's homes|local government|association|bbc|itv|nhs"
    r"|care inspectorate|ciw"
    r"|inspectors?|watchdog|ministers?|regulator|parliament|labour|conservative|lib dem|one|two|three"
    r"|neither|both|this|that|these"
    r"|it|its|they|he|she|we|there|those|staff|children|managers?|leaders|a|an|the|in|at|on|but|and"
    r"|some|most|councils?|mr|mrs|ms"
    r"|who|which|what|if|when|while|until|since|after|before|local authority|county hall|city hall"
    r"|town hall|young people)\b",
    re.IGNORECASE,
)


def find(reading: Reading, owners: Owners, is_place: Callable[[str], bool]) -> list[Clue]:
    """The organisations that may run the home, registered ones by their providers; councils stand apart."""
    slots = list(_slots(reading))
    clues = list(_registered(reading, owners, is_place, slots))
    spans = [(clue.field, clue.start, clue.end) for clue in clues]
    for clue in _printed(reading, owners, is_place, slots):
        if not any(field == clue.field and a < clue.end and clue.start < b for field, a, b in spans):
            spans.append((clue.field, clue.start, clue.end))
            clues.append(clue)
    return clues


def _registered(
    reading: Reading, owners: Owners, is_place: Callable[[str], bool], slots: Sequence[Slot]
) -> Iterator[Clue]:
    """Registered names word for word; short and common ones only in an operator's place."""
    for found in owners.find(words_of(reading.low)):
        plain = reading.plain[found.start : found.end].removesuffix("'s")
        end = found.start + len(plain)
        if (
            not reading.is_told(found.start)
            or not (plain[0].isupper() or plain[0].isdigit())
            or is_place(plain)
        ):
            continue
        roles = {role for a, b, role in slots if a - 5 <= found.start < b}
        in_slot = bool(roles)
        legal = bool(re.match(rf"\)? {_LEGAL}", reading.plain[end : end + 40]))
        if is_of_council(found.words):
            continue
        if not (owners.is_distinctive(found.words) or ((in_slot or legal) and _is_a_name(plain))):
            continue
        start, likely = _meant(reading, owners, found, end)
        value = OperatorNamed(
            name=reading.plain[start:end],
            role="operator" if "operator" in roles else "named",
            legal=legal,
            council=False,
            owners=likely,
        )
        yield reading.clue("operator", start, end, value)


def _meant(reading: Reading, owners: Owners, found: Found, end: int) -> tuple[int, tuple[Likeness, ...]]:
    """Where the printed name begins, and whose it is: another's where more stands before a registered one."""
    begun = _begun(reading, found.start)
    if begun < found.start and not reading.sentence_at(begun).in_title:
        alike = owners.like(reading.plain[begun:end])
        return begun, tuple(one for one in alike if one.provider not in found.providers)
    exact = tuple(Likeness(one, "exact", 1.0) for one in found.providers)
    return found.start, _longer(reading, owners, found.start, end) or exact


def _longer(reading: Reading, owners: Owners, start: int, end: int) -> tuple[Likeness, ...]:
    """Owners of the whole printed name where it goes on behind the registered one."""
    whole = _WHOLE.match(reading.plain, start)
    if whole is None or whole.end() <= end + 1 or re.match(rf"\)? ?{_LEGAL}", reading.plain[end:]):
        return ()
    return tuple(owners.like(whole.group()))


def _begun(reading: Reading, start: int) -> int:
    """Where the printed name begins that the registered one at ``start`` only ends."""
    first = reading.sentence_at(start).start
    while word := _WORD_BEFORE.search(reading.plain, first, start):
        if _NO_PART.match(word[1]) or (word.start(1) == first and _NOT_AN_OPERATOR.match(word[1])):
            break
        start = word.start(1)
    return start


def _is_a_name(plain: str) -> bool:
    """Every word of a short name begins with a capital."""
    return all(
        word[0].isupper() or word[0].isdigit() or word in ("and", "of", "for") for word in plain.split()
    )


def _slots(reading: Reading) -> Iterator[Slot]:
    """Who runs a home is its operator; who speaks or is told something may be anybody."""
    for found in _BEFORE.finditer(reading.plain):
        yield *found.span("org"), "operator"
    for found in _BEHIND.finditer(reading.plain):
        yield *found.span("org"), "named" if found["speaks"] else "operator"
    for found in _SPEAKER.finditer(reading.plain):
        yield *found.span("org"), "named"


def _printed(
    reading: Reading, owners: Owners, is_place: Callable[[str], bool], slots: Sequence[Slot]
) -> Iterator[Clue]:
    """Names in an operator's place or with a legal form that are not word for word registered."""
    spans = list(slots)
    spans += [(*found.span("org"), "named") for found in _WITH_FORM.finditer(reading.plain)]
    spans += list(_leading(reading, owners))
    for start, end, role in spans:
        name = reading.plain[start:end].rstrip(".,'").removesuffix("'s")
        if name and reading.is_told(start) and not _NOT_AN_OPERATOR.match(name) and not is_place(name):
            yield from _printed_one(reading, owners, (start, start + len(name)), role)


def _leading(reading: Reading, owners: Owners) -> Iterator[tuple[int, int, str]]:
    """Names in a story's first sentences that end like a company of the trade: it is who the story is of."""
    for sentence in reading.told():
        if sentence.number > _LEAD:
            return
        if sentence.in_title:
            continue
        for found in _WHOLE.finditer(reading.plain, sentence.start, sentence.end):
            name = found.group().rstrip(".,'").removesuffix("'s")
            if (
                " " in name
                and owners.is_of_the_trade(name.split()[-1])
                and not owners.is_of_the_trade(name.split()[0])
            ):
                yield found.start(), found.start() + len(name), "operator"


def _printed_one(reading: Reading, owners: Owners, span: tuple[int, int], role: str) -> Iterator[Clue]:
    start, end = span
    name = reading.plain[start:end]
    legal = bool(re.search(rf"\b{_LEGAL}", name)) or bool(
        re.match(rf"\)? {_LEGAL}", reading.plain[end : end + 30])
    )
    of_home = (
        _HOMES_NAME.search(name)
        or _HOME_BEHIND.match(reading.plain, end)
        or (_SAINT.match(name) and reading.plain.startswith("'s ", end))
    )
    if of_home and not legal:
        return
    likely = tuple(owners.like(name))
    of_the_trade = owners.is_of_the_trade(name)
    if "Council" in name or (len(name) < 5 and not legal):
        return
    if legal or (likely and (of_the_trade or role == "operator")) or (role == "operator" and of_the_trade):
        value = OperatorNamed(name=name, role=role, legal=legal, council=False, owners=likely)
        yield reading.clue("operator", start, end, value)
