"""Settings that are right each by itself, and can't work together. Pure.

It says which, by what numbers, and what would fit.
"""

import math

from record.settings.whole import Settings
from record.whereabouts import is_here

GOOGLE_READS = 60  # a minute, of one account, unless Google was asked for more
# of the reads: a write looks at its rows before, and for what became of a lost answer
WRITING_SHARE = 0.3
SHORTEST_KEY = 32


def conflicts(settings: Settings) -> list[str]:
    """Return what can't work; settings with any of it are refused."""
    found = [rule(settings) for rule in RULES]
    return [sentence for sentence in found if sentence]


def too_often(settings: Settings) -> str:
    """Return what is said of polls that leave none of our share of quota to writing.

    "" where they do.

    A stand-in of Google has no quota unless it is given one: there it only warns.
    """
    share, interval = settings.sheets.reads_per_minute, settings.polling.interval_s
    polls = 60 / interval
    for_writing = math.ceil(share * WRITING_SHARE)
    for_polls = share - for_writing
    if polls <= for_polls:
        return ""
    return (
        f"polling.interval_s — раз в {interval:g} с это {polls:g} чтений таблицы в минуту, а наша доля "
        f"sheets.reads_per_minute — {share}, и {for_writing} из них нужны записи: {_ways_out(polls, for_polls)}"
    )


def _ways_out(polls: float, for_polls: int) -> str:
    """Return which interval fits, or which quota, or either."""
    needed = math.ceil(polls / (1 - WRITING_SHARE))
    more_quota = f"sheets.reads_per_minute не меньше {needed}"
    if for_polls <= 0:
        return f"поставьте {more_quota}"  # so small a share fits no interval
    longer = f"поставьте polling.interval_s не меньше {_up(60 / for_polls)}"
    if needed > GOOGLE_READS:
        return longer
    return f"{longer} или {more_quota}"


def _too_often_for_google(settings: Settings) -> str:
    if settings.sheets.api_url:
        return ""
    return too_often(settings)


def _figures_too_often(settings: Settings) -> str:
    """Return what is said of «Статистика» if it is renewed more often than may be written."""
    share = min(settings.sheets.reads_per_minute, settings.sheets.writes_per_minute)
    rate = 60 / settings.polling.statistics_s
    if settings.sheets.api_url or rate <= share:
        return ""
    return (
        f"polling.statistics_s — раз в {settings.polling.statistics_s:g} с это обращений в минуту {rate:g}, а наша "
        f"доля квоты Google — {share}: поставьте не меньше {_up(60 / share)}"
    )


def _up(seconds: float) -> str:
    """Return seconds with one decimal, rounded up: a shorter time would not do."""
    return f"{math.ceil(seconds * 10) / 10:g}"


def _webhook_into_nowhere(settings: Settings) -> str:
    # a stand-in of Telegram may run on this machine, Telegram itself does not
    if settings.telegram.api_url or not is_here(settings.telegram.webhook_url):
        return ""
    return (
        "telegram.webhook_url — ведёт на эту же машину, Telegram сюда не придёт: "
        "нужен адрес из интернета или пусто"
    )


def _one_port_for_two(settings: Settings) -> str:
    telegram = settings.telegram
    port = telegram.client_webhook_port
    # with PostgreSQL each bot may run on a machine of its own
    together = settings.store.url.startswith("sqlite")
    if not telegram.webhook_url or not together:
        return ""
    if not port or port != telegram.master_webhook_port:
        return ""
    return (
        f"telegram.client_webhook_port и telegram.master_webhook_port — один и тот же порт {port}, второй бот на нём "
        "не запустится: дайте им разные, например 8081 и 8082"
    )


def _one_bot_for_two(settings: Settings) -> str:
    client = settings.bot_token("client")
    master = settings.bot_token("master")
    if not client or client != master:
        return ""
    return (
        "TELEGRAM_CLIENT_BOT_TOKEN и TELEGRAM_MASTER_BOT_TOKEN — один и тот же токен: заведите у @BotFather двух "
        "разных ботов"
    )


def _weak_key(settings: Settings) -> str:
    length = len(settings.secret_key.get_secret_value())
    tried_out = settings.sheets.api_url or settings.telegram.api_url
    if tried_out or length == 0 or length >= SHORTEST_KEY:
        return ""
    return f"SECRET_KEY — {length} знаков, а нужно не меньше {SHORTEST_KEY}: как сделать, написано в .env.example"


RULES = (
    _too_often_for_google,
    _figures_too_often,
    _webhook_into_nowhere,
    _one_port_for_two,
    _one_bot_for_two,
    _weak_key,
)
