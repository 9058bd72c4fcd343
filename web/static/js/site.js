// Comforts only: every page works without this file.

// A form is sent once, however often its button is pressed; coming back to the page makes it usable again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]")) return;
  const lost = form.querySelector("[data-form-offline]");
  if (lost) lost.hidden = navigator.onLine;
  // sent without a network, the form would give way to the browser's own page
  if (form.dataset.sent || (lost && !navigator.onLine)) return event.preventDefault();
  form.dataset.sent = "yes";
  const token = form.elements.form_token;
  if (token) sessionStorage.setItem("sent", token.value);
  busy(form, true);
});
addEventListener("pageshow", (event) => {
  // who comes back to a form that was sent sends the same form again, though the page may have been fetched anew
  const [how] = performance.getEntriesByType("navigation");
  const token = document.querySelector("input[name=form_token]"), sent = sessionStorage.getItem("sent");
  if (token && sent && !event.persisted && how?.type === "back_forward") token.value = sent;
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    busy(form, false);
  }
});

function busy(form, on) {
  const button = form.querySelector("button[data-busy]");
  const label = button.querySelector("span");
  button.dataset.idle ||= label.textContent;
  button.setAttribute("aria-disabled", String(on));
  label.textContent = on ? button.dataset.busy : button.dataset.idle;
}

// Copy buttons appear only where the browser can copy; of a link, the whole address is copied.
for (const button of document.querySelectorAll("[data-copy], [data-copy-link]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const { copy, copyLink } = button.dataset;
    await navigator.clipboard.writeText(copy ?? new URL(copyLink, location.href).href);
    const label = button.querySelector("span");
    if (label) label.textContent = "Скопировали";
    else button.setAttribute("aria-label", "Скопировали");
    button.classList.add("copied");
  });
}

// Quantities are stepped with buttons where there is a script to do it.
for (const stepper of document.querySelectorAll("[data-stepper]")) {
  const input = stepper.querySelector("input");
  for (const button of stepper.querySelectorAll("[data-step]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const stepped = Math.min(Math.max(Number(input.value) + Number(button.dataset.step), 0), Number(input.max));
      input.value = stepped || "";
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}

// A row of chips that scrolls shows the chosen one.
function chosenInSight() {
  const row = document.querySelector(".chips.scroll"), chosen = row?.querySelector("[aria-current]");
  if (chosen) row.scrollLeft = chosen.offsetLeft - (row.clientWidth - chosen.offsetWidth) / 2;
}
chosenInSight();

// What a live part has become is read aloud.
document.addEventListener("htmx:afterSwap", () => {
  chosenInSight();
  const said = document.querySelector("[data-say]"), news = document.querySelector("[data-news]");
  if (said && news) news.textContent = said.dataset.say || said.textContent;
});

// A tracking page says when it cannot reach us, and ends when the order is gone.
const offline = document.querySelector("[data-offline]");
if (offline) {
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status === 404) location.reload();
  });
  const lost = (is) => () => { offline.hidden = !is; };
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) document.addEventListener(name, lost(true));
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.xhr.status < 400) offline.hidden = true;
  });
}
