"""dated changes that staff make, and the tie that a party says it has to the area."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    op.create_table(
        "desk_changes",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("scope", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("made_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("withdrawn_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("withdrawn_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_changes")),
    )
    with op.batch_alter_table("desk_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_desk_changes_scope"), ["scope"], unique=False)

    with op.batch_alter_table("bookings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tie", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Change it back."""
    with op.batch_alter_table("bookings", schema=None) as batch_op:
        batch_op.drop_column("tie")
    with op.batch_alter_table("desk_changes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_desk_changes_scope"))

    op.drop_table("desk_changes")
