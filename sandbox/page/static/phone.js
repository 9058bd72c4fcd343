// One phone: the chat of one person with one bot, or a group.

import { act, ask } from "./api.js";
import { attempt, el, toast } from "./dom.js";
import { bubble } from "./message.js";

const SHOWN = 200;
const ANSWER_WAIT_MS = 15000;

export class Phone {
  constructor(chat) {
    this.chat = chat;
    this.waiting = new Map();
    this.before = "";
    this.list = el("ol", { class: "messages" });
    // a chat that showed its end keeps showing it when the keyboard grows or the phone appears
    this.atEnd = true;
    this.list.addEventListener("scroll", () => {
      const { scrollHeight, scrollTop, clientHeight } = this.list;
      if (clientHeight === this.height) this.atEnd = scrollHeight - scrollTop - clientHeight < 60;
    });
    new ResizeObserver(() => {
      this.height = this.list.clientHeight;
      this.toEnd();
    }).observe(this.list);
    this.keyboard = el("div", { class: "keyboard" });
    this.input = el("textarea", {
      rows: 1,
      placeholder: "Сообщение",
      "aria-label": `Сообщение от ${chat.name}`,
      onkeydown: (event) => this.onKey(event),
    });
    this.file = el("input", { type: "file", accept: "image/*", hidden: true, onchange: () => this.sendPhoto() });
    this.menu = el("div", { class: "menu", hidden: true });
    this.foot = el("div", { class: "foot" });
    this.bar = el("span", { class: "bot" });
    this.element = el(
      "article",
      { class: "phone", "data-chat": chat.key, "aria-label": `${chat.name}: ${chat.title}` },
      el(
        "header",
        {},
        el("span", { class: "avatar", style: `--hue:${chat.hue}` }, chat.initial),
        el("div", {}, el("b", {}, chat.name), this.bar),
        el("button", { type: "button", class: "more", "aria-label": "Меню", onclick: () => this.toggle() }, "⋮"),
      ),
      this.menu,
      this.list,
      this.foot,
    );
  }

  /** Show the conversation as it is now. */
  async refresh(chat) {
    this.chat = chat;
    this.bar.textContent = chat.role ? `${chat.role} · ${chat.title}` : chat.title;
    const messages = await ask("chat", { bot: chat.bot, person: chat.id, last: SHOWN });
    if (this.waiting.size) await this.hearAnswers();
    const now = JSON.stringify([messages, chat, [...this.waiting.keys()]]);
    if (now === this.before) return;
    this.before = now;
    this.showMessages(messages);
    this.showFoot(messages);
  }

  showMessages(messages) {
    const labels = new Set([...this.waiting.values()].map((press) => press.button));
    const options = { press: (message, label) => this.press(message, label), waiting: labels, group: this.chat.group };
    const alive = messages.filter((message) => !message.deleted);
    const bubbles = alive.map((message) => bubble(message, options));
    const hint = el("li", { class: "hint" }, this.chat.group ? "В группе пока тихо" : "Здесь пока нет сообщений");
    this.list.replaceChildren(...(bubbles.length ? bubbles : [hint]));
    this.toEnd();
  }

  toEnd() {
    if (this.atEnd) this.list.scrollTop = this.list.scrollHeight;
  }

  showFoot(messages) {
    this.menu.hidden = true;
    if (this.chat.blocked) {
      this.foot.replaceChildren(this.wide("Разблокировать и запустить", () => this.unblock()));
    } else if (!this.chat.spoken && !this.chat.group) {
      this.foot.replaceChildren(this.wide("СТАРТ", () => this.say("/start")));
    } else {
      this.showKeyboard(messages);
      this.foot.replaceChildren(this.composer(), this.keyboard);
    }
  }

  composer() {
    if (!this.entry) {
      const attach = el(
        "button",
        { type: "button", class: "icon", "aria-label": "Прикрепить", onclick: () => this.toggle() },
        "📎",
      );
      const send = el(
        "button",
        { type: "button", class: "icon send", "aria-label": "Отправить", onclick: () => this.submit() },
        "➤",
      );
      this.entry = el("div", { class: "composer" }, attach, this.input, send, this.file);
    }
    return this.entry;
  }

