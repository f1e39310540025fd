"""What a site says to its readers, told by the beginning of a line, and what a story says of such things."""

import pytest

from crawler.extract.blocks import WORD
from crawler.extract.notices import is_about_the_writer, is_notice


@pytest.mark.parametrize(
    "text",
    [
        "Sign up to our daily newsletter to get the news direct to your inbox every morning.",
        "Thank you for signing up! Please check your e-mail.",
        "By entering your details, you are agreeing to our terms and conditions.",
        "You can unsubscribe at any time.",
        "You have read all of your free articles this month.",
        "To play this video you need to enable JavaScript in your browser.",
        "Already a subscriber? Log in here.",
        "Follow us on any of these.",
        "Follow the Courier on Facebook for all the latest from the county.",
        "Download our free app for breaking news.",
        "Have you been affected by the closure? Email us at news@courier.example",
        "Got a story? Call our newsroom.",
        "Support local journalism: a subscription costs less than a cup of tea.",
        "… while you are here, we have a small favour to ask.",
        "This is a subscriber-only story for our subscribers.",
        "Read more: Bridge over the canal to be sold at auction in May",
        "Lesen Sie auch: Die Brücke über den Kanal wird versteigert",
        "Читайте также: Мост через канал продадут с аукциона",
        "(Image: Len Shutter/Courier)",
        "Picture: Len Shutter",
        "Photo by Len Shutter",
        "Image caption The bath as it was in 1934",
        "© 2021 The Larkshire Courier",
        "Copyright 2021 Larkshire Press. All rights reserved.",
    ],
)
def test_a_notice_is_told_by_its_beginning(text: str) -> None:
    assert is_notice(text, len(WORD.findall(text)))


@pytest.mark.parametrize(
    "text",
    [
        "“Sign up for the newsletter if you like, but come to the meeting as well,” Thornquist said.",
        "Follow-up work on the beams will begin in the new year.",
        "Follow the stream for a mile and you stand before the door.",
        "Subscribers to the trust's letter were told first.",
        "Download figures suggest that half of the county has seen the drawings.",
        "Picture a roof of that size, she said, and then picture it on the floor.",
        "Photographs of the roof were shown to the committee.",
        "By entering the building at night they broke the law.",
        "Support for the trust has grown since May.",
        "Related work in Thorne was stopped in 1988.",
        "Copyright law was not written for this, the judge said.",
        "You can see the roof from the road.",
    ],
)
def test_a_story_about_such_things_is_no_notice(text: str) -> None:
    assert not is_notice(text, len(WORD.findall(text)))


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("Ada Quill is the council reporter of the Courier.", True),
        ("Ada Quill can be reached at ada@courier.example.", True),
        ("The bath is a listed building.", False),
        ("Thornquist said that she was no writer.", False),
    ],
)
def test_lines_about_the_writer(text: str, about: bool) -> None:
    assert is_about_the_writer(text, len(WORD.findall(text))) is about
