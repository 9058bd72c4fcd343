// Comforts of the signed-in pages; every form works without this file.

// News must not take away what somebody is writing, or a form that he has opened.
document.addEventListener("htmx:beforeSwap", (event) => {
  const target = event.detail.target;
  if (!target.matches("[data-keeps-typing]")) return;
  const writing = target.querySelector("details[open]") || target.contains(document.activeElement);
  if (writing) event.detail.shouldSwap = false;
});

// The focus stays on the button or link with the same name when a part is shown anew.
let focused = "";
document.addEventListener("htmx:beforeSwap", () => {
  focused = document.activeElement?.getAttribute("href") ?? "";
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (!focused || document.activeElement !== document.body) return;
  const again = [...event.detail.elt.querySelectorAll("a[href]")].find((one) => one.getAttribute("href") === focused);
  again?.focus({ preventScroll: true });
});
