"""Pages that only tell something: the catalog, the text on personal data, and places of pages to come."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from record.model import Service, read_service
from record.worksheets import SERVICES
from web.consent import CONSENT_DATE, CONSENT_VERSION
from web.site import site

blueprint = Blueprint("pages", __name__)


@dataclass(frozen=True)
class Coming:
    """A page that is not there yet: what it will be."""

    title: str
    text: str
    icon: str
    staff: bool = False


COMING = {
    "services": Coming(
        "Услуги", "Здесь будут описания работ с примерами и ценами. Пока всё расскажем по телефону.", "plug"
    ),
    "calculator": Coming(
        "Калькулятор",
        "Здесь можно будет выбрать работы и сразу увидеть, сколько они стоят. Пока цену "
        "подскажем по телефону.",
        "calculator",
    ),
    "ai-chat": Coming(
        "Чат с помощником",
        "Здесь помощник ответит на вопросы об электрике и подскажет, что делать. Пока на них отвечаем по телефону.",
        "chat",
    ),
    "payment": Coming(
        "Оплата", "Здесь можно будет оплатить работу. Пока об оплате договоритесь с мастером.", "card"
    ),
    "master-dashboard": Coming(
        "Кабинет мастера", "Здесь мастера увидят свои заявки и заработок. Пока всё это есть в боте мастеров.", "tool",
        staff=True,
    ),
    "admin": Coming(
        "Управление", "Здесь будут заявки, статистика и мастера. Пока всё это есть в таблице.", "table", staff=True
    ),
}  # fmt: skip


@blueprint.get("/<any('services', 'calculator', 'ai-chat', 'payment', 'master-dashboard', 'admin'):name>.html")
def coming(name: str) -> str:
    """Say honestly what will be here, and offer what is there already."""
    return render_template("coming.html", page=COMING[name])


@blueprint.get("/catalog.html")
def catalog() -> str:
    """List the services of «Услуги» with their prices."""
    with site().store.reading() as tx:
        services = [read_service(row) for row in tx.lists.get(SERVICES)]
    return render_template("catalog.html", groups=by_category(services))


def by_category(services: Iterable[Service]) -> dict[str, list[Service]]:
    """Return the services that are shown, by category, both as they come in the sheet."""
    groups: dict[str, list[Service]] = {}
    for service in services:
        if service.shown and service.name:
            groups.setdefault(service.category or "Другое", []).append(service)
    return groups


@blueprint.get("/products.html")
def products() -> Response:
    """Lead to the catalog."""
    return redirect(url_for("pages.catalog"))


@blueprint.get("/privacy.html")
def privacy() -> str:
    """Show what a client agrees to."""
    return render_template("privacy.html", version=CONSENT_VERSION, date=CONSENT_DATE)
