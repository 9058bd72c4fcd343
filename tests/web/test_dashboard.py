"""A master's own page: how he gets in, that nobody else does, and what he may do there."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from record.actions.orders import Actions
from record.store import Store
from record.store.entry import LINK_S
from record.store.facts import RESTING, Resting
from record.values import to_serial
from tests.web.staff import IVAN, KIM, NewPerson, Person, comes, enters, later, link, put_master
from tests.web.visitor import put_order, put_paid, settings_for

HOME = "/master-dashboard.html"
DAY = 86_400.0
CLIENT = re.compile("Юля|900.123-45-67|9001234567|Невского")


def acts(store: Store) -> list[dict[str, object]]:
    """Return the cells of what waits for the sheet."""
    with store.reading() as tx:
        return [dict(write.cells) for write in tx.journal.open()]


def work(store: Store, order_id: str = "17", master: str = "Иван Петров") -> None:
    """Let a master be at work on an order."""
    put_order(store, order_id, Статус="В работе", Мастер=master)


class TestGettingIn:
    """By a link that the bot sends him: once, for ten minutes."""

    def test_the_link_leads_in_after_a_press(self, person: Person, store: Store) -> None:
        person.opens(f"{HOME}?enter={link(store, IVAN)}")
        assert "Нажмите, чтобы войти" in person.says()
        assert "Иван" not in person.page  # whoever only looks learns nothing
        person.follows(person.sends("/master-dashboard/enter", link=person.hidden("link")))
        assert "Иван Петров" in person.says()

    def test_looking_at_it_does_not_use_it_up(self, new_person: NewPerson, store: Store) -> None:
        token = link(store, IVAN)
        for _ in range(3):
            preview = new_person()
            assert preview.client.head(f"{HOME}?enter={token}").status_code == 200
            assert preview.opens(f"{HOME}?enter={token}").status_code == 200
        assert comes(new_person(), token).status_code == 303

    def test_it_is_good_once(self, new_person: NewPerson, store: Store) -> None:
        token = link(store, IVAN)
        assert comes(new_person(), token).status_code == 303
        second = new_person()
        assert comes(second, token).status_code == 410
        assert "уже не работает" in second.says()
        assert second.opens("/master-dashboard/live").status_code == 303

    def test_it_is_good_for_ten_minutes(self, new_person: NewPerson, store: Store) -> None:
        token = link(store, IVAN)
        with later(LINK_S + 1):
            assert comes(new_person(), token).status_code == 410
        with later(LINK_S - 30):
            assert comes(new_person(), token).status_code == 303

    def test_a_newer_link_makes_the_older_void(self, new_person: NewPerson, store: Store) -> None:
        older, newer = link(store, IVAN), link(store, IVAN)
        assert comes(new_person(), older).status_code == 410
        assert comes(new_person(), newer).status_code == 303

    @pytest.mark.parametrize("token", ["", "x", "' OR 1=1 --", "я" * 300])
    def test_a_made_up_link_opens_nothing(self, person: Person, store: Store, token: str) -> None:
        link(store, IVAN)
        person.opens(f"{HOME}?enter=x")
        assert person.sends("/master-dashboard/enter", link=token).status_code == 410

    def test_guessing_is_stopped(self, person: Person, store: Store) -> None:
        person.opens(f"{HOME}?enter=x")
        answers = []
        for n in range(11):
            answers.append(person.sends("/master-dashboard/enter", link=f"guess-{n}").status_code)
            person.opens(f"{HOME}?enter=x")
        assert answers == [410] * 10 + [429]
        assert comes(person, link(store, IVAN)).status_code == 429

    def test_the_store_does_not_hold_what_opens(self, person: Person, store: Store, tmp_path: Path) -> None:
        token = link(store, IVAN)
        comes(person, token)
        kept = person.client.get_cookie("naryad-master")
        assert kept
        files = b"".join(file.read_bytes() for file in tmp_path.glob("naryad.sqlite3*"))
        assert token.encode() not in files
        assert kept.value.encode() not in files

    def test_a_session_that_was_slipped_in_is_never_made_valid(self, person: Person, store: Store) -> None:
        person.client.set_cookie("naryad-master", "known-to-the-attacker")
        comes(person, link(store, IVAN))
        kept = person.client.get_cookie("naryad-master")
        assert kept
        assert kept.value != "known-to-the-attacker"

    def test_a_stranger_is_told_how_to_get_in_and_nothing_else(self, person: Person, store: Store) -> None:
        put_order(store, "17")
        person.opens(HOME)
        assert "Кабинет на сайте" in person.says()
        for address in (HOME, "/master-dashboard/live"):
            assert not CLIENT.search(person.opens(address).get_data(as_text=True))

    @pytest.mark.parametrize("act", ["accept", "complete", "give-back", "exit"])
    def test_a_stranger_does_nothing(self, person: Person, store: Store, act: str) -> None:
        work(store)
        person.opens(f"{HOME}?enter=x")
        answer = person.sends(f"/master-dashboard/{act}", order="17", price="2000", own="просто так")
        assert answer.headers["Location"] == HOME
        assert acts(store) == []

    def test_the_admins_session_is_no_masters(self, admin: Person, store: Store) -> None:
        put_order(store, "17")
        admin.opens("/admin.html")
        assert admin.sends("/master-dashboard/accept", order="17").status_code == 303
        assert acts(store) == []


class TestTheSession:
    """It lasts while he works here, in the chat to which the link was sent."""

    def test_switched_off_he_is_out_at_once(self, ivan: Person, store: Store) -> None:
        put_order(store, "17")
        assert ivan.opens(HOME).status_code == 200
        put_master(store, IVAN, "Иван Петров", active=False)
        ivan.opens(HOME)
        assert not CLIENT.search(ivan.page)
        assert (
            ivan.client.get("/master-dashboard/live", headers={"HX-Request": "true"}).headers["HX-Redirect"] == HOME
        )

    def test_switched_off_he_does_nothing_with_a_page_that_is_open(self, ivan: Person, store: Store) -> None:
        work(store)
        ivan.opens(HOME)
        put_master(store, IVAN, "Иван Петров", active=False)
        assert ivan.sends("/master-dashboard/complete", order="17", price="2000").headers["Location"] == HOME
        assert acts(store) == []

    def test_taken_off_the_list_he_is_out(self, ivan: Person, store: Store) -> None:
        with store.transaction() as tx:
            tx.masters.drop([IVAN])
        assert ivan.opens("/master-dashboard/live").status_code == 303

    def test_another_telegram_ends_the_session_of_the_old_one(self, ivan: Person, store: Store) -> None:
        put_master(store, IVAN, "Иван Петров", Telegram="777")
        assert ivan.opens("/master-dashboard/live").status_code == 303

    def test_a_link_sent_to_a_chat_that_is_no_longer_his_opens_nothing(self, person: Person, store: Store) -> None:
        token = link(store, IVAN)
        put_master(store, IVAN, "Иван Петров", Telegram="777")
        assert comes(person, token).status_code == 410

    def test_he_can_leave(self, ivan: Person) -> None:
        kept = ivan.client.get_cookie("naryad-master")
        assert kept
        ivan.opens(HOME)
        ivan.follows(ivan.sends("/master-dashboard/exit"))
        assert "Вы вышли" in ivan.says()
        ivan.client.set_cookie("naryad-master", kept.value)
        assert ivan.opens("/master-dashboard/live").status_code == 303

    def test_idleness_and_age_end_it(self, ivan: Person) -> None:
        for days in (2, 4, 6, 8, 10, 12):
            with later(days * DAY):
                assert ivan.opens(HOME).status_code == 200
        with later(14.1 * DAY):
            assert ivan.opens("/master-dashboard/live").status_code == 303

    def test_idleness_alone_ends_it(self, ivan: Person) -> None:
        with later(3.1 * DAY):
            assert ivan.opens("/master-dashboard/live").status_code == 303

    def test_the_page_is_neither_kept_nor_indexed(self, ivan: Person) -> None:
        for address in (HOME, "/master-dashboard/live", f"{HOME}?enter=x"):
            headers = ivan.opens(address).headers
            assert (headers["Cache-Control"], headers["X-Robots-Tag"]) == ("no-store", "noindex")


class TestTheOrders:
    """What he sees, and what he does: as in the bot."""

    def test_he_sees_his_own_and_the_free_ones(self, ivan: Person, store: Store) -> None:
        work(store, "17")
        put_order(store, "18", Адрес="Мира 5")
        work(store, "19", "Сергей Ким")
        put_order(store, "20", Статус="Отменена")
        ivan.opens(HOME)
        assert re.findall(r'aria-label="(?:Заказ|Новый заказ) № (\d+)"', ivan.page) == ["17", "18"]
        assert 'href="tel:+79001234567"' in ivan.page
        assert "https://yandex.ru/maps/?text=%D0%9D%D0%B5%D0%B2%D1%81%D0%BA%D0%BE%D0%B3%D0%BE+47" in ivan.page

    def test_anothers_client_he_never_sees(self, ivan: Person, store: Store) -> None:
        put_order(store, "17")
        assert CLIENT.search(ivan.opens(HOME).get_data(as_text=True))  # as on the card in Telegram, while it is free
        assert Actions(store, settings_for("sqlite:///unused")).accept("17", KIM).refusal == ""
        for address in (HOME, "/master-dashboard/live"):
            assert not CLIENT.search(ivan.opens(address).get_data(as_text=True))

    def test_he_takes_an_order(self, ivan: Person, store: Store) -> None:
        put_order(store, "17")
        ivan.opens(HOME)
        ivan.follows(ivan.sends("/master-dashboard/accept", order="17"))
        assert "Заказ № 17 ваш" in ivan.says()
        assert acts(store) == [{"Статус": "В работе", "Мастер": "Иван Петров"}]

    def test_who_comes_second_is_told_who_was_first(self, ivan: Person, store: Store) -> None:
        put_order(store, "17")
        ivan.opens(HOME)
        Actions(store, settings_for("sqlite:///unused")).accept("17", KIM)
        ivan.follows(ivan.sends("/master-dashboard/accept", order="17"))
        assert "занят: Сергей Ким" in ivan.says()
        assert len(acts(store)) == 1

    def test_while_staff_change_his_order_he_is_asked_to_wait(self, ivan: Person, store: Store) -> None:
        work(store)
        with store.transaction() as tx:
            tx.facts.put(RESTING, {"17": Resting(meaning="gone", since=1.0)})
        ivan.opens(HOME)
        ivan.follows(ivan.sends("/master-dashboard/complete", order="17", price="2000"))
        assert "Диспетчер сейчас меняет этот заказ. Попробуйте через полминуты" in ivan.says()
        assert acts(store) == []

    def test_he_finishes_at_a_price(self, ivan: Person, store: Store) -> None:
        work(store)
        ivan.opens(HOME)
        ivan.follows(ivan.sends("/master-dashboard/complete", order="17", price="2 000 ₽"))
        assert "завершён: 2 000 ₽, вам 1 400 ₽" in ivan.says().replace("\N{NO-BREAK SPACE}", " ")
        (cells,) = acts(store)
        assert (cells["Статус"], cells["Цена"], cells["Комиссия"]) == ("Выполнена", 2000, 600)

    def test_a_slip_in_the_price_is_explained_where_it_was_made(self, ivan: Person, store: Store) -> None:
        work(store)
        ivan.opens(HOME)
        assert ivan.sends("/master-dashboard/complete", order="17", price="много").status_code == 422
        assert re.search(r'id="price-17"[^>]*value="много"[^>]*aria-invalid="true"', ivan.page)
        assert acts(store) == []

    def test_nothing_must_be_said_twice(self, ivan: Person, store: Store) -> None:
        work(store)
        ivan.opens(HOME)
        assert ivan.sends("/master-dashboard/complete", order="17", price="0").status_code == 422
        assert "Точно 0 ₽?" in ivan.says()
        answer = ivan.sends("/master-dashboard/complete", order="17", price="0", sure=ivan.hidden("sure"))
        assert answer.status_code == 303
        assert acts(store)[0]["Цена"] == 0

    def test_an_unusual_price_must_be_said_twice(self, ivan: Person, store: Store) -> None:
        work(store)
        put_paid(store, 2000)
        ivan.opens(HOME)
        assert ivan.sends("/master-dashboard/complete", order="17", price="20000").status_code == 422
        assert "20 000 ₽, верно? Обычно такие заказы стоят около 2 000 ₽" in ivan.says().replace("\xa0", " ")
        sure = ivan.hidden("sure")
        # another unusual one is another question
        assert ivan.sends("/master-dashboard/complete", order="17", price="50000", sure=sure).status_code == 422
        assert acts(store) == []
        answer = ivan.sends("/master-dashboard/complete", order="17", price="50000", sure=ivan.hidden("sure"))
        assert answer.status_code == 303
        assert acts(store)[0]["Цена"] == 50000

    def test_he_mends_a_sum_afterwards(self, ivan: Person, store: Store) -> None:
        done = to_serial(datetime.now(ZoneInfo("Europe/Kaliningrad")).replace(tzinfo=None))
        put_order(store, "17", Статус="Выполнена", Мастер="Иван Петров", Цена=200, **{"Дата выполнения": done})
        ivan.opens(HOME)
        assert "Исправить сумму" in ivan.says()
        ivan.follows(ivan.sends("/master-dashboard/complete", order="17", price="2000"))
        assert "было 200 ₽, стало 2 000 ₽" in ivan.says().replace("\xa0", " ")
        assert acts(store) == [{"Цена": 2000, "Комиссия": 600}]

    @pytest.mark.parametrize(
        ("typed", "reason"),
        [({"reason": "Не успеваю"}, "Не успеваю"), ({"own": "Сломалась машина"}, "Сломалась машина")],
    )
    def test_he_gives_an_order_back(self, ivan: Person, store: Store, typed: dict[str, str], reason: str) -> None:
        work(store)
        ivan.opens(HOME)
        ivan.follows(ivan.sends("/master-dashboard/give-back", order="17", **typed))
        assert "вернули" in ivan.says()
        assert acts(store)[0]["Комментарий"] == f"Иван Петров вернул заказ: {reason}"

    @pytest.mark.parametrize("typed", [{}, {"own": " "}, {"reason": "придуманная"}])
    def test_giving_back_needs_a_reason(self, ivan: Person, store: Store, typed: dict[str, str]) -> None:
        work(store)
        ivan.opens(HOME)
        assert ivan.sends("/master-dashboard/give-back", order="17", **typed).status_code == 422
        assert "Выберите причину" in ivan.says()
        assert acts(store) == []

    @pytest.mark.parametrize("act", ["complete", "give-back"])
    @pytest.mark.parametrize("status", ["В работе", "Выполнена", "Отменена"])
    def test_on_anothers_order_he_does_nothing(self, ivan: Person, store: Store, act: str, status: str) -> None:
        put_order(store, "17", Статус=status, Мастер="Сергей Ким", Цена=1000)
        ivan.opens(HOME)
        work(store, "18")
        ivan.opens(HOME)
        ivan.follows(ivan.sends(f"/master-dashboard/{act}", order="17", price="1", own="назло"))
        assert re.search("не у вас|уже выполнен|отменён", ivan.says())
        assert acts(store) == []

    def test_a_form_from_elsewhere_is_refused(self, ivan: Person, store: Store) -> None:
        put_order(store, "17")
        for act in ("accept", "complete", "give-back", "exit"):
            assert ivan.client.post(f"/master-dashboard/{act}", data={"order": "17"}).status_code == 400
        assert acts(store) == []

    def test_what_outsiders_typed_is_text(self, ivan: Person, store: Store) -> None:
        evil = "<script>alert(1)</script>"
        put_order(store, "17", Имя=evil, Адрес=evil, Проблема=evil, Категория=evil)
        put_order(store, "18", Имя=evil, Комментарий=evil, Статус="В работе", Мастер="Иван Петров")
        ivan.opens(HOME)
        assert evil not in ivan.page
        ivan.follows(ivan.sends("/master-dashboard/accept", order=evil))
        assert evil not in ivan.page


class TestTheMoney:
    """Earnings by day, and the company's share."""

    def test_sums_chart_and_commission(self, ivan: Person, store: Store) -> None:
        now = datetime.now(ZoneInfo("Europe/Kaliningrad")).replace(tzinfo=None)
        for number, days in enumerate((0, 0, 40), start=1):
            done = to_serial(now - timedelta(days=days))
            put_order(store, str(number), Статус="Выполнена", Мастер="Иван Петров", Цена=1000, Комиссия=300,
                      **{"Дата выполнения": done})  # fmt: skip
        put_order(
            store, "9", Статус="Выполнена", Мастер="Сергей Ким", Цена=99_999, **{"Дата выполнения": to_serial(now)}
        )
        ivan.opens(HOME)
        said = ivan.says().replace("\N{NO-BREAK SPACE}", " ")
        assert "сегодня 2 заказа 1 400 ₽" in said
        assert "99 999" not in said
        assert "<title>" in ivan.page[ivan.page.index('class="plot"') :]

    def test_the_panel_is_not_for_him(self, ivan: Person) -> None:
        assert ivan.opens("/admin/statistics").status_code == 303
        assert enters(ivan, "догадка").status_code == 422
