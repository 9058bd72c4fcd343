// Requests to the sandbox: control calls, and the spreadsheet behind the uncounted door.

export class Refused extends Error {
  constructor(message, body) {
    super(message);
    this.body = body;
  }
}

async function request(url, options) {
  const response = await fetch(url, options);
  const body = await response.json().catch(() => ({}));
  if (!response.ok) {
    const error = body.error;
    throw new Refused((error && (error.message || error)) || `Ошибка ${response.status}`, body);
  }
  return body;
}

const withBody = (method, body) => ({
  method,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body),
});

export const get = (url) => request(url);

export const act = (name, body) => request(`/sandbox/telegram/${name}`, withBody("POST", body));

export const ask = (name, query) => request(`/sandbox/telegram/${name}?${new URLSearchParams(query)}`);

export const changes = (spreadsheet) =>
  get(`/sandbox/page/changes?${new URLSearchParams({ spreadsheet })}`);

/** 0 → A, 26 → AA. */
export function letter(index) {
  const rest = index % 26;
  const head = index < 26 ? "" : letter(Math.floor(index / 26) - 1);
  return head + String.fromCharCode(65 + rest);
}

const quoted = (title) => `'${title.replaceAll("'", "''")}'`;

/** One spreadsheet through the Sheets API. */
export class Spreadsheet {
  constructor(id) {
    this.root = `/sandbox/page/v4/spreadsheets/${encodeURIComponent(id)}`;
  }

  async describe() {
    const book = await get(`${this.root}?fields=properties.title,sheets.properties`);
    const tabs = book.sheets.map(({ properties }) => ({
      id: properties.sheetId,
      title: properties.title,
      rows: properties.gridProperties?.rowCount ?? 0,
      columns: properties.gridProperties?.columnCount ?? 0,
    }));
    return { title: book.properties.title, tabs };
  }

  async values(tab) {
    const answer = await get(`${this.root}/values/${encodeURIComponent(quoted(tab.title))}`);
    return answer.values ?? [];
  }

  /** For each column the choices its second row offers, where staff pick from a list. */
  async choices(tab) {
    const range = `${quoted(tab.title)}!A2:${letter(Math.max(tab.columns - 1, 0))}2`;
    const query = new URLSearchParams({
      ranges: range,
      includeGridData: "true",
      fields: "sheets.data.rowData.values.dataValidation",
    });
    const book = await get(`${this.root}?${query}`);
    const cells = book.sheets?.[0]?.data?.[0]?.rowData?.[0]?.values ?? [];
    return cells.map((cell) => {
      const condition = cell.dataValidation?.condition;
      if (condition?.type !== "ONE_OF_LIST") return null;
      return condition.values.map((value) => value.userEnteredValue);
    });
  }

  write(tab, row, column, text) {
    const range = `${quoted(tab.title)}!${letter(column)}${row}`;
    const url = `${this.root}/values/${encodeURIComponent(range)}?valueInputOption=USER_ENTERED`;
    return request(url, withBody("PUT", { range, values: [[text]] }));
  }

  batch(...requests) {
    return request(`${this.root}:batchUpdate`, withBody("POST", { requests }));
  }

  span(tab, dimension, start, count = 1) {
    return { sheetId: tab.id, dimension, startIndex: start, endIndex: start + count };
  }

  insert(tab, dimension, index) {
    return this.batch({
      insertDimension: { range: this.span(tab, dimension, index), inheritFromBefore: index > 1 },
    });
  }

  remove(tab, dimension, index) {
    return this.batch({ deleteDimension: { range: this.span(tab, dimension, index) } });
  }

  /** `to` is where the row or column stands afterwards. */
  move(tab, dimension, from, to) {
    const destinationIndex = to > from ? to + 1 : to;
    return this.batch({ moveDimension: { source: this.span(tab, dimension, from), destinationIndex } });
  }

  grow(tab, rows) {
    return this.batch({ appendDimension: { sheetId: tab.id, dimension: "ROWS", length: rows } });
  }

  sort(tab, rows, column, sortOrder) {
    const range = {
      sheetId: tab.id,
      startRowIndex: 1,
      endRowIndex: rows,
      startColumnIndex: 0,
      endColumnIndex: tab.columns,
    };
    return this.batch({ sortRange: { range, sortSpecs: [{ dimensionIndex: column, sortOrder }] } });
  }
}
