// Building elements. Text is always set as text, so nothing people typed becomes markup.

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== undefined && value !== null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function toast(text, kind = "") {
  const node = el("div", { class: `toast ${kind}` }, text);
  document.querySelector(".toasts").append(node);
  setTimeout(() => node.remove(), 5000);
}

/** Run something a person asked for and say so when it fails. */
export async function attempt(action) {
  try {
    return await action();
  } catch (error) {
    toast(error.message, "bad");
    return null;
  }
}

/** A dialog with fields; the answers by name, or null when it was closed. */
export function form(title, fields, submit) {
  const dialog = document.querySelector("dialog.ask");
  const inputs = fields.map(({ name, label, ...rest }) => {
    const { options, ...attributes } = rest;
    const choices = (options ?? []).map(([value, text]) => el("option", { value }, text));
    const input = options
      ? el("select", { name }, ...choices)
      : el("input", { name, autocomplete: "off", ...attributes });
    return el("label", {}, label, input);
  });
  return new Promise((resolve) => {
    const done = (answer) => {
      dialog.close();
      resolve(answer);
    };
    const body = el(
      "form",
      {
        onsubmit: (event) => {
          event.preventDefault();
          done(Object.fromEntries(new FormData(event.target)));
        },
      },
      el("h2", {}, title),
      ...inputs,
      el(
        "div",
        { class: "choices" },
        el("button", { type: "button", onclick: () => done(null) }, "Отмена"),
        el("button", { type: "submit", class: "primary" }, submit),
      ),
    );
    dialog.replaceChildren(body);
    dialog.oncancel = () => resolve(null);
    dialog.showModal();
  });
}
