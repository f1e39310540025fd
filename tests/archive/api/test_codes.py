"""The ONS's code of an authority stands beside its name wherever a program may want to join by it."""

import pytest
import sqlalchemy as sa

from storage.places import plain_key
from storage.schema.naming import authorities
from tests.archive.api.conftest import Lived

_CODE = "E08000901"  # another than our own table has


@pytest.mark.parametrize("noun", ["settings", "links", "inspections"])
def test_lists_and_single_records_have_it(lived: Lived, noun: str) -> None:
    bolton = {"code": _CODE, "upper_code": _CODE, "name": "Bolton", "name_key": plain_key("Bolton")}
    with lived.served.store.writing() as connection:
        connection.execute(sa.insert(authorities).values(bolton))
    try:
        with lived.client() as client:
            rows = client.get(f"/api/v1/{noun}?limit=200").json()["items"]
            codes = {row["local_authority"]: row["authority_code"] for row in rows}
            first = next(row for row in rows if row["local_authority"] == "Bolton")
            single = client.get(f"/api/v1/{noun}/{first['id']}").json()
    finally:  # others only look at this archive
        with lived.served.store.writing() as connection:
            connection.execute(sa.delete(authorities))
    assert codes.pop("Bolton") == _CODE
    assert codes.pop(None, None) is None
    assert all(code.startswith("E") for code in codes.values()), "our own table knows England's"
    assert single["authority_code"] == _CODE
