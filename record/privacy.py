"""What a process of ours writes is for its owner only: there are clients' phones in it,
and secrets.
"""

import os

OWNER_ONLY = 0o077


def keep_private() -> None:
    """Let every file and folder that this process makes from now on be closed to other
    users of the machine.
    """
    os.umask(OWNER_ONLY)
