"""What a client or a master said to a bot, as it is shown to whom it is for. Pure."""

from bots.delivery.scene import Scene
from bots.messages import Button, File, Message, buttons
from bots.sorts import called
from bots.wording import line, safe
from record.values.wording import phone


def client_says(scene: Scene) -> Message:
    """Return a client's words for the master of his order, with the phone to answer by."""
    head = f"💬 Клиент по заказу {scene.number}{_of_whom(scene)}"
    open_card = Button("📋 Открыть заказ", "card", order=scene.notice.order_id)
    said = _said(scene, head, scene.order.phone if scene.order else "")
    return _with_file(scene, said, (open_card,))


def client_sent(scene: Scene) -> Message:
    """Return what a client had sent before a master took his order."""
    what = called(scene.fact("sort"))
    return _with_file(scene, f"📎 Клиент прислал к заказу {scene.number}: {what}")


def client_says_to_staff(scene: Scene) -> Message:
    """Return a client's words for staff: nobody has his order, or it is over."""
    order = scene.order
    head = f"💬 Клиент пишет по заявке {scene.number}{_of_whom(scene)}"
    said = _said(scene, head, order.phone if order else "")
    return _with_file(scene, f"{said}\n\n{_why(scene)}")


def stranger_says(scene: Scene) -> Message:
    """Return for staff what somebody said who has no order here."""
    said = _said(scene, f"🙋 В боте клиентов просят человека: {scene.fact('who')}")
    contact = scene.fact("phone")
    how = f"📞 {phone(contact)}" if contact else "Телефона он не оставил."
    return _with_file(scene, f"{said}\n\n{how}")


def master_says(scene: Scene) -> Message:
    """Return for staff what a master wrote who was asked nothing."""
    head = f"👷 Мастер {scene.fact('who')} пишет"
    return _with_file(scene, _said(scene, head, scene.fact("phone")))


def _of_whom(scene: Scene) -> str:
    """Return whose order it is, in one line."""
    order = scene.order
    if order is None:
        return ""
    who = [line(order.name, 60), line(order.address or order.problem, 80)]
    return "".join(f", {one}" for one in who if one)


def _said(scene: Scene, head: str, number: str = "") -> str:
    lines = [f"{head}:"]
    facts = scene.notice.facts
    if facts.get("corrected"):
        lines.append("(исправил сообщение)")
    if facts.get("goes_on"):
        lines.append("(продолжение)")
    if what := scene.fact("what"):
        detail = scene.fact("detail")
        lines.append(f"📎 прислал {what}{': ' if detail else ''}{detail}")
    if text := str(facts.get("text") or ""):
        lines.append(f"«{safe(text, 3000)}»")
    if number:
        lines.append(f"📞 {line(phone(number))}")
    return "\n".join(lines)


def _why(scene: Scene) -> str:
    """Return why staff read it and not the master, and what to do."""
    if scene.owner is None:
        return "Мастера у заявки ещё нет: ответьте, пожалуйста, клиенту."
    if scene.order is not None and scene.order.done:
        return "Работа уже закончена, мастер этого не видел: ответьте, пожалуйста, клиенту."
    return "Мастеру сообщение сейчас не дойдёт: позвоните ему, пожалуйста."


def _with_file(scene: Scene, text: str, row: tuple[Button, ...] = ()) -> Message:
    facts = scene.notice.facts
    if not facts.get("file"):
        return Message(text, buttons(row))
    bot = str(facts.get("bot") or "client")
    file = File(
        str(facts.get("sort")), str(facts["file"]), bot, str(facts.get("name") or "")
    )
    return Message(text, buttons(row), file=file)
