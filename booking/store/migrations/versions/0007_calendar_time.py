"""the time of a booking's calendar entry, which outlives the booking's own."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

COLUMNS = ("calendar_starts_at", "calendar_ends_at")
AS_IT_IS = "UPDATE bookings SET calendar_starts_at = starts_at, calendar_ends_at = ends_at"


def upgrade() -> None:
    """Change the schema."""
    with op.batch_alter_table("bookings") as batch_op:
        for column in COLUMNS:
            batch_op.add_column(
                sa.Column(column, sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True)
            )
    op.execute(sa.text(AS_IT_IS))


def downgrade() -> None:
    """Change it back."""
    with op.batch_alter_table("bookings") as batch_op:
        for column in COLUMNS:
            batch_op.drop_column(column)
