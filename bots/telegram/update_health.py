"""What keeps a bot from hearing people, judged by what Telegram answered lately.

Pure: the moment is passed in.

a webhook that isn't ours    taken back at once, told once; a trouble when it comes again and again
our webhook is answered 403  by us: the secret was somebody else's, as above; by what stands before us: a trouble when
                             it goes on after Telegram was told our secret again, until nothing waits there
somebody else asks too       (409, or updates that we never got) a trouble when it lasts
the token is refused         (401) a trouble at once
nothing was heard            a trouble after a minute, whatever the reason
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from record.settings.names import SECRETS
from record.watch.health import NAMES

SILENT_S = 60.0
LASTS_S = 10.0  # a process that takes over from another is past it sooner
CALM_S = 60.0  # so long after the last sign of a stranger he is taken for gone
HOUR_S = 3600.0
OFTEN = 3
# the first may come of a secret that is not ours: then telling Telegram our own mends
# it
SHUT = 2
# the first may be Telegram's own: after a quiet week it begins to count again
# https://core.telegram.org/bots/api#update
GAPS = 2
# by role, where its token stands
TOKENS = {role: SECRETS[f"{role}_bot_token"] for role in NAMES}
REVOKE = "отзовите токен у @BotFather (/revoke), впишите новый в .env ({token}) и перезапустите бота"

REVOKED = (
    "{who}: Telegram больше не принимает его токен, его отозвали или бота удалили. Возьмите новый у @BotFather, "
    "впишите в .env ({token}) и перезапустите бота"
)
HOOKED = (
    "{who}: его webhook меняет кто-то другой снова и снова ({where}), и тогда сообщения уходят мимо нас. Токен знает "
    "кто-то ещё. Если это не ваша вторая копия Наряда, {revoke}"
)
RIVALLED = (
    "{who}: его сообщения забирает кто-то ещё с тем же токеном, поэтому он слышит не всех. Остановите вторую копию "
    "Наряда, если она где-то запущена; если нет, {revoke}"
)
SILENT = "{who} не получает сообщений от Telegram больше минуты"
SHUT_OUT = (
    "{who}: его сообщения до Наряда не доходят. По адресу {url} Telegram получает отказ (403), и отвечает не Наряд. "
    "Проверьте nginx и защиту перед ним: они должны пропускать запросы POST от Telegram"
)
RESEALED_AT = "адрес был наш, а секрет чужой"
RESEALED = (
    "{who}: кто-то задал его webhook заново, с нашим адресом, но со своим секретом, и Наряд не принимал сообщений. "
    "Свой секрет он вернул, сообщения дойдут. Если это сделали не вы, {revoke}"
)
TAKEN_BACK = (
    "{who}: кто-то изменил его webhook ({where}), и сообщения какое-то время уходили мимо нас. Наряд вернул всё на "
    "место. Если это сделали не вы, {revoke}"
)


@dataclass
class UpdateHealth:
    """One bot's memory of what Telegram answered.

    All moments are seconds of one clock that only goes forward.
    """

    role: str
    began: float
    heard_at: float = 0.0
    revoked: bool = False
    error: str = ""
    hooks: list[tuple[float, str]] = field(default_factory=list)
    rivals: list[float] = field(default_factory=list)
    gaps: list[float] = field(default_factory=list)
    shut: int = 0
    address: str = ""

    def __post_init__(self) -> None:
        """Begin as if something had just been heard."""
        self.heard_at = self.began

    def heard(self, now: float) -> None:
        """Note that Telegram answered as it should."""
        self.heard_at, self.revoked, self.error = now, False, ""

    def hooked(self, where: str, now: float) -> bool:
        """Note that the bot's webhook was somebody else's, or taken off.

        Return whether it is the first time lately.
        """
        recent = self._recent_hooks(now)
        self.hooks = [*recent, (now, where)]
        return not recent

    def shut_out(self, address: str) -> None:
        """Note that what stands before us refuses Telegram at our address."""
        self.shut, self.address = self.shut + 1, address

    def let_in(self) -> None:
        """Note that nothing waits for our address at Telegram."""
        self.shut = 0

    def rivalled(self, now: float) -> None:
        """Note that Telegram said that somebody else asks for our updates."""
        self.rivals = [*_since(self.rivals, now - CALM_S), now]

    def missed(self, now: float) -> None:
        """Note that updates went to somebody else, as their numbers tell."""
        self.gaps = [*_since(self.gaps, now - HOUR_S), now]

    def troubles(self, now: float) -> dict[str, str]:
        """Return what stands now, by kind, in Russian with what to do.

        That the bot hears nothing is said where no reason for it stands now, whatever
        there once was.
        """
        found = dict(self._reasons(now))
        if not found and now - self.heard_at > SILENT_S:
            found["silent"] = self._silent()
        return found

    def _silent(self) -> str:
        said = self._said(SILENT)
        if self.error:
            return f"{said}: {self.error}"
        return said

    def _reasons(self, now: float) -> Iterator[tuple[str, str]]:
        hooks = self._recent_hooks(now)
        if self.revoked:
            yield "token", self._said(REVOKED)
        if len(hooks) >= OFTEN:
            yield "webhook", self._said(HOOKED, where=hooks[-1][1])
        if self.shut >= SHUT:
            yield "shut", self._said(SHUT_OUT, url=self.address)
        if self._has_rival(now):
            yield "rival", self._said(RIVALLED)

    def _said(self, text: str, **facts: str) -> str:
        return _worded(text, self.role, **facts)

    def _has_rival(self, now: float) -> bool:
        if len(_since(self.gaps, now - HOUR_S)) >= GAPS:
            return True
        recent = _since(self.rivals, now - CALM_S)
        if len(recent) < OFTEN:
            return False
        # One who hands over to us asks for a moment still; a rival goes on.
        return recent[-1] - recent[0] >= LASTS_S

    def _recent_hooks(self, now: float) -> list[tuple[float, str]]:
        return [one for one in self.hooks if now - one[0] < HOUR_S]


def _since(moments: list[float], then: float) -> list[float]:
    return [at for at in moments if at > then]


def _worded(text: str, role: str, **facts: str) -> str:
    revoke = REVOKE.format(token=TOKENS[role])
    return text.format(who=NAMES[role], token=TOKENS[role], revoke=revoke, **facts)


def said_host(host: str) -> str:
    """Return where somebody else's webhook leads, in words."""
    if not host:
        return "его сняли"
    return f"он вёл на {host}"


def taken_back(role: str, where: str) -> str:
    """Return what the admin is told when a foreign webhook was replaced.

    That is told the first time only.
    """
    if where == RESEALED_AT:
        return _worded(RESEALED, role)
    return _worded(TAKEN_BACK, role, where=where)
