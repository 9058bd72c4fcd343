"""What Google and Telegram answer, as one table: each line is asked of the stand-ins over plain HTTP.

A line is: what is asked; what the real service answers; where that is known from. "recorded" is an answer in the
cassettes of burnash/gspread, "server" the source of tdlib/telegram-bot-api, "reported" an answer in a public issue;
an address is documentation. What stands here can't be forgotten by a stand-in, and no line is about the product.
"""

# ruff: noqa: E501 - a table: one fact, one line, however long the service's own words are
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pytest
import requests

from tests.harness.system import HANG_S
from tests.sandbox.conftest import start, stop

Json = Any
BOOK = "/v4/spreadsheets/naryad-demo"
VALUES = f"{BOOK}/values"
BOT = "/bot99:TRUTH"
PERSON, BLOCKING, STRANGER, GROUP, OLD_GROUP = 5, 6, 7, -1001, -77
MARKS = {"text": "x", "callback_data": "x"}
RED = {"red": 1, "green": 0, "blue": 0.5}


class Fact(NamedTuple):
    """What is asked of a service, and the part of its answer that is known."""

    ask: str
    body: Json
    status: int
    answer: Json
    source: str
    before: tuple[tuple[str, Json], ...] = ()


def fact(
    ask: str,
    body: Json = None,
    *,
    status: int = 200,
    answer: Json,
    source: str,
    before: list[tuple[str, Json]] | None = None,
) -> Any:
    """A line of the table; `before` is asked first, whatever it answers."""
    return pytest.param(
        Fact(ask, body, status, answer, source, tuple(before or ())), id=f"{ask.split('?', maxsplit=1)[0]} {status}"
    )


def batch(*requests_: Json) -> Json:
    """The body of a batchUpdate."""
    return {"requests": list(requests_)}


def bad(message: str) -> Json:
    """Google's refusal of a request that makes no sense."""
    return {"error": {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}}


def no(code: int, description: str, **parameters: int) -> Json:
    """Telegram's refusal."""
    refusal = {"ok": False, "error_code": code, "description": description}
    return {**refusal, "parameters": parameters} if parameters else refusal


def writes(cells: str, *rows: list[Json], option: str = "RAW") -> tuple[str, Json]:
    """A request that writes values."""
    return f"PUT {VALUES}/{cells}?valueInputOption={option}", {"values": list(rows)}


def typed(text: str, value: Json, shown: str) -> list[Any]:
    """What a person types into a cell of a Russian spreadsheet, what is kept, what is shown."""
    before = [writes("A1", [text], option="USER_ENTERED")]
    source = "docs: ValueInputOption; ru_RU writes a decimal comma"
    unformatted = f"GET {VALUES}/A1?valueRenderOption=UNFORMATTED_VALUE"
    return [
        fact(unformatted, answer={"values": [[value]]}, before=before, source=source),
        fact(f"GET {VALUES}/A1", answer={"values": [[shown]]}, before=before, source=source),
    ]


