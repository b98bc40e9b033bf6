"""entries of the public calendars, as they were last published."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
INSTANT = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    """Change the schema; the rows are written when a server starts."""
    op.create_table(
        "published_entries",
        sa.Column("key", TEXT(), nullable=False),
        sa.Column("organisation", TEXT(), nullable=False),
        sa.Column("desk", TEXT(), nullable=False),
        sa.Column("scope", TEXT(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("listed_on", sa.Date(), nullable=False),
        sa.Column("starts_at", INSTANT(), nullable=False),
        sa.Column("ends_at", INSTANT(), nullable=False),
        sa.Column("zone", TEXT(), nullable=False),
        sa.Column("place_name", TEXT(), nullable=True),
        sa.Column("place_room", TEXT(), nullable=True),
        sa.Column("place_address", TEXT(), nullable=True),
        sa.Column("status", TEXT(), nullable=False),
        sa.Column("title", TEXT(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("mark", TEXT(), nullable=True),
        sa.Column("closes_at", INSTANT(), nullable=True),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("scheduled_at", INSTANT(), nullable=False),
        sa.Column("changed_at", INSTANT(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_published_entries")),
    )
    op.create_index("ix_published_entries_day", "published_entries", ["organisation", "day"])


def downgrade() -> None:
    """Change it back."""
    op.drop_index("ix_published_entries_day", "published_entries")
    op.drop_table("published_entries")
