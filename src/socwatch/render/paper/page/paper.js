"use strict";
(() => {
  const FEWEST_TO_SORT = 3;
  const FEWEST_TO_FILTER = 10;
  // What a cell says in words is sorted by the value behind them: its number, or its date.
  const keyOf = (cell) => {
    const key = cell.dataset.sort;
    if (key === undefined) return cell.querySelector("time")?.dateTime ?? cell.textContent.trim();
    return /^-?\d+$/.test(key) ? Number(key) : key;
  };
  const order = new Intl.Collator("en-GB", { numeric: true });
  const compare = (a, b) => {
    if (a === "" || b === "") return (a === "") - (b === "");
    return typeof a === "number" && typeof b === "number" ? a - b : order.compare(a, b);
  };
  const rowsOf = (body) => [...body.rows].filter((row) => !row.classList.contains("group"));

  const sortable = (table) => {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, place) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach((each) => each.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        for (const body of table.tBodies) {
          const keyed = rowsOf(body).map((row) => [keyOf(row.cells[place]), row]);
          keyed.sort((a, b) => (down ? -1 : 1) * compare(a[0], b[0]));
          body.append(...keyed.map((pair) => pair[1]));
        }
      });
    });
  };

  const filterable = (table) => {
    const line = document.createElement("p");
    const label = document.createElement("label");
    const input = document.createElement("input");
    const told = document.createElement("span");
    line.className = "filter";
    input.type = "search";
    input.setAttribute("aria-describedby", table.caption.id);
    told.setAttribute("role", "status");
    label.append("Show only rows with: ", input);
    line.append(label, told);
    table.closest(".scroll").before(line);
    input.addEventListener("input", () => {
      const wanted = input.value.trim().toLowerCase();
      let shown = 0;
      let all = 0;
      for (const body of table.tBodies) {
        const rows = rowsOf(body);
        for (const row of rows) {
          row.hidden = !row.textContent.toLowerCase().includes(wanted);
          shown += !row.hidden;
        }
        all += rows.length;
        body.hidden = rows.every((row) => row.hidden);
      }
      line.classList.toggle("used", wanted !== "");
      const sums = table.tFoot ? "; the sums are those of all" : "";
      told.textContent = wanted ? `${shown} of ${all} rows shown${sums}` : "";
    });
  };

  // A narrow screen shows each row as a list of its cells, named by their headings. What is laid
  // out so is no table any more to a browser, unless its roles say that it is.
  const stackable = (table) => {
    const heads = [...table.tHead.rows[0].cells].map((head) => head.textContent);
    table.setAttribute("role", "table");
    for (const part of [...table.tBodies, ...(table.tFoot ? [table.tFoot] : [])]) {
      part.setAttribute("role", "rowgroup");
      for (const row of part.rows) {
        row.setAttribute("role", "row");
        [...row.cells].forEach((cell, place) => {
          cell.setAttribute("role", cell.tagName === "TH" ? "rowheader" : "cell");
          if (place) cell.dataset.label = heads[place];
        });
      }
    }
    table.closest(".scroll").classList.add("stack");
  };

  const tables = [...document.querySelectorAll("table")];
  for (const table of tables) {
    const rows = [...table.tBodies].reduce((sum, body) => sum + rowsOf(body).length, 0);
    if (table.id === "table-figures" || rows < FEWEST_TO_SORT) continue;
    sortable(table);
    if (rows >= FEWEST_TO_FILTER) filterable(table);
  }
  const narrow = window.matchMedia("(max-width: 40rem)");
  const adapt = () => narrow.matches && tables.splice(0).forEach(stackable);
  narrow.addEventListener("change", adapt);
  adapt();
})();
