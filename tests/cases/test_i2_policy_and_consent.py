"""I2: policy and consent are two pages, filled from `[company]`; on a public address `check` asks for all of it."""

from pathlib import Path

import pytest

from record.settings.sections import Company
from record.store import Store
from tests.harness.databases import databases
from tests.web.visitor import Visitor, settings_for
from web import create_app
from worker.check import site
from worker.check.finding import Finding

WHOLE = {
    "name": "Балт-Сеть",
    "phone": "+74012000000",
    "legal_name": "ИП Иванов Иван Иванович",
    "inn": "390000000000",
    "ogrn": "300000000000000",
    "address": "Калининград, Невского 47",
    "email": "info@example.ru",
    "hosting": "ООО «Хостинг», Россия",
}
RECIPIENTS = ("Google", "мастер", "Telegram", "MAX")


@pytest.mark.parametrize("address", ["/privacy.html", "/consent.html"])
def test_i2_both_texts_name_who_answers_and_who_gets_the_data(store: Store, tmp_path: Path, address: str) -> None:
    settings = settings_for(databases.url(tmp_path, "naryad.sqlite3"))
    settings = settings.model_copy(update={"company": Company(**WHOLE)})
    visitor = Visitor(create_app(settings, store).test_client())
    visitor.opens(address)
    for said in (*(WHOLE.keys() - {"phone"}), *RECIPIENTS):
        assert WHOLE.get(said, said) in visitor.page


def test_i2_cookies_stand_apart_from_consent(visitor: Visitor) -> None:
    visitor.opens("/consent.html")
    assert "Cookie" not in visitor.page
    visitor.opens("/privacy.html")
    assert "<h2>Cookie</h2>" in visitor.page
    assert 'href="/consent.html"' in visitor.page


def test_i2_a_demo_says_plainly_what_will_stand_there(visitor: Visitor) -> None:
    visitor.opens("/privacy.html")
    assert "здесь будет юридическое лицо" in visitor.page


def findings(url: str, personal_days: int = 1095, /, **company: str) -> list[Finding]:
    settings = settings_for("sqlite:///var/none.sqlite3", public_url=url)
    keep = settings.keep.model_copy(update={"personal_days": personal_days})
    return list(site.operator(settings.model_copy(update={"company": Company(**company), "keep": keep})))


@pytest.mark.parametrize("url", ["https://naryad.example.ru", "http://203.0.113.5"])
@pytest.mark.parametrize("lacking", ["legal_name", "inn", "ogrn", "address", "email", "phone", "hosting"])
def test_i2_an_empty_key_on_a_public_address_fails_the_check(url: str, lacking: str) -> None:
    (found,) = findings(url, **(WHOLE | {lacking: ""}))
    assert not found.right
    assert f"впишите company.{lacking}" in found.said


def test_i2_on_this_machine_nothing_is_asked_and_all_keys_make_it_right() -> None:
    assert findings("http://127.0.0.1:8000") == []
    (whole,) = findings("https://naryad.example.ru", **WHOLE)
    assert (whole.right, whole.note) == (True, False)


@pytest.mark.parametrize(("days", "kept"), [(0, False), (1096, False), (1095, True), (365, True)])
def test_i2_the_three_years_that_the_texts_promise_are_asked_of_the_settings(days: int, *, kept: bool) -> None:
    _named, *more = findings("https://naryad.example.ru", days, **WHOLE)
    assert [one.note for one in more] == ([] if kept else [True])
    assert all("keep.personal_days = 1095" in one.said for one in more)


def test_i2_both_texts_say_that_masters_see_an_order_before_one_takes_it(visitor: Visitor) -> None:
    for address in ("/privacy.html", "/consent.html"):
        visitor.opens(address)
        assert "которым предложена" in visitor.page


@pytest.mark.parametrize(
    ("key", "value"), [("inn", "12"), ("ogrn", "abc"), ("email", "нет"), ("inn", "39000000000X")]
)
def test_i2_a_slip_in_a_key_is_said(key: str, value: str) -> None:
    with pytest.raises(ValueError, match=r"цифр без пробелов|почтовый адрес"):
        Company(**(WHOLE | {key: value}))
