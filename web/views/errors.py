"""What people see when something goes wrong: what happened, and what to do now."""

from flask import Flask, Response, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, TooManyRequests
from werkzeug.wrappers import Response as AnyResponse

from record.errors import StoreError
from record.logs import get_logger
from web.views.home import sent_form_again

log = get_logger(__name__)
TEXTS = {
    400: ("Не получилось понять запрос", "Вернитесь на главную и попробуйте ещё раз."),
    403: ("Сюда нельзя", "Эта страница открыта не для всех."),
    404: ("Такой страницы нет", "Может быть, ссылка устарела или в ней опечатка."),
    405: (
        "Так эта страница не открывается",
        "Вернитесь на главную и попробуйте ещё раз.",
    ),
    413: (
        "Слишком много текста",
        "Опишите проблему короче: подробности мастер спросит по телефону.",
    ),
    414: ("Слишком длинный адрес", "Начните с главной: там есть всё, что нужно."),
    429: ("Слишком часто", "Подождите минуту и попробуйте ещё раз."),
    500: (
        "У нас что‑то сломалось",
        "Мы уже знаем и чиним. Попробуйте ещё раз или позвоните.",
    ),
    503: (
        "Сайт ненадолго прилёг",
        "Попробуйте ещё раз через минуту или позвоните: заявку примем и так.",
    ),
}
OUTDATED = (
    "Форма устарела",
    "Откройте страницу заново и отправьте форму ещё раз. Если это повторяется, разрешите сайту cookie.",
)
RESEND = (
    "Форма устарела, но всё, что вы написали, на месте: отправьте её ещё раз. "
    "Если это повторяется, разрешите сайту cookie или позвоните нам."
)
WAIT = "Слишком много заявок подряд. Подождите минуту и отправьте ещё раз: всё, что вы написали, на месте."


def register(app: Flask) -> None:
    """Answer every kind of failure in the site's design.

    An order form is shown again with all that was typed: nobody types it twice.
    """
    app.register_error_handler(CSRFError, _outdated)
    app.register_error_handler(429, _too_many)
    app.register_error_handler(StoreError, _store_away)
    app.register_error_handler(HTTPException, _failed)


def _outdated(_error: CSRFError) -> Response:
    if _is_order():
        return sent_form_again(400, RESEND)
    return _page(400, *OUTDATED)


def _too_many(_error: TooManyRequests) -> Response:
    is_order = _is_order()
    response = sent_form_again(429, WAIT) if is_order else _page(429, *TEXTS[429])
    response.headers["Retry-After"] = "60"
    return response


def _store_away(error: StoreError) -> Response:
    log.error("store_away", error=str(error))
    return _page(503, *TEXTS[503])


def _failed(error: HTTPException) -> AnyResponse:
    code = error.code or 500
    # a redirect is an HTTPException too
    if code < 400:
        return error.get_response()
    kind = 500 if code >= 500 else 400
    response = _page(code, *TEXTS.get(code, TEXTS[kind]))
    # such as Allow, or Retry-After
    for name, value in error.get_headers():
        if name not in {"Content-Type", "Content-Length"}:
            response.headers[name] = value
    return response


def _is_order() -> bool:
    return request.endpoint == "home.order"


def _page(code: int, title: str, text: str) -> Response:
    return make_response(
        render_template("error.html", code=code, title=title, text=text), code
    )
