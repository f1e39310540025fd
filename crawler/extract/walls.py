"""Pages that stand where a story should: challenges, questions of consent, excuses, empty shells for scripts.

They come with status 200 and words enough to be taken for a story, so they are told by what they are made
of: a title, a form or a script of a known keeper, and little prose besides; or no words and much script.
"""

import re
from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement

from crawler.errors import NeedsJavaScript, NotThere, Walled

_CHALLENGE = re.compile(
    r"just a moment|attention required|access (?:to this page has been )?denied"
    r"|pardon our interruption|are you (?:a )?(?:robot|human)|(?:human|security) (?:verification|check)"
    r"|verify(?:ing)? (?:that )?you are"
    r"|checking your browser|request (?:unsuccessful|blocked)|unusual traffic|ddos protection|one more step",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"before you continue|privacy (?:choices|settings|cent(?:er|re)|preferences)"
    r"|cookie (?:consent|settings|choices)"
    r"|(?:we value|respects?) your privacy|consent (?:form|page|manager|preferences)|accept (?:all )?cookies",
    re.IGNORECASE,
)
_OFFER = re.compile(
    r"\bwe(?:,)? (?:and )?our (?:[\d,.]+ |\w+ )?(?:partners|vendors|advertisers)\b"
    r"|\bwith our (?:[\d,.]+ )?(?:partners|vendors)\b",
    re.IGNORECASE,
)
"""What a keeper of consent says in the paper's name, whatever the page is called."""
_OFFERED_WORDS = re.compile(
    r"partners|vendors|cookie|consent|device|personal data|privacy|advertis|legitimate interest|preferences"
    r"|your (?:choices?|data)",
    re.IGNORECASE,
)
_CHOICES = (
    re.compile(r"accept|agree|allow|\bok\b|got it|continue", re.IGNORECASE),
    re.compile(r"reject|refuse|decline|disagree|deny|necessary only|do not", re.IGNORECASE),
    re.compile(
        r"manage|options|preferences|settings|customi[sz]e|more information|learn more", re.IGNORECASE
    ),
)
_EXCUSE = re.compile(
    r"\W*(?:(?:oops|error|sorry|whoops)\W*)*(?:404(?:\W+error)?|(?:404\W+)?(?:page )?not found"
    r"|(?:the |this |that )?(?:page|article|story|content)(?: that)?(?: you[^.]{0,40})?"
    r" (?:(?:was |is )?not found|(?:can(?:not|['’]t)|could(?: not|n['’]t)) be found"
    r"|(?:is )?no longer (?:available|exists|here)"
    r"|(?:has been|was) (?:removed|deleted|taken down)|does(?: not|n['’]t) exist)"
    r"|we (?:can(?:not|['’]t)|could(?: not|n['’]t)) find (?:the|that|this) (?:page|article|story))"
    r"(?: (?:you|on|here|any ?more|or)\b.*)?\W*",
    re.IGNORECASE,
)
_SCRIPT_ASKED = re.compile(
    r"(?:enable|turn(?:ing)? on|requires?|needs?|activate|without|allow) (?:your )?java ?script"
    r"|java ?script (?:is|was|has been|to be) (?:disabled|required|not enabled|enabled|turned off)",
    re.IGNORECASE,
)
_SHELLS = frozenset(
    ("root", "app", "__next", "__nuxt", "___gatsby", "svelte", "react-root", "app-root", "main-app")
)
_FEW = 120  # words; a question of consent or a challenge has hardly more, and a short story has its own title
_MANY = 20
_OPENING = 1500  # characters of what was read, in which a keeper of consent makes its offer
_SENTENCE = 8  # words; shorter runs are menus and buttons
_LEFT = 25  # words of other sentences: a page of consent has fewer, the shortest story more


def raise_if_walled(tree: HtmlElement) -> None:
    """Walled where a challenge or a question of consent is all there is; ``tree`` as parsed."""
    said = f"{tree.findtext('.//title') or ''} {_first_heading(tree)}"[:300]
    for sign, wall in ((_CHALLENGE, "a challenge page"), (_CONSENT, "a consent wall")):
        if sign.search(said) and _prose(tree) < _FEW:
            raise Walled(f"{wall} stands before it")


def raise_if_missing(tree: HtmlElement) -> None:
    """NotThere where the first heading says so and little else is told; ``tree`` as parsed."""
    if _EXCUSE.fullmatch(_first_heading(tree)[:200]) and _prose(tree) < _FEW:
        raise NotThere("a page that says it is not there")


def offers_consent(text: str) -> bool:
    """Whether what was read as a story begins with a keeper's offer; ``raise_if_consent`` looks closer."""
    return bool(_OFFER.search(text[:_OPENING]))


def raise_if_consent(tree: HtmlElement) -> None:
    """Walled where the offer, with two kinds of answer to it, is all that is told; ``tree`` as parsed."""
    controls = [str(one.text_content())[:80] for one in tree.iter("button", "a", "label")]
    controls += [one.get("value") or "" for one in tree.iter("input")]
    kinds = sum(any(choice.search(one) for one in controls) for choice in _CHOICES)
    told = (run.split() for run in _runs(tree) if not _OFFERED_WORDS.search(run))
    if kinds > 1 and sum(len(words) for words in told if len(words) >= _SENTENCE) < _LEFT:
        raise Walled("a consent wall stands before it")


def _runs(tree: HtmlElement) -> Iterator[str]:
    """The runs of text between tags, without those of scripts and styles."""
    for element in tree.iter(etree.Element):
        if element.tag not in {"script", "style", "title"} and element.text:
            yield element.text
        if element.tail:
            yield element.tail


def raise_if_shell(tree: HtmlElement, text: str) -> None:
    """NeedsJavaScript where scripts would fill the page; ``text``: the little that was read of it."""
    shell = any(_is_shell(one) for one in tree.iter("div", "main", "app-root", "section"))
    told = text or " ".join(str(one.text_content()) for one in tree.iter("noscript", "body"))[:5000]
    if _SCRIPT_ASKED.search(told) or (shell and next(tree.iter("script"), None) is not None):
        raise NeedsJavaScript("the page is made by JavaScript")


def _is_shell(element: HtmlElement) -> bool:
    named = (element.get("id") or element.tag) in _SHELLS
    return named and len(str(element.text_content()).split()) < _MANY


def _first_heading(tree: HtmlElement) -> str:
    found = next((one for tag in ("h1", "h2") for one in tree.iter(tag)), None)
    return "" if found is None else " ".join(str(found.text_content()).split())


def _prose(tree: HtmlElement) -> int:
    """How many words stand in paragraphs that are no part of a dialog or a form."""
    return sum(
        len(str(one.text_content()).split())
        for one in tree.iter("p")
        if not any(box.tag in {"form", "dialog", "noscript"} for box in one.iterancestors())
    )
