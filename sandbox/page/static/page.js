// Puts grid, chats and the first steps together and keeps them live.

import { changes, Spreadsheet } from "./api.js";
import { Chats } from "./chats.js";
import { toast } from "./dom.js";
import { Grid } from "./grid.js";

const LOOK_EVERY_MS = 700;
const TAKEN = ["В работе", "Выполнена"];

const spreadsheet = document.body.dataset.spreadsheet;
let shownStep = null;
const done = new Set(JSON.parse(localStorage.getItem("steps") ?? "[]"));

function finish(step) {
  done.add(step);
  localStorage.setItem("steps", JSON.stringify([...done]));
  showSteps();
}

function showSteps() {
  for (const item of document.querySelectorAll(".steps li")) {
    item.classList.toggle("done", done.has(item.dataset.step));
  }
  const next = document.querySelector(".steps li:not(.done)");
  for (const item of document.querySelectorAll(".steps li")) item.classList.toggle("next", item === next);
  if (next && next !== shownStep) next.parentElement.scrollLeft = next.offsetLeft - 40;
  shownStep = next;
}

/** Orders that were there when this browser first looked, by ID, with their status: what comes later counts. */
function baseline(orders) {
  const known = JSON.parse(localStorage.getItem("baseline") ?? "null");
  const isStale = known && Object.keys(known).length > 0 && !orders.some(({ id }) => id in known);
  if (known && !isStale) return known;
  done.clear();
  const now = Object.fromEntries(orders.map(({ id, status }) => [id, status]));
  localStorage.setItem("baseline", JSON.stringify(now));
  return now;
}

let statuses = null;

/** Say what became of an order, as its row may be out of sight. */
function tell(orders) {
  const now = new Map(orders.filter(({ id }) => id).map(({ id, status }) => [id, status]));
  for (const [id, status] of statuses ? now : []) {
    if (status && status !== statuses.get(id)) toast(`Заявка ${id}: ${status}`);
  }
  statuses = now;
}

/** The steps tick themselves off from what became of the orders. */
function onOrders(values) {
  const [headers = [], ...rows] = values;
  if (!headers.length) return;
  const [id, status] = [headers.indexOf("ID"), headers.indexOf("Статус")];
  const orders = rows
    .filter((row) => row.some((cell) => cell !== ""))
    .map((row) => ({ id: row[id] ?? "", status: row[status] ?? "" }));
  tell(orders);
  const before = baseline(orders);
  const became = (statuses) =>
    orders.some((order) => statuses.includes(order.status) && !statuses.includes(before[order.id]));
  if (orders.some((order) => !(order.id in before))) finish("order");
  if (became(TAKEN)) finish("accept");
  if (became(["Выполнена"])) finish("done");
  showSteps();
}

function show(view) {
  document.body.dataset.view = view;
  for (const button of document.querySelectorAll(".views button")) {
    button.setAttribute("aria-pressed", String(button.dataset.view === view));
  }
}

const grid = new Grid(new Spreadsheet(spreadsheet), { onOrders, onSorted: () => finish("sort") });
const chats = new Chats();
let known = { sheet: "", telegram: -1 };
let sheetAfter = 0;

/** Look whether anything changed, and only then ask what. A big sheet is looked at less often. */
async function look() {
  const now = await changes(spreadsheet);
  const sheet = JSON.stringify(now.sheet);
  if (sheet !== known.sheet && Date.now() >= sheetAfter) {
    const started = Date.now();
    await grid.refresh();
    sheetAfter = Date.now() + 2 * (Date.now() - started);
    known.sheet = sheet;
  }
  if (now.telegram.version !== known.telegram || chats.unheard) {
    await chats.refresh();
    known.telegram = now.telegram.version;
  }
}

async function live() {
  const offline = document.querySelector(".offline");
  try {
    await look();
    offline.hidden = true;
  } catch (error) {
    offline.hidden = !(error instanceof TypeError);
    if (!(error instanceof TypeError)) console.warn(error.message);
  }
  setTimeout(live, LOOK_EVERY_MS);
}

document.querySelector(".views").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) show(button.dataset.view);
});
const splitter = document.querySelector(".splitter");
splitter.addEventListener("pointerdown", (event) => {
  splitter.setPointerCapture(event.pointerId);
  splitter.classList.add("held");
});
splitter.addEventListener("pointermove", (event) => {
  if (!splitter.classList.contains("held")) return;
  const width = Math.min(Math.max(innerWidth - event.clientX, 300), innerWidth - 300);
  document.querySelector("main").style.setProperty("--chats", `${width}px`);
});
splitter.addEventListener("lostpointercapture", () => splitter.classList.remove("held"));

showSteps();
live();
