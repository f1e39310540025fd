"""Grades: what the home was judged now, by area, and what it had been judged before."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from linker.reading import Reading, Sentence
from storage.records import Clue

When = Literal["now", "before"]
SAME = "the same"
"""The grade of an area said to be that of the whole."""


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A grade, what it is for (overall, protection, leadership, all) and when."""

    grade: str
    area: str
    when: When

    def __str__(self) -> str:
        return self.grade if self.area == "overall" else f"{self.grade} ({self.area})"


_RATING = (
    r"(?:ofsted |overall |possible |available |inspection |formal |available ofsted |possible ofsted )*"
    r"(?:ratings?|grades?|grading|marks?|judge?ments?|verdicts?|rung|scores?|ranking|category|one)"
)
_HIT = re.compile(
    r"(?P<ri>\b(?:requir(?:es?|ed|ing)|needs?|needed|needing|in need of)[ -](?:some )?improv(?:ement"
    r"|ing)(?: to be (?:rated )?good)?)"
    rf"|(?P<inadequate>\binadequa(?:te|cy)\b|\b(?:lowest|worst|bottom)(?: possible| available)? {_RATING}"
    r"|\b(?:bottom|lowest) (?:rung|of the (?:ladder|scale|four|pile))|\bfailed its inspection)"
    rf"|(?P<outstanding>\boutstanding\b|\b(?:highest|top|best)(?: possible| available)? {_RATING}"
    rf"|\bfull marks\b)"
    r"|(?P<adequate>\b(?:adequate|satisfactory)\b)"
    r"|(?P<good>\bgood\b)"
    r"|(?P<interim>\b(?:improved|sustained|declined?)(?: in)? effectiveness\b)"
    r"|(?P<same>\b(?:same|that|identical) (?:overall )?(?:grade|judge?ment|verdict|rating|mark)s?\b)"
)
_TOLD_BY = (
    *("improv", "inadequa", "outstanding", "adequate", "satisfactory", "good", "effectiveness", "same"),
    *("identical", "lowest", "worst", "bottom", "highest", "top", "best", "full marks", "failed its"),
    *("that grade", "that judg", "that verdict", "that rating", "that mark", "that overall"),
)
"""One of these stands in every sentence that tells a grade."""
_GRADES = {
    "ri": "Requires improvement to be good",
    "inadequate": "Inadequate",
    "outstanding": "Outstanding",
    "adequate": "Adequate",
    "good": "Good",
    "same": SAME,
}
_CONTEXT = re.compile(
    r"\b(?:rat(?:ed?|ings?)|judge?(?:d|ments?|s)?|grad(?:ed?|ing|es)|verdict|ruled|overall|mark(?:ed"
    r"|s)?|deemed|considered"
    r"|class(?:ed|ified)|scor(?:ed|e)|award(?:ed|ing)?|declared|badge|status|ofsted|inspect\w*|branded"
    r"|found(?: to be)?"
    r"|came out|report|thumbs)\b"
)
_BARE = re.compile(
    r"(?:\b(?:is|was|were|be|been|being|as|now|from|to|of|both|than|of being|had been)|['\"])\s*['\"]?$"
)
_IDIOM = re.compile(
    r"^['\"]? (?:deal|news|reason|practice|progress|humou?r|relationships?|place|thing|work|shape"
    r"|quality|time|match"
    r"|old|job|range|care\b|support|links?|use|morning|luck|idea|start|neighbours?|intentions|manager"
    r"|leader|experience|to (?:see|hear|know|have)"
    r"|as\b|at (?!its|the|their)|for (?:the|them|him|her|us)|enough|parenting|homes? |example"
    r"|standard of|number)"
)
_GENERAL = re.compile(
    r"\bgood or (?:better|outstanding)|outstanding or good|good and outstanding|four-point|four-tier"
    r"|per cent|percent|%"
    r"|\bone in \w+|\bmost (?:homes|settings)|\bmajority\b|\bother (?:homes|settings)|\bthe rest\b"
    r"|\bsome years\b"
    r"|\btop two\b|two highest|homes in england|spread of|range of grades|nationally|of its homes|all of its"
    r"|anyone who|of the (?:\w+|\d+) (?:\w+ )?homes|\b(?:\w+|\d+) (?:homes )?were (?:good|outstanding"
    r"|inadequate|rated)|rates homes|homes? (?:that|which) (?:is|are) (?:judged|rated|graded)"
)
_WISH = re.compile(
    r"(?:\b(?:i'd like|we'd like|short of|not(?! only)|never|declined to call it|isn't|wasn't|nobody"
    r"|rather than"
    r"|instead of|would have liked"
    r"|want(?:ed|s)?|aim\w*|expect\w*|hop(?:e|es|ed|ing)|back to|return(?:ing)? to|become|becoming"
    r"|path to|road to|start on"
    r"|on track|could be|would be|to be rated|to be judged|as good|getting to|far from|anything but"
    r"|next)\b[^,;.]{0,28})$"
)
_MOVED = (
    r"(?:up|down|dropp?\w*|f[ae]ll\w*|plung\w*|plummet\w*|slipp?\w*|slump\w*|ris(?:e|en)|rose|climb\w*"
    r"|improv\w*|went|gone"
    r"|goes|going|mov(?:e|ed|es)|jump\w*|crash\w*|downgraded|upgraded|demoted|tumbl\w*|step|change\w*"
    r"|turn\w*|declin\w*"
    r"|taken?|takes|lifted|raised|journey|swung)"
)
_BEFORE_LEFT = re.compile(
    r"\b(?:previous(?:ly)?|formerly|had (?:\w+ )?(?:been|received|held|got|earned|judged|graded|rated"
    r"|required|scored"
    r"|considered|classed|given|deemed)|having (?:\w+ )?(?:been|held|required|received)|used to be|once"
    r"|until (?:now|then|recently)"
    rf"|{_MOVED}(?: [\w'-]+){{0,4}} from|last time|no longer|los(?:ing|es|t) (?:its|an?|the)|beforehand"
    r"|earlier (?:inspection|visit|check|report)|at its last|its last (?:full )?inspection|after being"
    r"|since being|told following"
    r"|was (?:\w+ )?(?:rated|judged|graded|considered|good|found)(?: to be)? .{0,20}when last|back then"
    r"|follows an?"
    r"|improvement on|it received last|formerly|had regarded|been regarded as|regarded as)\b"
)
_HAD = re.compile(r"\b(?:had|having) (?:\w+ )?$")
"""Before *required improvement*, whose verb is a part of the grade's own words."""
_FROM = re.compile(r"\bfrom (?:an? |its |the |being )?(?:overall )?['\"]?$")
_TO = re.compile(
    r"^['\"]?(?: \w+){0,2} (?:in)?to (?:an? |the |being )?(?:overall )?['\"]?$|^['\"]? (?:but"
    r"|and) (?:is |has )?now\b"
)
_BEFORE_RIGHT = re.compile(
    r"^['\"]?[^.;]{0,34}?\b(?:when (?:it was |it had been )?last|last time|(?:at|on|in|by|during|after"
    r"|following)"
    r" (?:its|their|an?|the|his) (?:last|previous|earlier|only previous|first ever|first)\b|previously"
    r"|beforehand"
    r"|until (?:now|then)|before (?:that|then)|the last time|(?:months?|years?) (?:ago|earlier|before)"
    r"|the year before"
    r"|it (?:had|received|got|was given) (?:\w+ )?(?:last|before|previously)|the previous year|last year)"
)
_IS = re.compile(r"\b(?:is|has (?:just )?been)(?: \w+){0,2} ['\"]?$")
_AT_FIRST = re.compile(r"['\"]? (?:at|on|in|after|following) (?:its|their|the) (?:very )?first\b")
"""What *is* so at a first inspection is what that found; what *was* may be long ago."""
_YEAR_RIGHT = re.compile(r"^['\"]?,? (?:\w+ )?in (?P<month>[A-Z]?[a-z]+ (?:of )?)?(?P<year>(?:19|20)\d\d)")
_LOST = re.compile(r"\b(?:los(?:es?|t|ing)|shed(?:s|ding)?) ['\"]?$")
_OUT = re.compile(r"\b(?:out of(?: the| its)?|had (?:the|its))(?: \w+'s)? ['\"]?$")
_NO_LONGER = re.compile(
    r"^['\"]? (?:(?!and |but |to )[\w'-]+ ){0,2}(?:home|house|unit) (?:(?:is|are|was) )?(?:now|no longer"
    r"|slump\w*|plung\w*|plummet\w*|f[ae]lls?|dropp?\w*|crash\w*|slipp?\w*|los(?:es|t))\b"
)
_MOVED_TO = re.compile(rf"\b{_MOVED}(?: [\w'-]+){{0,2}} (?:in)?to (?:an? )?['\"]?$")
_HOME_IS = re.compile(
    r"\b(?:home|house|service|unit|facility|it)\b[^.;]{0,45}\b(?:is|was|were|had been|remains)(?: now| still"
    r"| again)? ['\"]?$"
)
_THEN = re.compile(
    r"['\"]? in [a-z]+(?: \d{4})?,? (?:(?:and|but|then|it|it is|it was|is) (?:was |has )?(?:now )?)['\"]?$"
)
"""What stands between the grades of two inspections told in one breath."""
_PROTECTION = re.compile(
    r"help(?:ed)? and protect|\bprotect(?:ion|ed|ing)\b|\bsafety\b|kept (?:safe|from harm)"
    r"|keep\w* .{0,20}\bsafe\b|safeguarding"
)
_LEADERSHIP = re.compile(
    r"\bleader(?:s|ship)\b|\bmanage(?:d|ment|rs)\b|\bled\b(?! to)"
    r"|\bboss(?:es)?(?: (?:is|are|was|were|still|rated|branded))* *['\"]? *\|"
)
_SINCE = re.compile(
    r"\b(?:(?:has|have|is|are|was) now|(?:was|were) (?:told|given|judged|rated|graded|found)"
    r"|now (?:rated|judged|good|been)|(?:has|have) (?:\w+ )?(?:been"
    r"|crashed|dropped|fallen))\b"
)
_ALL = re.compile(
    r"\ball (?:three|four|the|of the)?\s*(?:\w+ )?(?:areas|categories|headings|measures|counts"
    r"|judge?ments|fronts)"
    r"|across the board|every (?:area|category|heading)|each (?:area|category)|\bthroughout\b"
    r"|both .{0,25}\band\b|full marks"
)
_OVERALL = re.compile(r"\boverall\b|experiences and progress|\bhome\b.{0,20}$")


