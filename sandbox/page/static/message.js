// One message as a bubble.

import { el } from "./dom.js";

const TAGS = {
  bold: "b",
  italic: "i",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};
const SAFE_LINK = /^(https?|tg|mailto|tel):/i;

const time = (date) =>
  new Date(date * 1000).toLocaleTimeString("ru-RU", { hour: "2-digit", minute: "2-digit" });

/** Text with its entities; offsets are UTF-16 units, as JavaScript counts too. */
export function styled(text, entities) {
  return build(text, 0, text.length, entities);
}

function build(text, start, end, entities) {
  const nodes = [];
  let at = start;
  let index = 0;
  while (index < entities.length) {
    const entity = entities[index];
    const to = Math.min(entity.offset + entity.length, end);
    const inside = [];
    index += 1;
    while (index < entities.length && entities[index].offset < to) inside.push(entities[index++]);
    if (entity.offset < at) continue;
    if (entity.offset > at) nodes.push(text.slice(at, entity.offset));
    nodes.push(wrap(entity, build(text, entity.offset, to, inside), text.slice(entity.offset, to)));
    at = to;
  }
  if (at < end) nodes.push(text.slice(at, end));
  return nodes;
}

function wrap(entity, children, covered) {
  const link = linkOf(entity, covered);
  if (link) return el("a", { href: link, target: "_blank", rel: "noopener" }, ...children);
  if (entity.type === "spoiler") {
    return el("span", { class: "spoiler", onclick: (event) => event.currentTarget.classList.add("open") }, ...children);
  }
  if (["bot_command", "mention", "hashtag", "phone_number", "text_mention"].includes(entity.type)) {
    return el("span", { class: "tint" }, ...children);
  }
  return el(TAGS[entity.type] ?? "span", {}, ...children);
}

function linkOf(entity, covered) {
  if (entity.type === "text_link" && SAFE_LINK.test(entity.url)) return entity.url;
  if (entity.type === "url") return SAFE_LINK.test(covered) ? covered : `http://${covered}`;
  if (entity.type === "email") return `mailto:${covered}`;
  return null;
}

/** The bubble with the buttons under it; `press` is called with a button's label. */
export function bubble(message, { press, waiting, group }) {
  const own = message.from === "person";
  const marks = el(
    "small",
    {},
    message.silent ? el("span", { title: "Пришло без звука" }, "🔕 ") : null,
    message.edited ? "изменено " : null,
    time(message.date),
  );
  const author = group ? el("em", { class: "author" }, message.sender.first_name) : null;
  const body = el("div", { class: "body" }, author, ...content(message), marks);
  return el(
    "li",
    { class: own ? "own" : "theirs", "data-message": message.message_id },
    body,
    message.buttons.length ? buttons(message, press, waiting) : null,
  );
}

const OTHERS = {
  voice: "🎤 Голосовое сообщение",
  video_note: "🎥 Видеосообщение",
  video: "🎬 Видео",
  animation: "🎞 Анимация",
  audio: "🎵 Аудио",
  sticker: "🙂 Стикер",
  poll: "📊 Опрос",
  new_chat_members: "Новый участник",
  left_chat_member: "Участник вышел",
  pinned_message: "📌 Закреплено сообщение",
};

function content(message) {
  const text = message.text ? el("p", {}, ...styled(message.text, message.entities)) : null;
  if (message.photo) return [el("img", { src: message.photo, alt: "Фотография" }), text];
  if (message.contact) {
    const name = [message.contact.first_name, message.contact.last_name].filter(Boolean).join(" ");
    return [el("p", { class: "card" }, el("b", {}, `👤 ${name}`), message.contact.phone_number)];
  }
  if (message.location) {
    const { latitude, longitude } = message.location;
    return [el("p", { class: "card" }, el("b", {}, "📍 Место на карте"), `${latitude}, ${longitude}`)];
  }
  if (message.document) return [el("p", { class: "card" }, el("b", {}, "📄 Файл"), message.document.file_name), text];
  const other = Object.keys(OTHERS).find((name) => message[name]);
  return other ? [el("p", { class: "card" }, el("b", {}, OTHERS[other])), text] : [text];
}

function buttons(message, press, waiting) {
  const rows = message.buttons.map((row) =>
    el(
      "div",
      {},
      ...row.map((button) =>
        el(
          "button",
          {
            type: "button",
            class: waiting.has(`${message.message_id}:${button.text}`) ? "waiting" : "",
            onclick: () => press(message, button.text),
          },
          button.text,
          button.url ? el("i", {}, "↗") : null,
        ),
      ),
    ),
  );
  return el("div", { class: "inline" }, ...rows);
}
