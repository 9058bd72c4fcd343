// Comforts only: every page works without this file.

// A form is sent once, however often its button is pressed; coming back to the page makes it usable again.
const forms = document.querySelectorAll("form[data-once]");
for (const form of forms) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    busy(form, true);
  });
}
addEventListener("pageshow", () => {
  for (const form of forms) {
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

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(new URL(button.dataset.copy, location.href).href);
    button.querySelector("span").textContent = "Скопировали";
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
