"""The site: clients' links lead to it, its panel has a password, its cookies a key."""

import re
from collections.abc import Iterator

import httpx

from record.settings import Settings
from record.settings.together import SHORTEST_KEY
from record.whereabouts import is_here, is_near
from worker.check.finding import Finding, note, right, wrong

TIMEOUT_S = 10
HASH = re.compile(r"(scrypt|pbkdf2)(:[\w.]+)+[:$][^:$]+[:$][0-9a-f]{32,}")
NO_NAME = (
    "Name or service not known",
    "nodename nor servname",
    "No address associated",
    "name resolution",
)
BAD_CERTIFICATE = "CERTIFICATE_VERIFY_FAILED"


def address(settings: Settings) -> Iterator[Finding]:
    """Yield where the links in messages lead, and whether our site answers there."""
    url, what = settings.web.public_url, "адрес сайта"
    # in a sandbox for both, there are no clients yet
    live = not settings.sheets.api_url or not settings.telegram.api_url
    if is_here(url):
        said = f"ссылки в сообщениях ведут на эту же машину ({url})"
        if live:
            how = "клиент их не откроет: впишите web.public_url"
            yield wrong(what, f"{said}, {how}")
        else:
            yield right(what, said)
        return
    if url.startswith("http://"):
        said = f"{url} без https: телефоны клиентов и пароль панели идут открыто; поставьте сертификат"
        yield wrong(what, said) if live else note(what, said)
    yield _answers(url)


def _answers(url: str) -> Finding:
    """Return whether our site answers; one that is not started yet is no mistake."""
    what, asked = "адрес сайта", f"{url}/healthz"
    try:
        answer = httpx.get(asked, timeout=TIMEOUT_S)
    except httpx.InvalidURL:
        return wrong(what, f"{url} — не адрес: поправьте web.public_url")
    except httpx.HTTPError as error:
        return _unanswered(url, str(error))
    if answer.status_code in (502, 504):
        how = "запустите python -m web и проверьте снова"
        return note(what, f"{url}: nginx отвечает, а сайт за ним нет; {how}")
    if not _is_ours(answer):
        said = f"по адресу {asked} отвечает что-то другое ({answer.status_code})"
        return wrong(what, f"{said}: поправьте web.public_url")
    return right(what, f"{url} отвечает")


def _is_ours(answer: httpx.Response) -> bool:
    try:
        body = answer.json()
    except ValueError:
        return False
    return isinstance(body, dict) and "healthy" in body


def _unanswered(url: str, why: str) -> Finding:
    what = "адрес сайта"
    # httpx has one error for all that keeps it from connecting; only its words differ
    if any(mark in why for mark in NO_NAME):
        how = "поправьте web.public_url или запись DNS"
        return wrong(what, f"имени из {url} в интернете нет: {how}")
    if BAD_CERTIFICATE in why:
        return wrong(what, f"сертификат {url} не годится: выпустите новый")
    how = "запустите сайт и nginx и проверьте снова"
    return note(what, f"{url} пока не отвечает: {how}")


# what the law wants named, by key of [company]
NAMED = ("legal_name", "inn", "ogrn", "address", "email", "phone", "hosting")
# "not longer than three years", say both texts
PROMISED_DAYS = 1095


def operator(settings: Settings) -> Iterator[Finding]:
    """Yield whether the texts on personal data name who answers, and what they promise is kept.

    That is asked where the site is open to the world; elsewhere the pages say plainly
    what will stand there.
    """
    if is_near(settings.web.public_url):
        return
    company, what = settings.company, "персональные данные"
    lacking = [f"company.{name}" for name in NAMED if not getattr(company, name)]
    if lacking:
        said = "в /privacy.html и /consent.html не сказано, кто за них отвечает"
        yield wrong(what, f"{said}: впишите {', '.join(lacking)}")
    else:
        said = "/privacy.html и /consent.html называют, кто за них отвечает"
        yield right(what, said)
    if not 0 < settings.keep.personal_days <= PROMISED_DAYS:
        said = "эти тексты обещают хранить данные не дольше трёх лет, а сами они не стираются"
        yield note(what, f"{said}: впишите keep.personal_days = {PROMISED_DAYS}")


def password(settings: Settings) -> Iterator[Finding]:
    """Yield whether the panel can be entered, by whoever knows the password."""
    kept, what = settings.admin_password_hash.get_secret_value(), "пароль панели"
    if kept and not HASH.fullmatch(kept):
        how = "задайте заново, python -m web set-password"
        said = f"ADMIN_PASSWORD_HASH в .env — не хеш, войти нельзя: {how}"
        yield wrong(what, said)
    elif kept:
        yield right(what, "задан")
    elif not settings.sheets.api_url:
        said = "общий не задан; если и сотрудники не названы, в панель никто не войдёт: python -m web set-password"
        yield note(what, said)


def key(settings: Settings) -> Iterator[Finding]:
    """Yield whether cookies and forms are signed with a key that can't be guessed."""
    length, what = len(settings.secret_key.get_secret_value()), "ключ сайта"
    if 0 < length < SHORTEST_KEY:
        said = f"SECRET_KEY короткий, {length} из {SHORTEST_KEY} знаков"
        yield wrong(what, f"{said}: как сделать, написано в .env.example")
    elif length:
        yield right(what, "есть")
    elif not settings.sheets.api_url:
        yield wrong(what, "впишите SECRET_KEY в .env (как сделать — в .env.example)")
    else:
        yield right(what, "временный")
