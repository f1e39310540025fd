"""The words by which a sign is looked for at all: none that stands in a text may be missed for want of them."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from linker.clues.signs import SIGNS, Sign

# one wording a branch of the expressions, beside the stories of the cases
WORDINGS = """
the home is not named; its location is withheld; it cannot be identified, nor its name disclosed; an anonymous
unit; it does not print its name; the address is private; an unnamed house; they live there; the young people
ilacs; children's services were rated; children's social care slipped; services for vulnerable children; the
social work teams; a service for children in care; care leavers were judged; its children's department inspected
caseloads rose; a commissioner came; the department as a whole; a joint inspection; the whole council
12 registered homes; of the 40 homes; one in ten; how many; per cent of; settings nationally; it analysed;
analysis; figures from ofsted show; ministers; mps; peers; whitehall; a bill; guidance; high court; court judges
planning permission; change of use; she objected; the applicant; plans to turn; plans for a; an obituary; she died
a funeral; lives remembered; survived by; magistrates; jurors; jury; jailed; spared prison; sentenced; pleaded
guilty; prosecutors; an inquest; the coroner; struck off; a tribunal; denies two counts; in the late 70s; from the
80s; in 1987; historical abuse; the former children's home; a nursery; nurseries; special school; pupils; a
headteacher; care quality commission; cqc; care inspectorate; a nursing home; care home residents; hmi; a
childminder; hospices; foster carers; fostering services; unregistered; not registered; unlawfully; illegal home;
both of its homes; one, not named; the second, for; children's homes; jobs; shares; investors; turnover; profits; a
strike; balloted; redundancies; an acquisition; takeover; employee-owned; a funding package; revenues; the house
inspectors visited the home; an inspection found; a home run by; its home for four; one of their children's homes
"""


def texts() -> Iterator[str]:
    for path in sorted((Path(__file__).parent / "cases").glob("*.json")):
        article = json.loads(path.read_text(encoding="utf-8"))["article"]
        yield f"{article.get('title', '')}\n\n{article['text']}".lower()
    yield from (one.strip() for one in WORDINGS.replace("\n", " ").split(";"))


@pytest.mark.parametrize("sign", SIGNS, ids=lambda sign: sign.name)
def test_no_sign_is_missed_for_want_of_its_words(sign: Sign) -> None:
    told = [text for text in texts() if sign.pattern.search(text)]
    assert told
    assert [text for text in told if not sign.may_stand_in(text)] == []
