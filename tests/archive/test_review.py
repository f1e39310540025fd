"""Review over the real server: the queue and its order, blind until decided, second readers, who may what."""

import re
from collections.abc import Iterator

import httpx
import pytest
import sqlalchemy as sa

from archive.reading import queue
from storage import articles, audit
from storage.records import Article
from storage.schema import press, work
from storage.schema.inspections import inspections
from storage.schema.people import users
from tests.archive import reviewing as scene
from tests.archive.conftest import Served, form_token
from tests.archive.reviewing import Scene, decision, judge, post, waiting, words
from tests.archive.world import NOW


@pytest.fixture
def queued(served: Served) -> Scene:
    """Three stories to review."""
    return scene.a_queue(served.world)


@pytest.fixture
def reviewer(served: Served) -> Iterator[httpx.Client]:
    """A signed-in reviewer."""
    with served.client("reviewer") as client:
        yield client


def test_what_is_least_sure_comes_first(queued: Scene, reviewer: httpx.Client) -> None:
    assert waiting(reviewer) == list(queued.articles)
    assert "Waiting for you 3" in words(reviewer.get("/review"))


def test_copies_followers_and_a_reported_mistake_raise_the_priority(
    served: Served, queued: Scene, reviewer: httpx.Client
) -> None:
    first, second, third = queued.articles
    before = {article: _item(served, article).priority for article in queued.articles}
    with served.store.writing() as connection:
        user = connection.execute(sa.select(users.c.id)).scalar_one()
        row = {"id": "f", "user_id": user, "what": "outlet", "target": "Bury Bugle", "title": ""}
        connection.execute(sa.insert(work.follows).values(row | {"made_at": NOW}))
        told = {
            "id": "c",
            "article_id": third,
            "mention": 0,
            "said": "Wrong home",
            "at": NOW,
            "state": "open",
        }
        connection.execute(sa.insert(work.corrections).values(told))
        every = [first]
        for number in range(2):
            copy = Article(url=f"https://copy-{number}.example/", text="A copy.")
            every.append(articles.save(connection, copy, at=NOW).article_id)
        story = {"id": "story-1", "made_at": NOW, "made_by": "linker"}
        connection.execute(sa.insert(press.stories).values(story))
        where = press.articles.c.id.in_(every)
        connection.execute(sa.update(press.articles).where(where).values(story_id="story-1"))
    for article, times in ((first, 1 + 2 / 4), (second, 1 + 1 / 2), (third, 1 + 4)):
        assert _item(served, article).priority == pytest.approx(before[article] * times)


def _item(served: Served, article: str) -> queue.Due:
    with served.store.reading() as connection:
        found = queue.item(connection, article, 0)
    assert found is not None
    return found


def test_severity_raises_the_priority(served: Served, queued: Scene) -> None:
    grades = {"Inadequate": 4, "Requires improvement to be good": 2, "Good": 1, None: 1}
    sure = 1 - 0.55
    for grade, severity in grades.items():
        with served.store.writing() as connection:
            connection.execute(sa.update(inspections).values(overall=grade))
        assert _item(served, queued.articles[0]).priority == pytest.approx(severity * sure)


def test_the_queue_can_be_narrowed(queued: Scene, reviewer: httpx.Client) -> None:
    assert waiting(reviewer, "?outlet=Bury+Bugle") == [queued.articles[1]]
    assert waiting(reviewer, "?answer=several_fit") == [queued.articles[1]]
    assert waiting(reviewer, "?authority=Bolton&outlet=Bolton+Beacon") == [
        queued.articles[0],
        queued.articles[2],
    ]
    assert waiting(reviewer, "?provider=Meadowsweet+Homes+Limited") == []
    answer = judge(reviewer, queued.articles[0], "none", "?outlet=Bolton+Beacon")
    assert answer.headers["location"].startswith(f"/review/{queued.articles[2]}/0?outlet=Bolton+Beacon&done=")


