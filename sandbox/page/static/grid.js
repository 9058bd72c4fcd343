// The worksheets as an editable grid. Every edit goes to the Sheets API; the grid shows what is there.

import { attempt, el, form, toast } from "./dom.js";
import { letter } from "./api.js";

const SPARE_ROWS = 12;
const FLASH_MS = 1600;
const HEADER = 1;
const MANY = 300;
// The columns of «Заявки» in which one sees what comes of an order, with their least widths, and how they share what
// is left; the others wait behind a button, unless there is room for all of them.
const TELLING = {
  ID: [34], Имя: [62, 1], Телефон: [112], Проблема: [72, 2], Статус: [96], Мастер: [62, 1], Цена: [80], Комиссия: [76],
  Проверка: [62, 4],
};
const BESIDE = ["Дата", "Источник", "Категория", "Адрес", "Дата выполнения", "Комментарий", "Оповещены", "Telegram", "Ключ"];
const NOT_ON_A_PHONE = ["Имя", "Телефон", "Цена", "Комиссия"];
const PHONE = 560;
const USUAL_WIDTH = 110;

export class Grid {
  constructor(book, { onSorted, onOrders }) {
    this.book = book;
    this.onSorted = onSorted;
    this.onOrders = onOrders;
    this.tabs = [];
    this.tab = null;
    this.values = [];
    this.columns = "";
    this.table = null;
    this.selected = null;
    this.changed = new Map();
    this.edited = new Set(); // rows that show what was typed, whatever became of it
    this.whole = false; // rows moved: draw everything anew
    this.waiting = false;
    this.all = false;
    this.button = document.querySelector("[data-show]");
    this.button.addEventListener("click", () => this.showAll(!this.all));
    this.looking = Promise.resolve();
    document.querySelector(".toolbar").addEventListener("click", (event) => {
      const button = event.target.closest("[data-act]");
      if (button && !button.disabled) attempt(() => this.act(button.dataset.act));
    });
  }

  /**
   * Look at the spreadsheet again. Looks wait for each other: the library builds a table a moment after it is asked to,
   * and one that is not built yet can't be given rows.
   */
  refresh() {
    const look = this.looking.catch(() => {}).then(() => this.look());
    this.looking = look;
    return look;
  }

  /** Show what is there, unless somebody is typing into a cell. */
  async look() {
    if (this.editing) {
      this.waiting = true;
      return;
    }
    const { title, tabs } = await this.book.describe();
    document.querySelector(".book").textContent = title;
    this.tabs = tabs;
    this.tab = tabs.find((tab) => tab.id === this.tab?.id) ?? preferred(tabs);
    this.showTabs();
    const values = await this.book.values(this.tab);
    await this.tellOrders(values);
    await this.show(values);
  }

  get editing() {
    return Boolean(document.querySelector("#grid .tabulator-editing"));
  }

  async tellOrders(values) {
    const orders = this.tabs.find((tab) => tab.title === "Заявки");
    if (!orders) this.onOrders([]);
    else this.onOrders(orders.id === this.tab.id ? values : await this.book.values(orders));
  }

  showTabs() {
    const buttons = this.tabs.map((tab) =>
      el(
        "button",
        {
          type: "button",
          role: "tab",
          "aria-selected": String(tab.id === this.tab.id),
          onclick: () => this.open(tab),
        },
        tab.title,
      ),
    );
    document.querySelector(".tabs").replaceChildren(...buttons);
  }

  showAll(all) {
    this.all = all;
    this.button.setAttribute("aria-pressed", String(all));
    this.columns = "";
    return attempt(() => this.refresh());
  }

  /** Whether only the telling columns of these are shown. */
  isCompact(titles) {
    const many = titles.some((title) => BESIDE.includes(title)) && titles.includes("Статус");
    const narrow = document.querySelector(".grid-area").clientWidth < titles.length * USUAL_WIDTH;
    this.button.hidden = !many || !narrow;
    return many && narrow && !this.all;
  }

  open(tab) {
    this.tab = tab;
    this.values = [];
    this.changed.clear();
    this.columns = "";
    this.select(null);
    return attempt(() => this.refresh());
  }

  async show(values) {
    const empty = document.querySelector("#sheet-empty");
    empty.hidden = values.length > 0;
    document.querySelector("#grid").hidden = values.length === 0;
    if (!values.length) empty.replaceChildren(...emptySheet(this.tabs.length));
    const differing = this.noteChanges(values);
    const sameLength = values.length === this.values.length;
    this.values = values;
    if (!values.length) {
      this.select(null);
      return;
    }
    const width = Math.max(...values.map((row) => row.length), 1);
    const titles = Array.from({ length: width }, (_, index) => values[0][index] ?? "");
    const shape = JSON.stringify([this.tab.id, titles]);
    if (shape === this.columns && sameLength && this.whole === false && differing.size < MANY) {
      const rows = [...differing, ...this.edited].filter((row) => row > HEADER);
      await this.table.updateData(rows.map((row) => this.row(row, width)));
    } else if (shape === this.columns) {
      await this.table.replaceData(this.rows(width));
    } else {
      this.columns = shape;
      await this.build(titles);
    }
    this.whole = false;
    this.edited.clear();
    this.select(this.selected);
  }