_NOT_ITSELF = re.compile(r"(?:one of (?:the|its) (?:two )?|above the |off the |from the )$")
_LACKING = re.compile(r" (?:train|staff|supervis|resourc|fund|food|heat|risk|record)")
_INTO = re.compile(r"['\"]? (?:in)?to\b")
_RATED_RIGHT = re.compile(
    r"['\"]? (?:overall|rating|grade|judge?ment|report|verdict|mark|result|badge|by ofsted|one\b"
    r"|in (?:all|every))|['\"]?[,.]"
)
_RATED_LEFT = re.compile(r"(?:rated|judged|graded|deemed|declared|awarded|classed|overall) (?:\w+ )?$")


_NEXT_CLAUSE = re.compile(
    r"[,;:.]| but | while | although "
    r"| and (?=(?:[\w']+ ){1,5}(?:(?:is|are|was|were|remains?|judged|rated) (?:also |still )?['\"]?)?$)"
)
"""Where what is said of a grade ends; the next grade may follow on what it is of."""


def find(reading: Reading, *, this_year: int | None = None) -> list[Clue]:
    """Every grade told of the home, with area and time; ``this_year`` is that of publication."""
    return [clue for sentence in reading.told() for clue in _in_sentence(reading, sentence, this_year)]


def _in_sentence(reading: Reading, sentence: Sentence, this_year: int | None) -> Iterator[Clue]:
    low = reading.low[sentence.start : sentence.end]
    hits = list(_HIT.finditer(low)) if any(word in low for word in _TOLD_BY) else []
    if not hits or _GENERAL.search(low):
        return
    earlier: When | None = None
    for number, hit in enumerate(hits):
        left = low[hits[number - 1].end() if number else 0 : hit.start()]
        right = low[hit.end() : hits[number + 1].start() if number + 1 < len(hits) else len(low)]
        if not _is_grade(hit, low, left, right) or _WISH.search(left[-45:]):
            continue
        when = _when(left, right, earlier, this_year)
        if hit.group().startswith(("required", "needed")) and _HAD.search(left):
            when = "before"
        earlier = when
        area = _area(left, right, low)
        if hit.lastgroup == "same" and area == "overall":
            continue
        grade = _grade(hit)
        value = Judged(grade=grade, area=area, when=when)
        kind = (
            "earlier_judgement"
            if when == "before"
            else "judgement"
            if area == "overall"
            else "area_judgement"
        )
        confidence = 1.0 if sentence.in_title or hit.lastgroup != "good" else 0.9
        yield reading.clue(kind, sentence.start + hit.start(), sentence.start + hit.end(), value, confidence)