def test_the_answer_is_hidden_until_the_first_judgement(queued: Scene, reviewer: httpx.Client) -> None:
    path = f"/review/{queued.articles[0]}/0"
    before = reviewer.get(path)
    for hidden in ("What the software says", "55 %", "22 %", "The software gives it", "wrong"):
        assert hidden not in words(before), hidden
    marks = [mark.text_content() for mark in scene.main_of(before).cssselect(".story mark")]
    assert marks == ["Bolton"]
    answer = judge(reviewer, queued.articles[0], f"setting {queued.settings[1]}", reason="The town is Bury.")
    assert answer.status_code == 303
    following = words(reviewer.get(answer.headers["location"]))
    assert "Kept: Children's home in Bury (SC990022), inspection not sure" in following
    assert (
        "The software said: Children's home in Bolton (SC990011), full inspection of 5 to 6 March"
        in following
    )
    after = words(reviewer.get(path))
    for told in (
        "What the software says",
        "55 %",
        "What people decided",
        "The town is Bury.",
        "Take back what you",
    ):
        assert told in after, told


def test_the_order_of_candidates_tells_nothing_of_their_ranks(served: Served, queued: Scene) -> None:
    orders = set()
    for _ in range(12):
        with served.client("reviewer") as client:
            page = client.get(f"/review/{queued.articles[0]}/0").text
            assert page == client.get(f"/review/{queued.articles[0]}/0").text, "the same for one person"
            orders.add(tuple(re.findall(r'value="inspection (\S+)"', page)))
    assert len(orders) == 2


def test_a_decision_shows_at_once_and_is_kept_with_what_was_shown(
    served: Served, queued: Scene, reviewer: httpx.Client
) -> None:
    article = queued.articles[0]
    judge(reviewer, article, f"inspection {queued.inspections[1]}")
    row = decision(served, article)
    assert (row.status, row.inspection_id, row.confirmed) == ("linked", queued.inspections[1], True)
    shown = words(reviewer.get(f"/articles/{article}"))
    assert "Children's home in Bury" in shown
    assert "Confirmed by a person" in shown
    (kept,) = scene.log(served)
    assert kept.who == row.decided_by
    assert kept.shown["probabilities_hidden"] is True
    assert kept.shown["linker_hidden"] is True
    assert (kept.version, kept.shown["version"], kept.shown["via"]) == (1, 1, "page")
    assert {one[0] for one in kept.shown["candidates"]} == set(queued.inspections)
    assert len(kept.shown["text"]) == 64
    assert "Bolton" not in str(kept.shown), "no words of the press in a log that cannot be erased"


@pytest.mark.parametrize(
    "said", ["none", "not_in_register", "several_fit", "not_about_a_setting", "rejected"]
)
def test_every_other_decision_can_be_taken(
    served: Served, queued: Scene, reviewer: httpx.Client, said: str
) -> None:
    judge(reviewer, queued.articles[0], said)
    row = decision(served, queued.articles[0])
    assert (row.status, row.confirmed) == ("none", True)
    assert queued.articles[0] not in waiting(reviewer)


@pytest.mark.parametrize(
    "value", ["", "linked", "undone", "inspection", "inspection nowhere", "provider ", "x y"]
)
def test_what_is_no_decision_is_refused(
    served: Served, queued: Scene, reviewer: httpx.Client, value: str
) -> None:
    assert judge(reviewer, queued.articles[0], value).status_code in (404, 422)
    assert scene.log(served) == []


def test_a_judgement_can_be_taken_back(served: Served, queued: Scene, reviewer: httpx.Client) -> None:
    article = queued.articles[0]
    page = reviewer.get(judge(reviewer, article, "none").headers["location"]).text
    answer = post(reviewer, f"/review/{article}/0/undo", page)
    assert answer.headers["location"] == f"/review/{article}/0?undone=1"
    assert "What the software says stands again" in words(reviewer.get(answer.headers["location"]))
    assert (decision(served, article).decided_by, decision(served, article).status) == ("linker", "linked")
    assert waiting(reviewer) == list(queued.articles)
    assert post(reviewer, f"/review/{article}/0/undo", page).status_code == 409
    with served.store.reading() as connection:
        assert audit.verify(connection)["judgements"].rows == 2


