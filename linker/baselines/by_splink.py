"""Splink 5 over our clues: Fellegi and Sunter with our m and u of its own, one match probability a pair.

Expectation maximisation, its way to m without labels, takes pairs of one operator's many inspections for
matches and does worse.
"""

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink import comparison_level_library as levels
from splink import comparison_library as comparisons

from linker.baselines.questions import Question, answer, inspection_row
from linker.register import Register
from storage.names import organisation_key

_CERTAIN = 0.9
_COLUMNS = pa.schema(
    [
        ("unique_id", pa.string()),
        ("operator", pa.string()),
        ("authorities", pa.list_(pa.string())),
        ("grade", pa.string()),
        ("places", pa.int64()),
        ("first_day", pa.date32()),
        ("last_day", pa.date32()),
        ("told_day", pa.date32()),
    ]
)


def link(register: Register, asked: Sequence[Question]) -> Mapping[tuple[int, int], list[dict[str, Any]]]:
    """The rows of each mention that a blocking rule paired with some inspection."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    rows = [inspection_row(register, one) for one in register.inspections]
    database = DuckDBAPI()
    tables = [
        database.register(_table(_asked(asked)), table_name="a_mentions"),
        database.register(_table(_record(n, row) for n, row in enumerate(rows)), table_name="b_inspections"),
    ]
    linker = Linker(tables, _settings(len(rows)), log_level=None)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    found: dict[int, list[tuple[dict[str, Any], float]]] = defaultdict(list)
    for pair in linker.inference.predict(threshold_match_probability=0.001).as_record_list():
        mention, record = int(pair["unique_id_l"][1:]), int(pair["unique_id_r"][1:])
        found[mention].append((rows[record], float(pair["match_probability"])))
    return {
        (one.article, one.mention): answer(one, found[number], _CERTAIN) for number, one in enumerate(asked)
    }


def _settings(records: int) -> SettingsCreator:
    return SettingsCreator(
        link_type="link_only",
        probability_two_random_records_match=1 / max(records, 1),
        comparisons=[
            comparisons.JaroWinklerAtThresholds("operator", [0.97, 0.88]).configure(
                m_probabilities=[0.85, 0.07, 0.05, 0.03]
            ),
            comparisons.ArrayIntersectAtSizes("authorities", [1]).configure(m_probabilities=[0.95, 0.05]),
            comparisons.ExactMatch("grade").configure(m_probabilities=[0.94, 0.06]),
            comparisons.ExactMatch("places").configure(m_probabilities=[0.80, 0.20]),
            _within("visit", "first_day", "r.first_day between l.first_day - 3 and l.last_day + 3"),
            _within("delay", "told_day", "l.told_day - r.told_day between 0 and 45"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("operator"),
            {"blocking_rule": "len(list_intersect(l.authorities, r.authorities)) > 0"},
        ],
    )


def _within(name: str, column: str, condition: str) -> Any:
    """A comparison with one level that holds, written with l. and r. as in SQL."""
    spelled = condition
    for each in ("first_day", "last_day", "told_day"):
        spelled = spelled.replace(f"l.{each}", f"{each}_l").replace(f"r.{each}", f"{each}_r")
    return comparisons.CustomComparison(
        output_column_name=name,
        comparison_levels=[
            levels.NullLevel(column),
            levels.CustomLevel(spelled, label_for_charts=condition).configure(m_probability=0.9),
            levels.ElseLevel().configure(m_probability=0.1),
        ],
    )


def _table(rows: Any) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=_COLUMNS)


def _asked(asked: Sequence[Question]) -> list[dict[str, Any]]:
    return [
        {
            "unique_id": f"m{number}",
            "operator": organisation_key(one.operators[0]) if one.operators else None,
            "authorities": list(one.authorities) or None,
            "grade": one.grade,
            "places": one.places,
            "first_day": one.visit and one.visit.first,
            "last_day": one.visit and one.visit.last,
            "told_day": one.published,
        }
        for number, one in enumerate(asked)
    ]


def _record(number: int, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "unique_id": f"i{number}",
        "operator": row["operator"],
        "authorities": row["authorities"],
        "grade": row["grade"],
        "places": row["places"],
        "first_day": row["day"],
        "last_day": row["day"],
        "told_day": row["published"] or row["day"],
    }
