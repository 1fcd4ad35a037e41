"""The first tables: runs, what they planned, batches of decisions and their edits."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_ACCEPTED = """
CREATE VIEW accepted AS
SELECT run_id, version, at, applied_by, decision_ref, ref, kind, month, field,
       value_text, value_number, value_date, said_by, workbook, cell
FROM (
    SELECT edit.*, batch.at, batch.applied_by,
           row_number() OVER (
               PARTITION BY edit.run_id, edit.decision_ref, edit.field ORDER BY edit.version DESC
           ) AS age
    FROM edit JOIN batch ON batch.run_id = edit.run_id AND batch.version = edit.version
) AS said
WHERE age = 1
"""

_DUTY_DONE = """
CREATE VIEW duty_done AS
SELECT done.run_id, done.decision_ref, done.ref, done.kind, done.month, done.value_date AS done_on,
       result.value_text AS result, hours.value_number AS hours_taken, done.said_by, done.at
FROM accepted AS done
LEFT JOIN accepted AS result ON result.run_id = done.run_id
    AND result.decision_ref = done.decision_ref AND result.field = 'Result'
LEFT JOIN accepted AS hours ON hours.run_id = done.run_id
    AND hours.decision_ref = done.decision_ref AND hours.field = 'Hours taken'
WHERE done.field = 'Done on' AND done.value_date IS NOT NULL
"""


def upgrade() -> None:
    op.create_table(
        "run",
        sa.Column("run_id", sa.String(20), primary_key=True),
        sa.Column("first_month", sa.Date, nullable=False),
        sa.Column("as_at", sa.Date, nullable=False),
        sa.Column("issued_at", sa.String(20), nullable=False),
    )
    _plan()
    _decisions()
    op.execute(_ACCEPTED)
    op.execute(_DUTY_DONE)


def _plan() -> None:
    op.create_table(
        "holding",
        _run_key(),
        sa.Column("ref", sa.Text, primary_key=True),
        sa.Column("from_month", sa.Date, primary_key=True),
        sa.Column("som", sa.Text, nullable=False),
        sa.Column("previous_som", sa.Text),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_table(
        "planned_duty",
        _run_key(),
        sa.Column("ref", sa.Text, primary_key=True),
        sa.Column("kind", sa.String(10), primary_key=True),
        sa.Column("month", sa.Date, primary_key=True),
        sa.Column("risk_level", sa.String(10), nullable=False),
        sa.Column("som", sa.Text, nullable=False),
        sa.Column("done_by", sa.Text, nullable=False),
        sa.Column("due", sa.Date, nullable=False),
    )


def _decisions() -> None:
    op.create_table(
        "batch",
        _run_key(),
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("at", sa.String(20), nullable=False),
        sa.Column("applied_by", sa.Text, nullable=False),
        sa.Column("workbook", sa.Text, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.UniqueConstraint("run_id", "version", name="one_batch_a_version"),
    )
    op.create_table(
        "edit",
        sa.Column("run_id", sa.String(20), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("decision_ref", sa.Text, nullable=False),
        sa.Column("ref", sa.Text, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("month", sa.Date, nullable=False),
        sa.Column("field", sa.String(40), nullable=False),
        sa.Column("value_text", sa.Text),
        sa.Column("value_number", sa.Float),
        sa.Column("value_date", sa.Date),
        sa.Column("said_by", sa.Text, nullable=False),
        sa.Column("workbook", sa.Text, nullable=False),
        sa.Column("cell", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id", "version"], ["batch.run_id", "batch.version"], name="edit_of_a_batch"
        ),
    )


def _run_key() -> "sa.Column[str]":
    return sa.Column("run_id", sa.String(20), sa.ForeignKey("run.run_id"), primary_key=True)