def test_only_an_operator_takes_back_what_somebody_else_decided(
    served: Served, queued: Scene, reviewer: httpx.Client
) -> None:
    article = queued.articles[0]
    judge(reviewer, article, "none")
    with served.client("reviewer") as other:
        page = other.get("/review").text
        assert post(other, f"/review/{article}/0/undo", page).status_code == 403
    with served.client("operator") as operator:
        page = operator.get(f"/review/{article}/0").text
        assert post(operator, f"/review/{article}/0/undo", page).status_code == 303
    assert decision(served, article).decided_by == "linker"


def test_what_changed_meanwhile_is_not_decided_unseen(
    served: Served, queued: Scene, reviewer: httpx.Client
) -> None:
    article = queued.articles[0]
    page = reviewer.get(f"/review/{article}/0").text
    with served.client("reviewer") as quicker:
        judge(quicker, article, "none")
    answer = post(reviewer, f"/review/{article}/0", page, decision="several_fit")
    assert answer.status_code == 409
    assert "Nothing was kept" in answer.text
    assert len(scene.log(served)) == 1


def test_a_new_text_brings_a_judged_story_back(served: Served, queued: Scene, reviewer: httpx.Client) -> None:
    article = queued.articles[0]
    judge(reviewer, article, "none")
    assert article not in waiting(reviewer)
    with served.store.writing() as connection:
        connection.execute(sa.text("update links set version = 2 where article_id = :a"), {"a": article})
        url = connection.execute(
            sa.select(press.articles.c.url).where(press.articles.c.id == article)
        ).scalar_one()
        articles.save(connection, Article(url=url, text=f"{scene.TEXT} It has appealed."), at=NOW)
    assert article in waiting(reviewer)
    page = reviewer.get(f"/review/{article}/0")
    assert "The text changed since it was decided" in words(page)
    assert decision(served, article).status == "none", "until then the judgement stands"
    judge(reviewer, article, "none")
    assert article not in waiting(reviewer)


def test_a_restricted_story_is_not_in_the_queue(
    served: Served, queued: Scene, reviewer: httpx.Client
) -> None:
    article = queued.articles[0]
    assert article in waiting(reviewer)
    with served.store.writing() as connection:
        where = press.articles.c.id == article
        connection.execute(sa.update(press.articles).where(where).values(restriction="restricted"))
        articles.changes.note(connection, "article", [article], NOW)
    assert article not in waiting(reviewer)
    assert reviewer.get(f"/review/{article}/0").status_code == 404


def test_from_the_articles_page_nothing_is_hidden(
    served: Served, queued: Scene, reviewer: httpx.Client
) -> None:
    answer = reviewer.get(f"/review/article/{queued.articles[0]}", follow_redirects=True)
    assert "What the software says" in words(answer)
    page = answer.text
    assert post(reviewer, f"{answer.url.path}?seen=1", page, decision="rejected").status_code == 303
    (kept,) = scene.log(served)
    assert (kept.decision, kept.shown["linker_hidden"]) == ("rejected", False)


def test_nobody_but_reviewers_may_review(served: Served, queued: Scene) -> None:
    path = f"/review/{queued.articles[0]}/0"
    with served.client("reader") as client:
        page = client.get("/").text
        assert client.get("/review").status_code == 403
        for target in (path, f"{path}/undo"):
            assert post(client, target, page, decision="none").status_code == 403
    with served.client("reviewer") as client:
        assert client.get("/review/disagreements").status_code == 403
        sent = {"token": form_token(client.get("/review").text), "decision": "none"}
        for headers in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
            assert client.post(path, data=sent, headers=headers).status_code == 403
    assert scene.log(served) == []
