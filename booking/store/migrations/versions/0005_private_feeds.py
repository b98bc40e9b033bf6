"""calendars for staff at secret addresses."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
INSTANT = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    """Change the schema."""
    op.create_table(
        "private_feeds",
        sa.Column("id", TEXT(), nullable=False),
        sa.Column("token_hash", TEXT(), nullable=False),
        sa.Column("organisation", TEXT(), nullable=False),
        sa.Column("desk", TEXT(), nullable=True),
        sa.Column("person", TEXT(), nullable=True),
        sa.Column("label", TEXT(), nullable=False),
        sa.Column("made_by", TEXT(), nullable=False),
        sa.Column("made_at", INSTANT(), nullable=False),
        sa.Column("rotation", sa.Integer(), nullable=False),
        sa.Column("rotated_at", INSTANT(), nullable=True),
        sa.Column("revoked_at", INSTANT(), nullable=True),
        sa.Column("last_fetched_at", INSTANT(), nullable=True),
        sa.Column("last_client", TEXT(), nullable=True),
        sa.Column("fetches", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_private_feeds")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_private_feeds_token_hash")),
    )
    op.create_index(op.f("ix_private_feeds_organisation"), "private_feeds", ["organisation"])


def downgrade() -> None:
    """Change it back: subscribed calendars end."""
    op.drop_index(op.f("ix_private_feeds_organisation"), "private_feeds")
    op.drop_table("private_feeds")