def _grade(hit: re.Match[str]) -> str:
    if hit.lastgroup == "interim":
        word = hit.group().split()[0]
        return {"improved": "Improved", "sustained": "Sustained"}.get(word, "Declined") + " effectiveness"
    return _GRADES[hit.lastgroup or ""]


def _is_grade(hit: re.Match[str], low: str, left: str, right: str) -> bool:
    """``good`` and ``outstanding`` are common words; ``inadequate`` is nearly always a grade."""
    quoted = low[hit.start() - 1 : hit.start()] in ("'", '"') and low[hit.end() : hit.end() + 1] in ("'", '"')
    if hit.lastgroup in ("ri", "interim", "same") or quoted or hit.group().endswith((" grade", " rating")):
        return True
    if _NOT_ITSELF.search(left):
        return False
    if hit.lastgroup == "inadequate":
        return not _LACKING.match(right)
    return not _IDIOM.match(right) and _is_common_grade(hit, left, right)


def _is_common_grade(hit: re.Match[str], left: str, right: str) -> bool:
    if _THEN.match(left) or _MOVED_TO.search(left):
        return True
    near = bool(_CONTEXT.search(left[-60:]) or _CONTEXT.search(right[:34]) or _HOME_IS.search(left))
    bare = bool(_BARE.search(left[-14:]))
    if _FROM.search(left) and _INTO.match(right):
        return True
    if hit.lastgroup == "good":
        return near and (bare or bool(_RATED_RIGHT.match(right) or _RATED_LEFT.search(left)))
    return near or bare


