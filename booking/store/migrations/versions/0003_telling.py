"""how a party is reached safely, messages' refs, words and receipts, jobs of the day."""

from uuid import UUID, uuid5

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# What makes a message's ref of its key: never changes, or providers would not know doubles.
MESSAGES = UUID("0f3c1d0a-5d5e-5a58-9b43-6c1f0f4f9b1e")
TEXT = sqlmodel.sql.sqltypes.AutoString
INSTANT = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    """Change the schema."""
    op.create_table(
        "job_runs",
        sa.Column("name", TEXT(), nullable=False),
        sa.Column("period", TEXT(), nullable=False),
        sa.Column("claimed_until", INSTANT(), nullable=False),
        sa.Column("done_at", INSTANT(), nullable=True),
        sa.PrimaryKeyConstraint("name", "period", name=op.f("pk_job_runs")),
    )
    op.create_table(
        "line_codes",
        sa.Column("code_index", TEXT(), nullable=False),
        sa.Column("booking_id", TEXT(), nullable=False),
        sa.Column("expires_at", INSTANT(), nullable=False),
        sa.PrimaryKeyConstraint("code_index", name=op.f("pk_line_codes")),
    )
    op.create_index(op.f("ix_line_codes_booking_id"), "line_codes", ["booking_id"])

    with op.batch_alter_table("bookings") as batch_op:
        batch_op.add_column(sa.Column("safe", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("line_user", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("line_index", TEXT(), nullable=True))
        batch_op.add_column(
            sa.Column("reached_by", TEXT(), nullable=False, server_default=sa.text("''"))
        )
        batch_op.add_column(sa.Column("contact_wish", TEXT(), nullable=True))
        batch_op.create_index(batch_op.f("ix_bookings_line_index"), ["line_index"])
    op.execute(sa.text("UPDATE bookings SET reached_by = 'mail' WHERE has_email"))
    with op.batch_alter_table("bookings") as batch_op:
        batch_op.drop_column("has_email")
        batch_op.alter_column("reached_by", server_default=None)

    with op.batch_alter_table("outbox") as batch_op:
        batch_op.add_column(sa.Column("ref", TEXT(), nullable=True))
        batch_op.add_column(sa.Column("session", TEXT(), nullable=True))
        batch_op.add_column(sa.Column("hand_over_at", INSTANT(), nullable=True))
        batch_op.add_column(
            sa.Column("at_once", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("receipt", TEXT(), nullable=True))
        batch_op.add_column(sa.Column("said", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("dealt_at", INSTANT(), nullable=True))
        batch_op.add_column(sa.Column("dealt_by", TEXT(), nullable=True))
    op.create_index(op.f("ix_delivery_attempts_at"), "delivery_attempts", ["at"])
    _give_refs()
    with op.batch_alter_table("outbox") as batch_op:
        batch_op.alter_column("ref", existing_type=TEXT(), nullable=False)
        batch_op.alter_column("at_once", server_default=None)
        batch_op.alter_column("booking_id", existing_type=TEXT(), nullable=True)
        batch_op.create_unique_constraint(batch_op.f("uq_outbox_ref"), ["ref"])
        batch_op.create_index(batch_op.f("ix_outbox_settled"), ["state", "settled_at"])


def _give_refs() -> None:
    outbox = sa.table("outbox", sa.column("id"), sa.column("key"), sa.column("ref"))
    bind = op.get_bind()
    for row in bind.execute(sa.select(outbox.c.id, outbox.c.key)).all():
        ref = str(uuid5(MESSAGES, row.key))
        bind.execute(sa.update(outbox).where(outbox.c.id == row.id).values(ref=ref))


def downgrade() -> None:
    """Change it back: messages to staff about a day have no place there."""
    op.drop_index(op.f("ix_delivery_attempts_at"), "delivery_attempts")
    op.execute(sa.text("DELETE FROM outbox WHERE booking_id IS NULL"))
    with op.batch_alter_table("outbox") as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_settled"))
        batch_op.drop_constraint(batch_op.f("uq_outbox_ref"), type_="unique")
        batch_op.alter_column("booking_id", existing_type=TEXT(), nullable=False)
        for column in ("dealt_by", "dealt_at", "said", "receipt", "at_once", "hand_over_at"):
            batch_op.drop_column(column)
        batch_op.drop_column("session")
        batch_op.drop_column("ref")

    with op.batch_alter_table("bookings") as batch_op:
        batch_op.add_column(
            sa.Column("has_email", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.drop_index(batch_op.f("ix_bookings_line_index"))
    op.execute(sa.text("UPDATE bookings SET has_email = (email IS NOT NULL)"))
    with op.batch_alter_table("bookings") as batch_op:
        batch_op.alter_column("has_email", server_default=None)
        for column in ("contact_wish", "reached_by", "line_index", "line_user", "safe"):
            batch_op.drop_column(column)

    op.drop_table("line_codes")
    op.drop_table("job_runs")
