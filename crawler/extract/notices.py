"""What a paper's software says to readers, told by how its line begins: no sentence of a story does so.

A story may *quote* any of this; then its line begins with the quotation mark, or with who said it.
"""

import re
from typing import Final

_LONGEST: Final = 60  # words; what is longer and begins so is a story about the matter
_LABELS: Final = 30
_CREDIT: Final = 15

INTERFACE: Final = re.compile(
    r"\W*(?:advertisements?|sponsored|promoted|(?:article|story|content) continues.{0,30}"
    r"|continue reading.{0,20}|(?:\d+|no|an?) (?:min(?:ute)?s?|hours?|days?|weeks?|months?)(?: ago| read)?"
    r"|(?:\d+ )?comments?|share(?: this)?(?: (?:story|article|page|post))?|copy link|print|e-?mail|save"
    r"|listen|watch|read more|read next|related(?: (?:articles?|stories|content))?|see also|updated?:?.{0,40}"
    r"|published:?.{0,40}|loading.{0,20}|anzeige|werbung|publicité|publicidad|publicidade|pubblicità|reklama"
    r"|реклама|διαφήμιση)\W*",
    re.IGNORECASE,
)
"""A whole line of a site's machinery."""

ASKS: Final = re.compile(
    r"\b(?:subscrib\w+|subscriptions?|sign(?:ing)? ?up|newsletters?|inbox|follow us|(?:our|free) apps?"
    r"|log ?in|register|donat(?:e|ions?)|membership|become a \w+|support (?:our|us|the work)|get in touch"
    r"|e-?mail us|contact us|join (?:our|the conversation)|abonn\w+|inscri\w+|suscr[ií]b\w+|iscriviti|assine"
    r"|zapisz się|подпи\w+|ακολουθήστε|εγγραφείτε)\b",
    re.IGNORECASE,
)
HOUSEKEEPING: Final = re.compile(
    r"\b(?:apps?|download|journalism|supporters?|notifications?|privacy|terms|cookies?|complaints?|comments?)\b",
    re.IGNORECASE,
)
TO_READERS: Final = re.compile(
    r"\b(?:you|your|us|our|we|here|now|today|sign|subscribe|follow|click|download|ihre?[nm]?|hier|vous|votre|nos"
    r"|ici|aquí|nuestr\w+|qui|aqui|nasz\w*|наш\w*|εδώ)\b",
    re.IGNORECASE,
)

_OPENS: Final = re.compile(
    r"[^\w\"'“‘«„]*(?:"
    r"sign up (?:to|for|here|now|today|below)\b"
    r"|thank(?:s| you) for (?:reading|signing up|subscribing|registering)\b"
    r"|thank(?:s| you) for your (?:interest|support|subscription)\b"
    r"|by (?:entering|submitting|providing|signing up|subscribing|clicking)\b.{0,99}\b(?:terms|privacy|agree)"
    r"|you (?:can|may) (?:unsubscribe|opt out)\b"
    r"|you(?:['’]ve| have) (?:read|reached|used|run out)\b.{0,50}\b(?:articles|stories|limit)\b"
    r"|to (?:play|view|watch|see|continue|access) this (?:video|content|story|article|feature)\b"
    r"|(?:this|the) video (?:can ?not|can['’]t) (?:be )?play"
    r"|media playback\b|your browser does(?: not|n['’]t)\b"
    r"|already (?:an? |have |subscribed|registered)\b.{0,40}\b(?:log|sign) ?in\b"
    r"|follow (?:us|@\w+|.{1,60} on (?:twitter|facebook|instagram|tiktok|youtube|linkedin|google news))\b"
    r"|(?:like|find) us on\b|join our\b|download (?:our|the)\b.{0,50}\bapps?\b"
    r"|have you (?:been|got)\b.{0,80}\b(?:e-?mail|call|contact|get in touch)"
    r"|(?:do you )?(?:have|got) (?:an?|any) (?:story|tip|news|question)s?\b"
    r"|support (?:us\b|our (?:journalism|work|newsroom)|(?:local|independent|quality) (?:journalism|news))"
    r"|subscribe (?:to|now|today|here|for|and)\b"
    r"|get (?:the|our|all|more|breaking)\b.{0,90}\b(?:inbox|newsletters?|our app)\b"
    r"|scroll (?:down|up) (?:for|to)\b|(?:click|tap) (?:here|to|on) "
    r"|this (?:is an?|article is|story is|content is)\b.{0,30}\bsubscribers?\b"
    r"|(?:please|you (?:must|need to)) (?:enable|turn on|disable|log ?in|sign ?in|register|subscribe|try)\b"
    r"|(?:sorry, )?(?:an error|there was (?:an error|a problem)|something went wrong)\b.{0,60}\btry again\b"
    r"|.{0,90}\bsmall favou?r to ask\b"
    r"|image (?:source|caption|copyright)\b|(?:©|\(c\)|copyright (?:©|\(c\)|\d{4}))"
    r")",
    re.IGNORECASE,
)
_LEADS_ON: Final = re.compile(
    r"\W*(?:read (?:more|also|next)|related(?: \w+)?|see also|also read|more on this|don['’]t miss"
    r"|recommended|must[- ]read|you may (?:also )?like|lesen sie (?:auch|mehr)|mehr zum thema"
    r"|(?:à )?lire aussi|lee también|leer más|te puede interesar|leggi anche|leia também|lees ook"
    r"|czytaj (?:też|także)|zobacz (?:też|także)|читайте также|διαβάστε (?:επίσης|ακόμα))\s*[:|>–—-]",
    re.IGNORECASE,
)
_CREDITS: Final = re.compile(
    r"\W*(?:(?:image|photo(?:graph)?|picture|pic|video)s?(?: credit| courtesy| copyright)?\s*[:©/]"
    r"|(?:photo(?:graph)?|picture)s? (?:by|courtesy) )",
    re.IGNORECASE,
)
_WRITER: Final = re.compile(
    r"(?:[^\W\d_][\w.'’-]+ ){1,4}(?:is|was) (?:an?|the) [^.]{0,60}\b(?:reporter|correspondent|editor|writer"
    r"|columnist|journalist|producer|contributor)\b"
    r"|.{0,90}\b(?:can be reached|reach (?:him|her|them|me)) (?:at|on|by)\b",
    re.IGNORECASE,
)


def is_notice(text: str, count: int) -> bool:
    """Whether a line of so many words speaks for the site: asks, offers, excuses, credits, leads on."""
    return bool(
        (count <= _LONGEST and _OPENS.match(text))
        or (count <= _LABELS and _LEADS_ON.match(text))
        or (count <= _CREDIT and _CREDITS.match(text))
    )


def is_about_the_writer(text: str, count: int) -> bool:
    """Whether a line says who wrote the story and how to reach them; only asked of the last ones."""
    return count <= _LONGEST and _WRITER.match(text) is not None
