// Who talks with whom: the strip of conversations and the phones that are open.

import { act, ask } from "./api.js";
import { attempt, el, form, toast } from "./dom.js";
import { Phone } from "./phone.js";

const PHONE_WIDTH = 262;
const EXAMPLE = [
  { id: 501, first_name: "Юля", phone: "+79001234567", role: "клиент", of: "client" },
  { id: 601, first_name: "Иван", last_name: "Петров", phone: "+79110000601", role: "мастер", of: "master" },
  { id: 602, first_name: "Сергей", last_name: "Ким", phone: "+79110000602", role: "мастер", of: "master" },
  { id: 900, first_name: "Ольга", phone: "+74012000000", role: "диспетчер", of: "master" },
];

export class Chats {
  constructor() {
    this.phones = new Map();
    this.open = JSON.parse(localStorage.getItem("open-chats") ?? "[]");
    this.seen = new Map();
    this.known = null;
    this.all = [];
    new ResizeObserver(() => this.known && this.layout()).observe(document.querySelector(".phones"));
  }

  /** Ask who there is and what was said in the open chats. */
  async refresh() {
    this.known = await ask("conversations", {});
    this.all = conversations(this.known);
    this.layout();
    const shown = this.shown();
    await Promise.all(shown.map((chat) => this.phone(chat).refresh(chat)));
    for (const chat of shown) this.seen.set(chat.key, chat.last);
    this.showStrip();
  }

  get unheard() {
    return [...this.phones.values()].some((phone) => phone.waiting.size > 0);
  }

  get slots() {
    return Math.max(1, Math.floor(document.querySelector(".phones").clientWidth / PHONE_WIDTH));
  }

  /** The open chats that fit; free places go to the first ones not open yet. */
  shown() {
    const byKey = new Map(this.all.map((chat) => [chat.key, chat]));
    const chosen = this.open.filter((key) => byKey.has(key));
    const rest = this.all.map((chat) => chat.key).filter((key) => !chosen.includes(key));
    const keys = new Set([...chosen, ...rest].slice(0, this.slots));
    return this.all.filter((chat) => keys.has(chat.key));
  }

  phone(chat) {
    if (!this.phones.has(chat.key)) this.phones.set(chat.key, new Phone(chat));
    return this.phones.get(chat.key);
  }

  layout() {
    const box = document.querySelector(".phones");
    const wanted = this.shown().map((chat) => this.phone(chat).element);
    const same = wanted.length === box.children.length && wanted.every((node, i) => node === box.children[i]);
    if (!same) box.replaceChildren(...wanted);
    const empty = document.querySelector("#chats-empty");
    empty.hidden = this.all.length > 0;
    box.hidden = this.all.length === 0;
    if (!this.all.length && empty.dataset.bots !== String(this.known.bots.length)) {
      empty.dataset.bots = String(this.known.bots.length);
      empty.replaceChildren(...this.emptiness());
    }
    this.showStrip();
  }

  emptiness() {
    if (!this.known.bots.length) {
      return [
        el("b", {}, "Боты ещё не запущены"),
        el("p", {}, "Как только бот обратится к песочнице, здесь можно будет с ним поговорить."),
        el("code", {}, "make run"),
      ];
    }
    return [
      el("b", {}, "Пока никого нет"),
      el("p", {}, "Позовите клиента, двух мастеров и диспетчера: у каждого будет свой телефон."),
      el("button", { type: "button", class: "primary", onclick: () => attempt(() => this.invite()) }, "Позвать людей"),
    ];
  }

  showStrip() {
    const shown = new Set(this.shown().map((chat) => chat.key));
    const chips = this.all.map((chat) => this.chip(chat, shown.has(chat.key)));
    const add = el(
      "button",
      { type: "button", class: "add", title: "Новый человек или чат", "aria-label": "Новый чат", onclick: () => this.add() },
      "+",
    );
    const unread = this.all.filter((chat) => this.unread(chat) && !shown.has(chat.key)).length;
    const state = JSON.stringify([this.all, [...shown], [...this.seen]]);
    if (state !== this.strip) {
      this.strip = state;
      const people = document.querySelector(".people");
      people.querySelector(".list").replaceChildren(...chips);
      people.querySelector(".add")?.remove();
      if (this.all.length) people.append(add);
    }
    const badge = document.querySelector(".views .badge");
    badge.hidden = unread === 0;
    badge.textContent = unread;
  }

