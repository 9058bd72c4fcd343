"""Addresses as people write them into settings: pages, networks, proxies, chats. Pure.

Each function returns the address as it is used, and raises a ValueError in Russian
where it can't be one.
"""

import json
import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any
from urllib.parse import SplitResult, urlsplit

from record.whereabouts import is_here

Network = IPv4Network | IPv6Network

WEB = ("http", "https")
PROXIES = ("http", "https", "socks5", "socks5h")
TELEGRAM_PORTS = (443, 80, 88, 8443)  # https://core.telegram.org/bots/api#setwebhook
SPREADSHEET = re.compile(
    r"https?://docs\.google\.com/spreadsheets/(?:u/\d+/)?d/([\w-]+)"
)
FOLDER = re.compile(r"(?:https?://)?(t\.me|telegram\.me)/addlist/([\w-]+)/?")
# Telegram: "at most 52 significant bits" https://core.telegram.org/bots/api#chat
CHAT_IDS = 2**52
CHAT = re.compile(r"[-−–]?[0-9]{1,40}")
WHERE_CHAT = "напишите боту мастеров /id, он ответит номером чата"
LISTED = 'адреса или сети списком, например ["10.0.0.5", "192.168.0.0/16"]'


def networks(written: Any) -> tuple[Network, ...]:
    """Return the networks of a list, or of one line as the environment holds it.

    Such a line is JSON, or divided by commas.

    Raises:
        ValueError: in Russian: one is no network, or it is the whole internet.
    """
    return tuple(_network(one) for one in _entries(written))


def _entries(written: Any) -> list[Any]:
    """Return the entries of a list.

    '["10.0.0.5", "10.0.0.6"]' and '10.0.0.5, 10.0.0.6' are two ways to write one.
    """
    if isinstance(written, list | tuple):
        return list(written)
    if not isinstance(written, str):
        raise ValueError(LISTED)  # noqa: TRY004  pydantic explains a ValueError only
    if not written.strip().startswith("["):
        return written.replace(",", " ").split()
    try:
        return list(json.loads(written))
    except ValueError:
        raise ValueError(LISTED) from None


def _network(written: Any) -> Network:
    if isinstance(written, IPv4Network | IPv6Network):
        return written
    try:
        found = ip_network(str(written).strip())
    except ValueError:
        raise ValueError(f"«{written}» — не адрес и не сеть: нужны {LISTED}") from None
    if not found.prefixlen:
        # every visitor's X-Forwarded-For would be believed
        raise ValueError(
            f"{found} — это весь интернет: впишите адрес своего балансировщика или nginx"
        )
    return found


def api(written: str, real: str) -> str:
    """Return the address of a stand-in, "" where it is the ``real`` one."""
    if not written:
        return ""
    parts = _parts_of(written, WEB, "http://127.0.0.1:8090")
    if parts.hostname == urlsplit(real).hostname:
        return ""
    return written.rstrip("/")


def site(written: str) -> str:
    """Return the address of a site: only where it is, since its pages lie at its root."""
    parts = _parts_of(written, WEB, "https://example.ru")
    has_page = parts.path.strip("/") or parts.query or parts.fragment
    if has_page or parts.username:
        host = parts.netloc.rpartition("@")[2]
        raise ValueError(f"только адрес сайта, без страницы: {parts.scheme}://{host}")
    return written.rstrip("/")


def webhook(written: str) -> str:
    """Return where Telegram shall post to, "" for nowhere.

    An address of this machine is for a stand-in.
    """
    if not written:
        return ""
    example = "https://bots.example.ru/telegram"
    parts = _parts_of(written, WEB, example)
    address = written.rstrip("/")
    if is_here(written):
        return address
    if parts.scheme == "http":
        raise ValueError(f"адрес вида {example}: Telegram приходит только по HTTPS")
    if parts.port and parts.port not in TELEGRAM_PORTS:
        raise ValueError(
            f"порт {parts.port} не годится: Telegram приходит только на 443, 80, 88 и 8443"
        )
    return address


def proxy(written: str) -> str:
    """Return the address of a proxy, "" for none."""
    if not written:
        return ""
    parts = _parts_of(written, PROXIES, "socks5://user:password@10.0.0.1:1080")
    if not parts.port:
        raise ValueError(
            f"нужен и порт, например {parts.scheme}://{parts.hostname}:1080"
        )
    return written.rstrip("/")


def spreadsheet(written: str) -> str:
    """Return the id of a spreadsheet, also where its whole address was pasted."""
    found = SPREADSHEET.match(written)
    if found:
        return found[1]
    if re.search(r"[\s/]", written):
        raise ValueError("часть адреса таблицы между /d/ и /edit")
    return written


def folder(written: str) -> str:
    """Return the link to a folder of chats, "" for none."""
    if not written:
        return ""
    found = FOLDER.fullmatch(written)
    if not found:
        raise ValueError("ссылка на папку чатов вида https://t.me/addlist/…, или пусто")
    return f"https://{found[1]}/addlist/{found[2]}"


def chat(written: Any) -> int:
    """Return the number of a Telegram chat: negative for a group, 0 for no chat.

    Raises:
        ValueError: in Russian: it is a name, or no number that Telegram gives out. It says where the number is found.
    """
    typed = ""
    if isinstance(written, str | int | float):
        typed = str(written).strip()
    if not CHAT.fullmatch(typed):
        raise ValueError(
            f"номер чата цифрами, у группы с минусом, а не имя: {WHERE_CHAT}"
        )
    # who copies a number from a text may copy a dash for the minus
    number = int(re.sub("[−–]", "-", typed))
    if abs(number) >= CHAT_IDS:
        raise ValueError(
            f"таких длинных номеров в Telegram нет, проверьте его: {WHERE_CHAT}"
        )
    return number


def _parts_of(written: str, schemes: tuple[str, ...], example: str) -> SplitResult:
    """Return the parts of an address.

    Raises:
        ValueError: in Russian, with the example: it is none, or of another scheme.
    """
    wrong = f"адрес вида {example}"
    try:
        parts = urlsplit(written)
        parts.port  # noqa: B018  it is read only when asked for, and may be no number
    except ValueError:
        raise ValueError(wrong) from None
    if parts.scheme not in schemes or not parts.hostname or re.search(r"\s", written):
        raise ValueError(wrong)
    return parts
