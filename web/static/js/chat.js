// Comforts of the chat; without this file each question reloads the page.
const error = document.querySelector("[data-chat-error]");
const ask = document.querySelector("[data-ask]");

function say(text) {
  error.hidden = !text;
  error.querySelector("span").textContent = text;
}

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt === ask && event.detail.successful) ask.reset();
});
document.addEventListener("htmx:beforeOnLoad", (event) => {
  if (event.detail.xhr.status < 400) say("");
});
document.addEventListener("htmx:afterSwap", () => {
  document.querySelector("#last")?.scrollIntoView({ block: "nearest" });
});
document.addEventListener("htmx:responseError", (event) => {
  const many = event.detail.xhr.status === 429;
  say(many ? "Слишком много вопросов сразу. Подождите минуту, пожалуйста." : "Не получилось. Обновите страницу или позвоните нам.");
});
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, () => say("Нет связи. Вопрос остался в поле, попробуйте ещё раз."));
}
