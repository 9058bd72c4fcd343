"""The poll, by noun: reading and trusting the sheet, masters, orders, rows typed by
hand.
"""

from worker.poll.poller import Poller, Report, figures

__all__ = ["Poller", "Report", "figures"]
