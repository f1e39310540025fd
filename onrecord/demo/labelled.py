"""The demo's world as a labelled folder, which ``onrecord evaluate`` scores the linker on."""

import json
from pathlib import Path

from onrecord.demo.frontmatter import WORLD
from onrecord.demo.reports import pdf, reports
from onrecord.demo.stories import Story, outlets, stories
from onrecord.demo.web import published


def write_labelled(folder: Path) -> None:
    """Registers, inspections, reports, articles and labels, each in its place under ``folder``."""
    for table in published():
        _write(folder / ("registers" if table.as_of else "inspections") / table.file_name, table.content)
    for report in reports():
        name = f"{report.urn}_{report.first_day}.pdf"
        _write(folder / "reports" / name, pdf(report.urn, report.first_day))
    lines = [json.dumps(_article(story), ensure_ascii=False) for story in stories() if not story.disallowed]
    _write(folder / "articles.jsonl", ("\n".join(lines) + "\n").encode())
    _write(folder / "labels.jsonl", (WORLD / "answers.jsonl").read_bytes())


def _article(story: Story) -> dict[str, str]:
    outlet = next(one for one in outlets() if one.key == story.outlet)
    return {
        "id": story.name,
        "url": f"https://{outlet.host}{story.path}",
        "outlet": outlet.name,
        "title": story.title,
        "byline": story.byline,
        "published": story.published.isoformat(),
        "text": story.text.replace("## ", ""),
    }


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
