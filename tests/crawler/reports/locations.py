"""Invented CQC reports, one in each shape in which they were published since 2010."""

from typing import Final

from tests.crawler.reports.letters import Line, letter_pdf

_CONTACT: Final[list[Line]] = [
    ("1 Example Street, Exampleton EX4 5MP", 10),
    ("Tel: 01999 555019", 10),
    ("Website: www.wendside.example", 10),
]
STANDARDS: Final = letter_pdf(
    [
        ("Inspection Report", 24),
        (
            "We are the regulator: Our job is to check whether hospitals, care homes and care services are"
            " meeting essential standards.",
            12,
        ),
        ("Wendside Lodge", 20),
        *_CONTACT,
        ("Date of Inspection: 12 March 2013", 12),
        ("Date of Publication: April 2013", 12),
        ("We inspected the following standards as part of a routine inspection. This is what we found:", 12),
    ],
    (
        ("Respecting and involving people who use services", "Met this standard"),
        ("Care and welfare of people who use services", "Action needed"),
    ),
    [
        ("Details about this location", 16),
        ("Registered Provider Wendside Care Limited", 12),
        ("Registered Manager Mrs. Ada Quillfeather", 12),
        ("Overview of the service Wendside Lodge looks after up to 24 people.", 12),
        ("Type of service Care home service without nursing", 12),
        ("Summary of this inspection", 16),
        ("People were content, but the records of two of them were out of date.", 12),
    ],
)
QUALITY: Final = letter_pdf(
    [
        ("Wendside Health Limited", 14),
        ("Wendside Clinic", 24),
        ("Quality Report", 16),
        *_CONTACT,
        ("Date of inspection visit: 3 and 4 March 2016", 12),
        ("Date of publication: 06/07/2016", 12),
        ("This report describes our judgement of the quality of care at this location.", 10),
        ("Ratings", 16),
    ],
    (
        ("Overall rating for this location", "Good"),
        ("Are services safe?", "Requires improvement"),
        ("Are services effective?", "Good"),
        ("Are services caring?", "Outstanding"),
        ("Are services responsive?", "Good"),
        ("Are services well-led?", "Good"),
    ),
    [
        ("Summary of findings", 16),
        ("Staff were kind. Good is what most people called it.", 12),
        ("Are services safe?", 14),
        ("We rated safe as requires improvement because medicines went missing.", 12),
    ],
)
TRUST: Final = letter_pdf(
    [
        ("Larkshire Partnership NHS Trust", 24),
        ("Quality Report", 16),
        ("Date of inspection visit: 3 to 6 March 2016", 12),
        ("Ratings", 16),
    ],
    (
        ("Overall rating for services at this Provider", "Requires improvement"),
        ("Are services at this trust safe?", "Inadequate"),
        ("Are services at this trust well-led?", "Good"),
    ),
    [("Summary of findings", 16), ("Wards were clean.", 12)],
)
FOCUSED: Final = letter_pdf(
    [
        ("Wendside Care Limited", 14),
        ("Wendside Lodge", 24),
        ("Inspection report", 16),
        *_CONTACT,
        ("Date of inspection visit:", 10),
        ("07 March 2023", 10),
        ("09 March 2023", 10),
        ("Date of publication:", 10),
        ("20 April 2023", 10),
        ("Ratings", 16),
    ],
    (
        ("Overall rating for this service", "Inadequate"),
        ("Is the service safe?", "Inadequate"),
        ("Is the service well-led?", "Inspected but not rated"),
    ),
    [
        ("Overall summary", 14),
        ("Wendside Lodge is a residential care home providing personal care to up to 24 people.", 12),
        ("Rating at last inspection and update", 12),
        ("The last rating for this service was good (published 12 June 2019).", 12),
    ],
)
ASSESSMENT: Final = letter_pdf(
    [
        ("Wendside Lodge", 24),
        ("Location-based assessment report", 16),
        ("Assessment published 2 October 2024", 12),
        ("Provider: Wendside Care Limited", 12),
        *_CONTACT,
        ("Date of assessment: 23 July to 12 August 2024", 12),
    ],
    (
        ("Overall", "Requires improvement"),
        ("Safe", "Inadequate"),
        ("Effective", "Good"),
        ("Caring", "Good"),
        ("Responsive", "Outstanding"),
        ("Well-led", "Requires improvement"),
    ),
    [
        ("Our view of the service", 16),
        ("Wendside Lodge is a care home for up to 24 people. Good is not enough.", 12),
        ("Safe", 16),
        ("Rating: Inadequate", 12),
        ("Learning culture", 14),
        ("Score: 2", 12),
        ("Staff did not feel safe. Good ideas were not followed.", 12),
    ],
)
ASSESSMENT_PAGE: Final = b"""<html><body><h1>Wendside Lodge</h1>
<p>Provided and run by: <a href="/provider/1-2000000001">Wendside Care Limited</a></p>
<h2>Report from 23 July 2024 assessment</h2><p>Assessment published: 2 October 2024</p>
<ul><li>Overall <span>Requires improvement</span></li><li>Safe <span>Inadequate</span></li>
<li>Effective <span>Good</span></li><li>Caring <span>Good</span></li><li>Responsive <span>Outstanding</span></li>
<li>Well-led <span>Requires improvement</span></li></ul><h2>Our view of the service</h2>
<p>Date of assessment: 23 July to 12 August 2024. Wendside Lodge is a care home.</p></body></html>"""
