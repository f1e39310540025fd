"""The linker's models: each kept under its version, at most one of the fitted ones in use."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storage.schema.links import models


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A model as stored: its weights, calibration and threshold, and what it scored when it was fitted."""

    version: str
    name: str
    fitted_on: str
    weights: Mapping[str, Any]
    calibration: Mapping[str, Any]
    scores: Mapping[str, Any]


def keep(connection: sa.Connection, model: Kept, *, made_at: dt.datetime, use: bool = False) -> None:
    """Record a model under its version, once; with ``use``, links are made by it from now on."""
    if connection.execute(sa.select(models.c.id).where(models.c.id == model.version)).first() is None:
        row = {
            "id": model.version,
            "made_at": made_at,
            "fitted_on": model.fitted_on,
            "weights": dict(model.weights),
            "calibration": {**model.calibration, "name": model.name},
            "scores": dict(model.scores),
            "in_use": False,
        }
        connection.execute(sa.insert(models).values(**row))
    if use:
        connection.execute(sa.update(models).values(in_use=models.c.id == model.version))


def in_use(connection: sa.Connection) -> Kept | None:
    """The fitted model that links are made by; None while the defaults are."""
    row = connection.execute(sa.select(models).where(models.c.in_use)).mappings().first()
    if row is None:
        return None
    return Kept(
        version=row["id"],
        name=row["calibration"]["name"],
        fitted_on=row["fitted_on"],
        weights=row["weights"],
        calibration=row["calibration"],
        scores=row["scores"],
    )


def use_defaults(connection: sa.Connection) -> None:
    """Go back to the weights that came with the program."""
    connection.execute(sa.update(models).values(in_use=False))