AREA = {"startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 2}
ON_FIRST = {"sheetId": 0, **AREA}
SETS = "POST " + BOOK + ":batchUpdate"
GETS = "GET " + BOOK + "?fields="
CELL = "sheets.data.rowData.values"

GOOGLE = [
    # reading
    fact(f"GET {VALUES}/A1:Z2000", answer={"range": "'Лист1'!A1:Z1000", "values": None}, source="recorded: an empty range has no values, and is clipped"),
    fact(f"GET {VALUES}/A1:C9", answer={"values": [["a"], [], ["", "b"]]}, before=[writes("A1:B3", ["a", ""], ["", ""], ["", "b"])], source="recorded: empty ends are dropped"),
    fact(f"GET {VALUES}/Нет!A1", status=400, answer=bad("Unable to parse range: Нет!A1"), source="reported: gspread-formatting#49"),
    fact(f"GET {VALUES}/A1001:B", status=400, answer=bad("Range ('Лист1'!A1001:B) exceeds grid limits. Max rows: 1000, max columns: 26"), source="reported"),
    fact("GET /v4/spreadsheets/nothing", status=404, answer={"error": {"code": 404, "message": "Requested entity was not found.", "status": "NOT_FOUND"}}, source="recorded"),
    fact(f"{GETS}colour", status=400, answer={"error": {"code": 400, "message": "Request contains an invalid argument."}}, source="docs: field masks"),
    fact(f"{GETS}sheets.properties.tabColorStyle", answer={"sheets": [{"properties": {}}]}, source="recorded: parents stay, emptied"),
    # writing
    fact(f"PUT {VALUES}/A1", {"values": [["x"]]}, status=400, answer=bad("'valueInputOption' is required but not specified"), source="reported"),
    fact(*writes("A1:C3", ["a", None, None], [None, None, None], [None, None, "b"]), answer={"updatedRows": 2, "updatedColumns": 2, "updatedCells": 2, "updatedRange": "'Лист1'!A1:C3"}, source="recorded: nulls are not counted"),
    fact(*writes("A1", ["x" * 50_001]), status=400, answer=bad("Your input contains more than the maximum of 50000 characters in a single cell."), source="reported: integrately.com"),
    fact(*writes("A1:B2", ["a"], ["b"], ["c"]), status=400, answer=bad("Requested writing within range ['Лист1'!A1:B2], but tried writing to row [3]"), source="reported"),
    fact(*writes("A1", [{"a": 1}]), status=400, answer=bad("Invalid values[0][0]: struct_value {\n}\n"), source="reported"),
    fact(f"PUT {VALUES}/A1?valueInputOption=RAW", {"colour": 1}, status=400, answer={"error": {"details": [{"fieldViolations": [{"field": "data", "description": "Invalid JSON payload received. Unknown name \"colour\" at 'data': Cannot find field."}]}]}}, source="recorded: unknown fields"),
    fact(f"POST {VALUES}/A1:append?valueInputOption=RAW", {"values": [["x"]]}, answer={"tableRange": None, "updates": {"updatedRange": "'Лист1'!A1", "updatedRows": 1}}, source="recorded: no tableRange on an empty sheet"),
    fact(f"POST {VALUES}/A1:append?valueInputOption=RAW", {"values": [["3"]]}, answer={"tableRange": "'Лист1'!A1:A2", "updates": {"updatedRange": "'Лист1'!A3"}}, before=[writes("A1", ["1"], ["2"])], source="recorded"),
    *typed("2.5", 46144, "02.05"),
    *typed("2,5", 2.5, "2,5"),
    *typed("007", 7, "7"),
    *typed("'007", "007", "007"),
    *typed("10%", 0.1, "10%"),
    # structure
    fact(SETS, batch(), status=400, answer=bad("Must specify at least one request."), source="reported"),
    fact(SETS, batch({"addSheet": {"properties": {"title": "Лист1"}}}), status=400, answer=bad('Invalid requests[0].addSheet: A sheet with the name "Лист1" already exists. Please enter another name.'), source="reported"),
    fact(SETS, batch({"deleteSheet": {"sheetId": 0}}), status=400, answer=bad("Invalid requests[0].deleteSheet: You can't remove all the sheets in a document."), source="reported"),
    fact(SETS, batch({"updateSheetProperties": {"properties": {"sheetId": 0, "hidden": True}, "fields": "hidden"}}), status=400, answer=bad("Invalid requests[0].updateSheetProperties: You can't hide all the sheets in a document."), source="recorded"),
    fact(SETS, batch({"appendDimension": {"sheetId": 0, "dimension": "ROWS", "length": 10_000_000}}), status=400, answer=bad("Invalid requests[0].appendDimension: This action would increase the number of cells in the workbook above the limit of 10000000 cells."), source="support.google.com/drive/answer/37603"),
    fact(SETS, batch({"appendDimension": {"sheetId": 0, "dimension": "COLUMNS", "length": 18_278}}), status=400, answer=bad("Invalid requests[0].appendDimension: This action would increase the number of columns above the limit of 18278 columns."), source="support.google.com/drive/answer/37603"),
    fact(SETS, batch({"addSheet": {}, "deleteSheet": {}}), status=400, answer=bad("Invalid value at 'requests[0]' (oneof), oneof field 'kind' is already set. Cannot set 'deleteSheet'"), source="reported"),
    fact(f"{GETS}sheets.properties.title", answer={"sheets": [{"properties": {"title": "К"}}, {"properties": {"title": "Лист1"}}]}, before=[(SETS, batch({"duplicateSheet": {"sourceSheetId": 0, "newSheetName": "К"}}))], source="docs: insertSheetIndex, whose default is 0"),
    fact(f"GET {VALUES}/'Лист1'!Prices", answer={"range": "'Лист1'!A1:B2"}, before=[(SETS, batch({"addNamedRange": {"namedRange": {"name": "Prices", "range": ON_FIRST}}}))], source="recorded"),
    # what is left out, and colours
    fact(f"{GETS}sheets.merges", answer={"sheets": [{"merges": [AREA]}]}, before=[(SETS, batch({"mergeCells": {"range": ON_FIRST}}))], source="recorded: sheetId 0"),
    fact(f"{GETS}sheets.basicFilter", answer={"sheets": [{"basicFilter": {"range": {"startRowIndex": 0, "endRowIndex": 1000, "startColumnIndex": 0, "endColumnIndex": 26}}}]}, before=[(SETS, batch({"setBasicFilter": {"filter": {"range": {"sheetId": 0}}}}))], source="recorded: an open range is closed"),
    fact(f"{GETS}sheets.properties(tabColor,tabColorStyle)", answer={"sheets": [{"properties": {"tabColor": {"red": 1, "blue": 0.49803922}, "tabColorStyle": {"rgbColor": {"red": 1, "blue": 0.49803922}}}}]}, before=[(SETS, batch({"updateSheetProperties": {"properties": {"sheetId": 0, "tabColorStyle": {"rgbColor": RED}}, "fields": "tabColorStyle"}}))], source="recorded"),
    fact(SETS, batch({"addProtectedRange": {"protectedRange": {"range": ON_FIRST, "warningOnly": False, "editors": {"users": [], "groups": []}}}}), answer={"replies": [{"addProtectedRange": {"protectedRange": {"range": AREA, "requestingUserCanEdit": True, "editors": {}}}}]}, source="recorded"),
    # other addresses
    fact(f"GET {BOOK}/?fields=spreadsheetId", answer={"spreadsheetId": "naryad-demo"}, source="node-google-spreadsheet asks so"),
    fact("POST /v4/spreadsheets?fields=properties.title", {}, answer={"properties": {"title": "Untitled spreadsheet"}}, source="recorded"),
    fact("GET /drive/v3/files/nothing", status=404, answer={"error": {"code": 404, "errors": [{"reason": "notFound", "location": "fileId"}]}}, source="docs: drive/api/guides/handle-errors"),
    fact("GET /drive/v3/files?q=trashed=true", answer={"files": []}, source="docs: drive/api/guides/search-files"),
    fact("GET /drive/v3/files?pageSize=0", status=400, answer={"error": {"errors": [{"reason": "invalid", "location": "pageSize"}]}}, source="docs: files.list"),
]  # fmt: skip


def sent(text: str, **more: Json) -> Json:
    """The arguments of sendMessage to the person who has started the bot."""
    return {"chat_id": PERSON, "text": text, **more}


def keys(*rows: list[Json]) -> Json:
    """An inline keyboard."""
    return {"inline_keyboard": list(rows)}


SENDS = f"POST {BOT}/sendMessage"
EDITS = f"POST {BOT}/editMessageText"
NOT_MODIFIED = "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message"
RESERVED = "can't parse entities: Character '.' is reserved and must be escaped with the preceding '\\'"
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"

TELEGRAM = [
    # who is asked
    fact("POST /botnothing/getMe", status=404, answer=no(404, "Not Found"), source="server: ClientManager.cpp"),
    fact(f"POST {BOT}/nothing", status=404, answer=no(404, "Not Found: method not found"), source="server"),
    fact(f"GET {BOT}/GETME", answer={"ok": True, "result": {"id": 99, "is_bot": True}}, source="core.telegram.org/bots/api#making-requests"),
    # texts
    fact(SENDS, sent(""), status=400, answer=no(400, "Bad Request: message text is empty"), source="server"),
    fact(SENDS, sent("ж" * 4096), answer={"ok": True, "result": {"text": "ж" * 4096}}, source="docs: sendMessage"),
    fact(SENDS, sent("ж" * 4097), status=400, answer=no(400, "Bad Request: message is too long"), source="tdlib/telegram-bot-api#353"),
    fact(SENDS, sent(f"<b>{'ж' * 4096}</b>", parse_mode="HTML"), answer={"ok": True}, source="docs: after entities parsing"),
    fact(SENDS, sent("a < b", parse_mode="HTML"), status=400, answer=no(400, 'Bad Request: can\'t parse entities: Unsupported start tag "" at byte offset 2'), source="server: td MessageEntity.cpp"),
    fact(SENDS, sent("2.5", parse_mode="MarkdownV2"), status=400, answer=no(400, f"Bad Request: {RESERVED}"), source="server: td MessageEntity.cpp"),
    fact(SENDS, sent("*ж*", parse_mode="MarkdownV2"), answer={"result": {"text": "ж", "entities": [{"type": "bold", "offset": 0, "length": 1}]}}, source="docs: markdownv2-style"),
    fact(SENDS, sent("🔔 <b>ж</b>", parse_mode="HTML"), answer={"result": {"entities": [{"type": "bold", "offset": 3, "length": 1}]}}, source="docs: offsets in UTF-16"),
    fact(SENDS, sent("x", entities=[{"type": "bold", "offset": 0, "length": 9}]), status=400, answer=no(400, "Bad Request: entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 9"), source="server: td MessageEntity.cpp"),
    fact(SENDS, sent("x", parse_mode="BBCode"), status=400, answer=no(400, "Bad Request: unsupported parse_mode"), source="server"),
    fact(SENDS, sent("http://e.com", link_preview_options={"is_disabled": True}), answer={"result": {"link_preview_options": {"is_disabled": True}}}, source="server: JsonLinkPreviewOptions"),
    # keyboards
    fact(SENDS, sent("x", reply_markup=keys([{"text": "x", "callback_data": "ж" * 32}])), answer={"ok": True}, source="docs: 1-64 bytes"),
    fact(SENDS, sent("x", reply_markup=keys([{"text": "x", "callback_data": "ж" * 33}])), status=400, answer=no(400, "Bad Request: BUTTON_DATA_INVALID"), source="reported: Telegram.Bot#470"),
    fact(SENDS, sent("x", reply_markup=keys([{"text": "x"}])), status=400, answer=no(400, "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"), source="server"),
    fact(SENDS, sent("x", reply_markup=keys(*[[MARKS]] * 101)), status=400, answer=no(400, "Bad Request: reply markup is too long"), source="reported: pyTelegramBotAPI#511"),
    fact(SENDS, sent("x", reply_markup=keys([MARKS] * 9)), answer={"result": {"reply_markup": keys([MARKS] * 8)}}, source="reported: tginfo/Telegram-Limits#228"),
    # whom a bot may write to
    fact(SENDS, {"text": "x"}, status=400, answer=no(400, "Bad Request: chat_id is empty"), source="server"),
    fact(SENDS, {"text": "x", "chat_id": 12345}, status=400, answer=no(400, "Bad Request: chat not found"), source="server"),
    fact(SENDS, {"text": "x", "chat_id": BLOCKING}, status=403, answer=no(403, "Forbidden: bot was blocked by the user"), source="server"),
    fact(SENDS, {"text": "x", "chat_id": STRANGER}, status=403, answer=no(403, "Forbidden: bot can't initiate conversation with a user"), source="reported"),
    fact(SENDS, {"text": "x", "chat_id": OLD_GROUP}, status=400, answer=no(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=GROUP), source="server"),
    # changing what was sent
    fact(EDITS, sent("x", message_id=7777), status=400, answer=no(400, "Bad Request: message to edit not found"), source="server"),
    fact(EDITS, sent("то же", message_id="last"), status=400, answer=no(400, f"Bad Request: {NOT_MODIFIED}"), before=[(SENDS, sent("то же"))], source="server"),
    fact(EDITS, sent("ж" * 4097, message_id="last"), status=400, answer=no(400, "Bad Request: MESSAGE_TOO_LONG"), before=[(SENDS, sent("x"))], source="reported: carnivore#3"),
    fact(EDITS, sent("y", message_id="last"), answer={"result": {"text": "y", "reply_markup": None}}, before=[(SENDS, sent("x", reply_markup=keys([MARKS])))], source="docs: an edit without reply_markup takes it away"),
    fact(f"POST {BOT}/deleteMessage", {"chat_id": PERSON, "message_id": 7777}, status=400, answer=no(400, "Bad Request: message to delete not found"), source="server"),
    fact(f"POST {BOT}/answerCallbackQuery", {"callback_query_id": "1"}, status=400, answer=no(400, f"Bad Request: {TOO_OLD}"), source="server"),
    fact(f"POST {BOT}/sendPhoto", {"chat_id": PERSON, "photo": "x", "caption": "ж" * 1025}, status=400, answer=no(400, "Bad Request: message caption is too long"), source="100eyes#1594"),
    fact(f"POST {BOT}/sendMediaGroup", {"chat_id": PERSON, "media": [{"type": "photo", "media": "x"}]}, status=400, answer=no(400, "Bad Request: media group must have 2-10 items"), source="docs: sendMediaGroup"),
    # receiving
    fact(f"POST {BOT}/getUpdates", {"timeout": 0}, status=409, answer=no(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"), before=[(f"POST {BOT}/setWebhook", {"url": "https://127.0.0.1:1/hook"})], source="server"),
    fact(f"POST {BOT}/setWebhook", {"url": "http://example.com/hook"}, status=400, answer=no(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"), source="server: WebhookActor.cpp"),
    fact(f"POST {BOT}/setWebhook", {"url": "https://example.com:1234/hook"}, status=400, answer=no(400, "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"), source="server: WebhookActor.cpp"),
    fact(f"POST {BOT}/setWebhook", {"url": "https://127.0.0.1/hook", "secret_token": "ж"}, status=400, answer=no(400, "Bad Request: secret token contains unallowed characters"), source="server"),
    fact(f"POST {BOT}/setWebhook", {"url": ""}, answer={"ok": True, "result": True, "description": "Webhook is already deleted"}, source="server"),
    fact(f"POST {BOT}/getFile", {"file_id": "nothing"}, status=400, answer=no(400, "Bad Request: invalid file_id"), source="reported"),
    fact(f"POST {BOT}/setMyCommands", {"commands": [{"command": "Старт", "description": "x"}]}, status=400, answer=no(400, "Bad Request: BOT_COMMAND_INVALID"), source="docs: BotCommand"),
]  # fmt: skip


class Services:
    """The two stand-ins behind one address."""

    def __init__(self, url: str) -> None:
        """Talk to them by plain HTTP, as somebody whom nobody has refused."""
        self._url = url
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["Authorization"] = "Bearer anybody"
        self._last = 0

    def ask(self, ask: str, body: Json = None) -> requests.Response:
        """One request, `VERB /path`; "last" stands for the message sent last."""
        verb, path = ask.split(" ", 1)
        if isinstance(body, Mapping) and body.get("message_id") == "last":
            body = {**body, "message_id": self._last}
        answer = self._session.request(verb, self._url + path, json=body, timeout=HANG_S)
        if path.endswith("/sendMessage") and answer.ok:
            self._last = answer.json()["result"]["message_id"]
        return answer

    def anew(self) -> None:
        """Empty, but for the people whom the table speaks of."""
        self.ask("POST /sandbox/reset", {})
        for number in (PERSON, BLOCKING, STRANGER):
            self._control("people", id=number, first_name="Юля")
        for number in (PERSON, BLOCKING):
            self._control("say", bot="99:TRUTH", person=number, text="/start")
        self._control("block", bot="99:TRUTH", person=BLOCKING, blocked=True)
        self._control("groups", id=GROUP, title="Новая")
        self._control("groups", id=OLD_GROUP, title="Старая", migrated_to=GROUP)

    def _control(self, name: str, **body: Json) -> None:
        answer = self.ask(f"POST /sandbox/telegram/{name}", body)
        assert answer.ok, answer.text

    def close(self) -> None:
        """Hang up."""
        self._session.close()


@pytest.fixture(scope="module")
def services() -> Iterator[Services]:
    """One process for the whole table."""
    process, url = start("--port", "0")
    services = Services(url)
    yield services
    services.close()
    stop(process)


@pytest.mark.parametrize("line", GOOGLE + TELEGRAM)
def test_the_stand_ins_answer_as_the_real_services_do(services: Services, line: Fact) -> None:
    services.anew()
    for ask, body in line.before:
        services.ask(ask, body)
    answer = services.ask(line.ask, line.body)
    assert answer.status_code == line.status, f"{answer.text}\nknown from {line.source}"
    found = answer.json()
    assert known(found, line.answer) == line.answer, f"{found}\nknown from {line.source}"


def known(found: Json, wanted: Json) -> Json:
    """The part of an answer that the table speaks of; None where it is to have nothing."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        if not wanted:
            return found
        return {name: known(found.get(name), part) for name, part in wanted.items()}
    if isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        return [known(one, part) for one, part in zip(found, wanted, strict=True)]
    return found
