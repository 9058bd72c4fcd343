"""The poll: what people changed in the sheet becomes notices and writes.

poller          one poll in ten steps: begin here
step            what all parts of one poll share
trust           readings that can't be believed
rows            which row is which order
masters         «Мастера»; masters_typed: its rows typed by hand
lists           the small worksheets
orders          «Заявки»: each changed order with all that follows
  touched         which orders have to be looked into
  meanings        what they mean now, and meant before
  own_writes      what the system itself wrote meanwhile
  arrivals        new orders that come in waves
  mass_edits      edits of many orders by one stroke
  announce        history and notices
  followups       cells of ours that have to follow
  restoring       IDs, keys and chats are put back
  checks          what «Проверка» says
adoption        rows typed by hand; rested: as they are understood
waves           what waits for the admin's decision
quarantine      orders whose handling raises
percent_format  «100%» told from «1»
"""

from worker.poll.poller import Poller, Report, figures

__all__ = ["Poller", "Report", "figures"]