  unread(chat) {
    return chat.last > (this.seen.get(chat.key) ?? 0);
  }

  chip(chat, open) {
    return el(
      "button",
      {
        type: "button",
        role: "tab",
        "aria-selected": String(open),
        title: `${chat.name} — ${chat.title}`,
        onclick: () => this.choose(chat.key),
      },
      el("span", { class: "avatar", style: `--hue:${chat.hue}` }, chat.initial),
      el("span", { class: "who" }, el("b", {}, chat.short), chat.role || chat.title),
      this.unread(chat) && !open ? el("i", { class: "badge" }, "●") : null,
    );
  }

  choose(key) {
    this.open = [key, ...this.open.filter((other) => other !== key)].slice(0, 8);
    localStorage.setItem("open-chats", JSON.stringify(this.open));
    attempt(() => this.refresh());
  }

  /** A client, two masters and a dispatcher, each with the bot that looks like theirs. */
  async invite() {
    const master = this.known.bots.find(isMasters) ?? this.known.bots.at(-1);
    const client = this.known.bots.find((bot) => bot !== master) ?? master;
    for (const { of, ...person } of EXAMPLE) {
      await act("people", { ...person, bot: (of === "client" ? client : master).token });
    }
    await this.refresh();
  }

  async add() {
    const people = this.known.people.map((person) => [String(person.id), fullName(person)]);
    const bots = this.known.bots.map((bot) => [bot.token, bot.first_name]);
    const answer = await form(
      "Новый чат",
      [
        { name: "person", label: "Человек", options: [["", "Новый человек"], ...people] },
        { name: "first_name", label: "Имя, если новый", placeholder: "Анна" },
        { name: "phone", label: "Телефон", placeholder: "+79001112233", inputmode: "tel" },
        { name: "bot", label: "Бот", options: bots },
      ],
      "Открыть чат",
    );
    if (!answer) return;
    if (!answer.person && !answer.first_name.trim()) {
      toast("У нового человека должно быть имя", "bad");
      return;
    }
    const id = answer.person ? Number(answer.person) : nextId(this.known.people);
    const person = answer.person ? { id } : { id, first_name: answer.first_name.trim(), phone: answer.phone.trim() };
    const done = await attempt(() => act("people", { ...person, bot: answer.bot }));
    if (done) this.choose(`${answer.bot}|${id}`);
  }
}

const isMasters = (bot) =>
  /master|мастер/i.test([bot.first_name, ...Object.values(bot.commands).flat().map((c) => c.description)].join(" "));

const fullName = (person) => [person.first_name, person.last_name].filter(Boolean).join(" ");

const nextId = (people) => Math.max(5000, ...people.map((person) => person.id)) + 1;

const hue = (id) => (Math.abs(id) * 47) % 360;

function conversations(known) {
  const people = new Map(known.people.map((person) => [person.id, person]));
  const bots = new Map(known.bots.map((bot) => [bot.token, bot]));
  const chats = known.chats
    .filter((chat) => people.has(chat.person) && bots.has(chat.bot))
    .map((chat) => {
      const person = people.get(chat.person);
      const bot = bots.get(chat.bot);
      return {
        key: `${chat.bot}|${chat.person}`,
        bot: chat.bot,
        id: chat.person,
        person: chat.person,
        name: fullName(person),
        short: person.last_name ? `${person.first_name} ${person.last_name[0]}.` : person.first_name,
        initial: person.first_name.slice(0, 1),
        role: person.role,
        title: bot.first_name,
        commands: bot.commands["default/"] ?? [],
        hue: hue(chat.person),
        spoken: chat.spoken,
        blocked: chat.blocked,
        last: chat.last_message,
      };
    });
  return [...chats, ...groups(known)];
}

/** In a group a dispatcher speaks, or else whoever there is. */
function groups(known) {
  const speaker = known.people.find((person) => /диспетчер|админ/i.test(person.role)) ?? known.people[0];
  if (!speaker || !known.bots.length) return [];
  return known.groups.map((group) => ({
    key: `group|${group.id}`,
    bot: known.bots[0].token,
    id: group.id,
    person: speaker.id,
    name: group.title,
    short: group.title,
    initial: "👥",
    role: "",
    title: `группа, пишет ${speaker.first_name}`,
    commands: [],
    hue: hue(group.id),
    spoken: true,
    blocked: false,
    last: group.last_message,
    group: true,
  }));
}