  wide(text, onclick) {
    return el("button", { type: "button", class: "wide", onclick }, text);
  }

  /** The keyboard that came last is the one on the screen. */
  showKeyboard(messages) {
    const last = messages.findLast((message) => message.keyboard.length || message.keyboard_removed);
    const rows = last?.keyboard ?? [];
    this.keyboard.replaceChildren(
      ...rows.map((row) =>
        el(
          "div",
          {},
          ...row.map((label) =>
            el("button", { type: "button", onclick: () => this.press(last, label) }, label),
          ),
        ),
      ),
    );
  }

  toggle() {
    this.menu.hidden = !this.menu.hidden;
    if (this.menu.hidden) return;
    const item = (text, onclick) =>
      el(
        "button",
        {
          type: "button",
          onclick: () => {
            this.menu.hidden = true;
            onclick();
          },
        },
        text,
      );
    const commands = this.chat.commands.map(({ command, description }) =>
      item(`/${command} — ${description}`, () => this.say(`/${command}`)),
    );
    const start = this.chat.commands.some(({ command }) => command === "start");
    const items = [...(start ? [] : [item("/start", () => this.say("/start"))]), ...commands];
    items.push(item("Поделиться контактом", () => this.send({ contact: true })));
    items.push(item("Отправить фото…", () => this.file.click()));
    if (!this.chat.group) items.push(item("Заблокировать бота", () => this.block()));
    this.menu.replaceChildren(...items);
  }

  onKey(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.submit();
    }
  }

  async submit() {
    const text = this.input.value.trim();
    if (!text) return;
    if (await this.say(text)) this.input.value = "";
  }

  say(text) {
    return this.send({ text });
  }

  send(what) {
    this.atEnd = true;
    const group = this.chat.group ? { chat: this.chat.id } : {};
    return attempt(() => act("say", { bot: this.chat.bot, person: this.chat.person, ...group, ...what }));
  }

  async sendPhoto() {
    const [photo] = this.file.files;
    this.file.value = "";
    if (!photo) return;
    const reader = new FileReader();
    reader.onload = () => this.send({ photo: reader.result, text: this.input.value.trim() });
    reader.readAsDataURL(photo);
  }

  async press(message, label) {
    const group = this.chat.group ? { chat: this.chat.id } : {};
    const answer = await attempt(() =>
      act("press", {
        bot: this.chat.bot,
        person: this.chat.person,
        message_id: message.message_id,
        text: label,
        ...group,
      }),
    );
    if (answer?.url) window.open(answer.url, "_blank", "noopener");
    if (answer?.callback_query_id) {
      const button = `${message.message_id}:${label}`;
      this.waiting.set(answer.callback_query_id, { button, until: Date.now() + ANSWER_WAIT_MS });
    }
  }

  /** Notices the bot answered to presses: a strip over the chat, or a window when it is an alert. */
  async hearAnswers() {
    const answers = await ask("answers", { bot: this.chat.bot, person: this.chat.id });
    for (const answer of answers) {
      if (!answer.answered || !this.waiting.delete(answer.callback_query_id)) continue;
      if (answer.alert && answer.text) this.alert(answer.text);
      else if (answer.text) this.notice(answer.text);
    }
    for (const [id, press] of this.waiting) {
      if (Date.now() > press.until) this.waiting.delete(id);
    }
  }

  notice(text) {
    const node = el("div", { class: "notice", role: "status" }, text);
    this.element.append(node);
    setTimeout(() => node.remove(), 4000);
  }

  alert(text) {
    const node = el("div", { class: "alert", role: "alertdialog" });
    const close = el("button", { type: "button", onclick: () => node.remove() }, "OK");
    node.append(el("div", {}, el("p", {}, text), close));
    this.element.append(node);
    close.focus();
  }

  block() {
    const { bot, person } = this.chat;
    return attempt(() => act("block", { bot, person, blocked: true }));
  }

  async unblock() {
    const { bot, person } = this.chat;
    const done = await attempt(() => act("block", { bot, person, blocked: false }));
    if (done) await this.say("/start");
    if (done) toast("Бот снова может писать");
  }
}
