"""what a booking's calendar entry bears: its sequence, and when it last changed."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Until now each revision raised the sequence. What was sent must be followed by nothing lower.
SENT_SO_FAR = """
UPDATE bookings SET
    calendar_sequence = CASE WHEN revision > 1 THEN revision - 1 ELSE 0 END,
    calendar_changed_at = changed_at
"""


def upgrade() -> None:
    """Change the schema."""
    with op.batch_alter_table("bookings") as batch_op:
        batch_op.add_column(
            sa.Column("calendar_sequence", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.add_column(
            sa.Column("calendar_changed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True)
        )
    op.execute(sa.text(SENT_SO_FAR))
    with op.batch_alter_table("bookings") as batch_op:
        batch_op.alter_column("calendar_sequence", server_default=None)
        batch_op.alter_column("calendar_changed_at", nullable=False)


def downgrade() -> None:
    """Change it back: a revision is never below the sequence that it made."""
    with op.batch_alter_table("bookings") as batch_op:
        batch_op.drop_column("calendar_changed_at")
        batch_op.drop_column("calendar_sequence")