  /** Cells whose text differs from the last look light up for a moment; the numbers of their rows. */
  noteChanges(values) {
    const rows = new Set();
    if (!this.values.length) return rows;
    const now = Date.now();
    this.changed.clear();
    values.forEach((row, index) => {
      const before = this.values[index] ?? [];
      const width = Math.max(row.length, before.length);
      for (let column = 0; column < width; column += 1) {
        if ((row[column] ?? "") === (before[column] ?? "")) continue;
        this.changed.set(`${index + 1}:${column}`, now);
        rows.add(index + 1);
      }
    });
    return rows;
  }

  rows(width) {
    const count = this.values.length - HEADER + SPARE_ROWS;
    return Array.from({ length: count }, (_, index) => this.row(index + HEADER + 1, width));
  }

  row(number, width) {
    const cells = this.values[number - 1] ?? [];
    const row = { row: number };
    for (let column = 0; column < width; column += 1) row[`c${column}`] = cells[column] ?? "";
    return row;
  }

  async build(titles) {
    const choices = await this.book.choices(this.tab).catch(() => []);
    this.table?.destroy();
    const compact = this.isCompact(titles);
    document.querySelector("#grid").classList.toggle("compact", compact);
    this.table = new Tabulator("#grid", {
      data: this.rows(titles.length),
      index: "row",
      height: "100%",
      layout: compact ? "fitColumns" : "fitData",
      headerSortClickElement: "icon",
      movableRows: true,
      movableColumns: true,
      editTriggerEvent: "click",
      rowHeader: {
        field: "row",
        title: "№",
        width: compact ? 32 : 48,
        minWidth: 32,
        frozen: true,
        rowHandle: true,
        headerSort: false,
        resizable: false,
        cssClass: "row-number",
        formatter: (cell) => document.createTextNode(cell.getValue()),
      },
      rowFormatter: (row) => row.getElement().classList.toggle("selected", row.getData().row === this.selected),
      rowContextMenu: [
        { label: "Вставить строку выше", action: (_, row) => this.rowAct("above", row) },
        { label: "Удалить строку", action: (_, row) => this.rowAct("delete", row) },
      ],
      columns: titles.map((title, index) => this.column(title, index, choices[index], compact)),
    });
    this.table.on("cellEdited", (cell) => this.write(cell));
    this.table.on("cellEditing", (cell) => this.select(cell.getRow().getData().row));
    this.table.on("cellEditCancelled", () => this.afterEdit());
    this.table.on("rowMoved", (row) => this.moved("ROWS", row.getData().row - 1, row.getPosition()));
    this.table.on("columnMoved", (column, columns) => {
      const to = columns.filter((other) => other.getField()?.startsWith("c")).indexOf(column);
      this.moved("COLUMNS", Number(column.getField().slice(1)), to);
    });
    this.table.on("cellClick", (_, cell) => {
      if (cell.getField() === "row") this.select(cell.getValue());
    });
    await new Promise((resolve) => this.table.on("tableBuilt", resolve));
    toldAsGrid();
  }

  column(title, index, choices, compact) {
    const list = choices ? { editor: "list", editorParams: listOf(choices) } : { editor: "input" };
    return {
      ...(compact ? fitted(title) : {}),
      title: title || letter(index),
      field: `c${index}`,
      headerSort: false,
      ...(compact ? {} : { minWidth: 64, maxInitialWidth: 280 }),
      ...list,
      titleFormatter: () => el("span", { class: "title" }, el("i", {}, letter(index)), title || "—"),
      formatter: (cell) => this.cell(cell, index),
      headerMenu: [
        { label: "Сортировать А → Я", action: () => this.sort(index, "ASCENDING") },
        { label: "Сортировать Я → А", action: () => this.sort(index, "DESCENDING") },
        { separator: true },
        { label: "Переименовать…", action: () => this.rename(index, title) },
        { label: "Вставить столбец слева", action: () => this.run(() => this.book.insert(this.tab, "COLUMNS", index)) },
        { label: "Удалить столбец", action: () => this.run(() => this.book.remove(this.tab, "COLUMNS", index)) },
      ],
    };
  }

  cell(cell, index) {
    const text = String(cell.getValue() ?? "");
    const since = this.changed.get(`${cell.getRow().getData().row}:${index}`) ?? 0;
    const age = Date.now() - since;
    const node = el("span", { class: age < FLASH_MS ? "flash" : "" }, text);
    if (age < FLASH_MS) node.style.animationDelay = `-${age}ms`;
    cell.getElement().title = text.length > 30 ? text : "";
    if (["Новая", "В работе", "Выполнена", "Отменена"].includes(text)) node.dataset.status = text;
    return node;
  }

