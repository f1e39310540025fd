"""The signs of what a story is about: a home that was inspected, or services, policy, another remit."""

import re
from typing import NamedTuple


class Sign(NamedTuple):
    """Bits for or against; one of ``words`` stands in every text that has it, where there are any."""

    name: str
    bits: float
    words: tuple[str, ...]
    most: int
    pattern: re.Pattern[str]

    def may_stand_in(self, low: str) -> bool:
        """Whether looking for it is worth while: words are found forty times as fast as expressions."""
        return not self.words or any(word in low for word in self.words)


_MOST = {
    "a home": 3,
    "the home": 4,
    "home judged": 2,
    "inspectors came": 2,
    "children there": 1,
    "plural": 3,
    "policy": 3,
    "numbers of homes": 3,
    "council-wide": 2,
    "business": 3,
    "another remit": 2,
    "planning": 2,
    "court": 2,
}
"""How many times a sign may count; one that is not here counts once."""

SIGNS: tuple[Sign, ...] = tuple(
    Sign(name=name, bits=bits, words=words, most=_MOST.get(name, 1), pattern=re.compile(pattern))
    for name, bits, words, pattern in (
        (
            "a home",
            2.5,
            (),
            r"\b(?:a|an|the|one|this|its|our|unnamed|private|council-run|local"
            r"|same) (?:[\w'-]+ ){0,4}?(?:children's|childrens|care|kids'|residential) (?:home|facility"
            r"|unit|setting)\b(?!s)|\b[\w-]+(?:-bed|-place|'s) (?:[\w'-]+ ){0,2}(?:children's )?home\b",
        ),
        (
            "home told of",
            2.0,
            ("home",),
            r"\b(?:a|an|its|one|another|[\w-]+'s) (?:[\w'-]+ ){0,4}home (?:near|in|for|run|of|at|with|where"
            r"|that|which|is|was|has)\b|\bone of (?:[\w'-]+ ){0,7}(?:children's )?homes\b",
        ),
        (
            "the home",
            2.0,
            ("the ",),
            r"\bthe (?:home|service|unit|facility|house|setting)\b(?!s)",
        ),
        (
            "home judged",
            3.0,
            (),
            r"\b(?:home|facility|unit|service|setting|house|it)\b[^.]{0,60}\b(?:was|been|is|being"
            r"|has been|as|handed|given|told)\b[^.]{0,40}\b(?:rated|judged|graded|inadequate|good"
            r"|outstanding|branded|deemed|declared|requires improvement|inspected|lowest|highest)\b"
            r"|\b(?:rated|judged|graded|branded|deemed|declared|marked) (?:[\w'-]+ ){0,3}(?:it|home"
            r"|service)?\b[^.]{0,20}\b(?:inadequate|good|outstanding|requires improvement)\b",
        ),
        (
            "inspectors came",
            1.5,
            ("inspect",),
            r"\binspect(?:ors?|ed|ion)\b[^.]{0,80}\b(?:home|visit\w*|called|returned|found|house)\b",
        ),
        (
            "not named",
            2.5,
            ("named", "name", "identif", "disclose", "reveal", "location", "address", "anonymous"),
            r"\b(?:not|cannot|can't|does not|has not been|never) (?:be )?(?:named?|identif\w+"
            r"|print its name|disclose|reveal\w*)\b|\bunnamed\b|\b(?:location|address"
            r"|name)\b[^.]{0,40}\b(?:withheld|secret|private|confidential|not (?:given|revealed"
            r"|made public))|\bis not named\b|\banonymous\b",
        ),
        (
            "children there",
            1.0,
            ("there", "at the home", "in the home", "young people", "solo ", "sole "),
            r"\b(?:living|lived|live|placed) (?:there|at the home|in the home)\b|\byoung people\b"
            r"|\bsolo (?:placement|home)\b|\bsole resident\b",
        ),
        (
            "council-wide",
            -7.0,
            ("ilacs", "services", "social", "department", "leavers", "service for"),
            r"\bilacs\b|\bchildren's (?:social care )?(?:services|department)\b[^.]{0,60}\b(?:rated"
            r"|judged|graded|inadequate|inspect\w+|good|requires improvement|improv\w+|commissioner"
            r"|failing|watchdog)|\b(?:rated|judged|inadequate)\b[^.]{0,40}\bchildren's services\b"
            r"|\bservices for (?:vulnerable )?children\b"
            r"|\bchildren's social care\b[^.]{0,40}\b(?:slipped|rated|inspect\w*|grade)"
            r"|\bsocial work teams\b|\bservice(?:s)? for children in care\b"
            r"|\bcare leavers\b[^.]{0,40}\b(?:rated|judged|inadequate|good)\b",
        ),
        (
            "social workers inspected",
            -3.0,
            ("caseload", "commissioner", "department", "joint", "whole council"),
            r"\bcaseloads?\b|\bcommissioner\b|\bdepartment as a whole\b"
            r"|\bjoint (?:unannounced )?inspection\b|\bwhole councils?\b",
        ),
        (
            "numbers of homes",
            -3.5,
            ("homes", "one in", "how many", "per cent", "settings", "analys", "figures"),
            r"\b\d[\d,]* (?:of (?:the )?\d+ |registered |private |children's )?(?:children's )?homes\b"
            r"|\bof (?:the )?\d+ (?:children's )?homes\b|\bone in \w+\b|\bhow many\b|\bper cent of\b"
            r"|\b(?:homes|settings) (?:in england|nationally|across (?:england|the country))\b"
            r"|\banalys(?:is|ed)\b|\bfigures\b[^.]{0,30}\bshow",
        ),
        (
            "policy",
            -3.0,
            (
                "minister",
                "government",
                "mps",
                "peers",
                "parliament",
                "department",
                "strategy",
                "national",
                "court",
                "whitehall",
                "bill",
                "guidance",
            ),
            r"\bministers?\b|\bgovernment(?:'s)?\b|\bmps\b|\bpeers\b|\bparliament\w*"
            r"|\bdepartment for education\b|\bstrategy\b|\bnational\b|\bhigh court\b|\bcourt judges\b"
            r"|\bwhitehall\b|\bbill\b|\bguidance\b",
        ),
        (
            "planning",
            -7.5,
            (
                "planning",
                "change of use",
                "object",
                "applicant",
                "plans to turn",
                "plan to turn",
                "plans for",
                "plan for",
            ),
            r"\bplanning (?:permission|application|committee|authority|officers?)\b|\bchange of use\b"
            r"|\bobject(?:s|ed|ions?|ors?)?\b|\bapplicant\b|\bplans? (?:to turn|for (?:a|the|children))\b",
        ),
        (
            "a life",
            -6.0,
            ("obituary", "died", "funeral", "lives remembered", "survived by"),
            r"\bobituary\b|\bwho has died\b|\bdied\b|\bfuneral\b|\blives remembered\b|\bsurvived by\b",
        ),
        (
            "court",
            -6.0,
            (
                "court",
                "magistrates",
                "jur",
                "jail",
                "prison",
                "sentenc",
                "pleaded",
                "prosecut",
                "inquest",
                "coroner",
                "struck off",
                "tribunal",
                "denies",
            ),
            r"\b(?:crown|magistrates'?|youth) court\b|\bmagistrates\b|\bjur(?:y|ors)\b|\bjailed\b"
            r"|\b(?:spared|faces?) (?:jail|prison)\b|\bsentenc(?:ed|ing)\b|\bpleaded (?:not )?guilty\b"
            r"|\bprosecut(?:or|ors|ion|ing)\b|\binquest\b|\bcoroner\b|\bstruck off\b|\btribunal\b"
            r"|\bdenies \w+ (?:counts|charges)\b",
        ),
        (
            "long ago",
            -4.0,
            ("the ", "19", "historic", "former"),
            r"\b(?:in|during|from|of|to) the (?:late |early |mid-?)?(?:19)?[4-9]0s\b"
            r"|\b(?:in|between|from) 19\d\d\b|\bhistoric(?:al)? (?:abuse|allegations|exploitation)\b"
            r"|\bformer children's home\b",
        ),
        (
            "another remit",
            -8.0,
            (
                "nurser",
                "school",
                "pupils",
                "headteacher",
                "care",
                "cqc",
                "nursing",
                "hmi",
                "childminder",
                "hospice",
                "foster",
            ),
            r"\bnurser(?:y|ies)\b|\bspecial school\b|\bboarding school\b|\bpupils\b|\bheadteacher\b"
            r"|\bcare quality commission\b|\bcqc\b|\bcare inspectorate\b|\bnursing home\b"
            r"|\bcare home residents\b|\bhmi\b|\bchildminder|\bhospices?\b|\bfoster carers?\b"
            r"|\bfostering (?:households|services)\b",
        ),
        (
            "unregistered",
            -5.0,
            ("registered", "unlawful", "illegal"),
            r"\bunregistered\b|\bnot registered (?:with ofsted)?|\bunlawful(?:ly)?\b|\billegal homes?\b"
            r"|\bregistered with ofsted\b",
        ),
        (
            "several homes",
            4.0,
            ("homes", "one, not", "the second, for"),
            r"\b(?:two|both)\b[^.;]{0,40}\bhomes\b|\bone, not named\b|\bthe second, for\b",
        ),
        (
            "plural",
            -1.5,
            ("homes",),
            r"\bchildren's homes\b",
        ),
        (
            "business",
            -2.0,
            (
                "job",
                "share",
                "investor",
                "turnover",
                "profit",
                "strike",
                "ballot",
                "redundanc",
                "acquisition",
                "takeover",
                "employee",
                "funding",
                "revenue",
            ),
            r"\b(?:jobs|shares?|investors?|turnover|profits?|strike|ballot(?:ed)?|redundanc\w+"
            r"|acquisition|takeover|employee-owned|funding package|revenues?)\b",
        ),
    )
)
