"""Where people agreed to the text on personal data."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the column; before it only the site's form asked for consent."""
    channel = sa.Column(
        "channel", sa.String(), server_default="website", nullable=False
    )
    op.add_column("consents", channel)
