"""The tables of the history; ``migrations`` makes them, here they stand as the newest leaves them.

Every table has the run's id. ``accepted`` and ``duty_done`` are views: what was last said of each
cell, and the duties with a Done on date. ``said_by`` is who says so, ``at`` UTC to the second.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Date,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

METADATA = MetaData()
VERSION_TABLE = "schema_version"
NEWEST = "0001"
"""The newest migration; a test holds it to the files in ``migrations``."""

RUN = Table(
    "run",
    METADATA,
    Column("run_id", String(20), primary_key=True),
    Column("first_month", Date, nullable=False),
    Column("as_at", Date, nullable=False),
    Column("issued_at", String(20), nullable=False),
)
"""A plan issued."""

HOLDING = Table(
    "holding",
    METADATA,
    Column("run_id", ForeignKey("run.run_id"), primary_key=True),
    Column("ref", Text, primary_key=True),
    Column("from_month", Date, primary_key=True),
    Column("som", Text, nullable=False),
    Column("previous_som", Text),
    Column("reason", Text, nullable=False),
)
"""Who holds a case from a month on, as issued."""

PLANNED_DUTY = Table(
    "planned_duty",
    METADATA,
    Column("run_id", ForeignKey("run.run_id"), primary_key=True),
    Column("ref", Text, primary_key=True),
    Column("kind", String(10), primary_key=True),
    Column("month", Date, primary_key=True),
    Column("risk_level", String(10), nullable=False),
    Column("som", Text, nullable=False),
    Column("done_by", Text, nullable=False),
    Column("due", Date, nullable=False),
)
"""A visit or ARMS in a month, as issued."""

BATCH = Table(
    "batch",
    METADATA,
    Column("run_id", ForeignKey("run.run_id"), primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("at", String(20), nullable=False),
    Column("applied_by", Text, nullable=False),
    Column("workbook", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("content", Text, nullable=False),
    UniqueConstraint("run_id", "version", name="one_batch_a_version"),
)
"""A workbook accepted; ``content`` is its file in ``runs/RUN-ID/decisions/``, byte for byte,
and ``size`` its length in bytes."""

_EDIT = (
    ("decision_ref", Text, False),
    ("ref", Text, False),
    ("kind", String(10), False),
    ("month", Date, False),
    ("field", String(40), False),
    ("value_text", Text, True),
    ("value_number", Float, True),
    ("value_date", Date, True),
    ("said_by", Text, False),
    ("workbook", Text, False),
    ("cell", Text, False),
)

EDIT = Table(
    "edit",
    METADATA,
    Column("run_id", String(20), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),
    *(Column(name, kind, nullable=nullable) for name, kind, nullable in _EDIT),
    ForeignKeyConstraint(
        ["run_id", "version"], ["batch.run_id", "batch.version"], name="edit_of_a_batch"
    ),
)
"""One cell accepted. All three values blank: what was accepted before is taken back."""

_VIEWS = MetaData()

ACCEPTED = Table(
    "accepted",
    _VIEWS,
    Column("run_id", String(20)),
    Column("version", Integer),
    Column("at", String(20)),
    Column("applied_by", Text),
    *(Column(name, kind, nullable=nullable) for name, kind, nullable in _EDIT),
)

DUTY_DONE = Table(
    "duty_done",
    _VIEWS,
    Column("run_id", String(20)),
    Column("decision_ref", Text),
    Column("ref", Text),
    Column("kind", String(10)),
    Column("month", Date),
    Column("done_on", Date),
    Column("result", Text),
    Column("hours_taken", Float),
    Column("said_by", Text),
    Column("at", String(20)),
)
