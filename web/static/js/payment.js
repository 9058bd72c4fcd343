// Copy buttons appear only where the browser can copy.
for (const button of document.querySelectorAll("[data-copy-text]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copyText);
    button.classList.add("copied");
    button.setAttribute("aria-label", "Скопировано");
  });
}
