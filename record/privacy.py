"""What a process of ours writes is for its owner only: it holds phones and secrets."""

import os

OWNER_ONLY = 0o077


def keep_private() -> None:
    """Close all files and folders that this process makes to other users."""
    os.umask(OWNER_ONLY)