def _when(left: str, right: str, earlier: When | None, this_year: int | None) -> When:
    if earlier == "before" and _TO.search(left):
        return "now"
    year = _YEAR_RIGHT.match(right)
    if year and this_year and int(year["year"]) < this_year - bool(year["month"]):
        return "before"
    tail = left[-95:]
    if _IS.search(tail) and _AT_FIRST.match(right):
        return "now"
    if any(sign.search(tail) for sign in (_FROM, _LOST, _OUT)):
        return "before"
    if any(sign.match(right) for sign in (_THEN, _BEFORE_RIGHT, _NO_LONGER)):
        return "before"
    marks = list(_BEFORE_LEFT.finditer(tail))
    return "before" if marks and not _SINCE.search(tail, marks[-1].end()) else "now"


def _area(left: str, right: str, low: str) -> str:
    clause_left = re.split(r"[,;:]| but | while | with ", left)[-1][-70:]
    clause_right = _NEXT_CLAUSE.split(right)[0][:75]
    around = clause_left + " | " + clause_right
    if _ALL.search(around):
        return "all"
    if _OVERALL.search(clause_left) or re.match(r"['\"]? overall", right):
        return "overall"
    protection, leadership = bool(_PROTECTION.search(around)), bool(_LEADERSHIP.search(around))
    if protection and leadership:
        return "all"
    return "protection" if protection else "leadership" if leadership else "overall"
