"""Give messages a time at which they were pinned, NULL for those that are not.

A new column without a default takes no time, however many rows there are. The code of the version
before does not know the column, and works on: so first this, then the rolling deploy.
"""
import sqlalchemy
from alembic import op

revision = "0001"
down_revision = None
branch_labels = ()
depends_on = None


def upgrade():
    """Add the column. It waits 5 s for a moment without a query, and gives up after that."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("messages", sqlalchemy.Column("pinned_at", sqlalchemy.BigInteger))


def downgrade():
    """Drop the column, and what is in it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_column("messages", "pinned_at")