  /** Do something to the spreadsheet, then show what came of it. */
  run(action, whole = true) {
    this.whole = whole;
    return attempt(async () => {
      try {
        await action();
      } finally {
        await this.refresh();
      }
    });
  }

  write(cell) {
    const row = cell.getRow().getData().row;
    const column = Number(cell.getField().slice(1));
    const text = String(cell.getValue() ?? "");
    this.edited.add(row);
    this.run(async () => {
      if (row > this.tab.rows) await this.book.grow(this.tab, row - this.tab.rows + 100);
      await this.book.write(this.tab, row, column, text);
    }, false);
  }

  afterEdit() {
    if (!this.waiting) return;
    this.waiting = false;
    setTimeout(() => attempt(() => this.refresh()));
  }

  moved(dimension, from, to) {
    if (from === to) return;
    this.select(null);
    this.columns = dimension === "COLUMNS" ? "" : this.columns;
    this.run(() => this.book.move(this.tab, dimension, from, to));
  }

  select(row) {
    this.selected = row;
    for (const button of document.querySelectorAll(".toolbar [data-act]")) {
      button.disabled = !this.possible(button.dataset.act);
    }
    for (const node of document.querySelectorAll("#grid .tabulator-row")) {
      const number = Number(node.querySelector(".row-number")?.textContent);
      node.classList.toggle("selected", number === row);
    }
  }

  possible(action) {
    if (action === "add") return this.values.length > 0;
    const filled = this.selected !== null && this.selected <= this.values.length;
    if (action === "up") return filled && this.selected > HEADER + 1;
    if (action === "down") return filled && this.selected < this.values.length;
    return filled;
  }

  async rowAct(action, row) {
    this.select(row.getData().row);
    if (this.possible(action)) await attempt(() => this.act(action));
  }

  async act(action) {
    const index = this.selected - 1;
    if (action === "add") {
      // what an order needs is to be seen while it is typed
      if (isOnPhone() && !this.all) await this.showAll(true);
      return this.typeBelow();
    }
    if (action === "above") return this.run(() => this.book.insert(this.tab, "ROWS", index));
    if (action === "delete") {
      this.select(null);
      return this.run(() => this.book.remove(this.tab, "ROWS", index));
    }
    const to = action === "up" ? index - 1 : index + 1;
    this.selected = to + 1;
    return this.run(() => this.book.move(this.tab, "ROWS", index, to));
  }

  /** Bring the first free row into view, ready for typing. */
  async typeBelow() {
    if (!this.values.length) return;
    const row = this.table.getRow(this.values.length + 1);
    await this.table.scrollToRow(row, "center", false);
    this.select(this.values.length + 1);
    row.getCells().find((cell) => cell.getField() !== "row")?.edit();
  }

  sort(column, order) {
    this.select(null);
    this.run(() => this.book.sort(this.tab, this.values.length, column, order)).then(() => {
      toast("Строки переставлены");
      if (this.tab.title === "Заявки") this.onSorted();
    });
  }

  async rename(column, title) {
    const answer = await form(
      "Название столбца",
      [{ name: "title", label: `Столбец ${letter(column)}`, value: title }],
      "Переименовать",
    );
    if (answer) await this.run(() => this.book.write(this.tab, 1, column, answer.title));
  }
}

/** Return how wide a column is where all telling ones are to be in sight. */
function fitted(title) {
  const [width, grows] = TELLING[title] ?? [80];
  const hidden = BESIDE.includes(title) || (isOnPhone() && NOT_ON_A_PHONE.includes(title));
  const size = grows ? { minWidth: width, widthGrow: grows, variableHeight: true, cssClass: "wraps" } : { width, minWidth: width };
  return { visible: !hidden, ...size };
}

const isOnPhone = () => document.querySelector(".grid-area").clientWidth < PHONE;

/** Let those who can't see the grid hear rows and cells: the library names a scrolling box between them. */
function toldAsGrid() {
  const grid = document.querySelector("#grid");
  grid.removeAttribute("aria-owns");
  grid.querySelector(".tabulator-tableholder")?.setAttribute("role", "rowgroup");
  grid.querySelector(".tabulator-table")?.setAttribute("role", "none");
}

const preferred = (tabs) => tabs.find((tab) => tab.title === "Заявки") ?? tabs[0];

const listOf = (choices) => ({
  values: choices,
  autocomplete: true,
  freetext: true,
  allowEmpty: true,
  listOnEmpty: true,
  placeholderEmpty: "Нет таких",
  itemFormatter: (label) => el("span", {}, label),
});

function emptySheet(tabs) {
  const hint =
    tabs > 1
      ? "На этом листе пока ничего нет."
      : "Листы ещё не созданы. Запустите систему — она сама сделает «Заявки», «Мастера» и остальные.";
  return [
    el("b", {}, "Пусто"),
    el("p", {}, hint),
    tabs > 1 ? null : el("code", {}, "make run"),
    tabs > 1 ? null : el("p", { class: "dim" }, "или только листы: python -m worker init"),
  ].filter(Boolean);
}
