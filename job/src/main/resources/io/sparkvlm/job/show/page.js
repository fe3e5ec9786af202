"use strict";
const rows = Array.from(document.querySelectorAll("article"));
const filter = document.getElementById("filter");
const search = document.getElementById("search");
const count = document.getElementById("count");
const all = count.textContent;
const texts = rows.map(row => row.textContent.toLowerCase());

function show() {
  const words = search.value.toLowerCase();
  let shown = 0;
  rows.forEach((row, i) => {
    const kind = filter.value === "" || (row.dataset.kind + " ").startsWith(filter.value + " ");
    row.hidden = !(kind && texts[i].includes(words));
    shown += row.hidden ? 0 : 1;
  });
  count.textContent = shown === rows.length ? all : shown + " of " + rows.length + " rows here";
  document.getElementById("nothing").hidden = shown > 0;
}

filter.addEventListener("change", show);
search.addEventListener("input", show);
show(); // a browser may have kept what was chosen before the page was loaded again
