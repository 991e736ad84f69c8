// A conversation that is open asks for its lines again, while somebody looks at it.

const EVERY = 12_000; // milliseconds
const list = document.querySelector("[data-lines]");

async function refresh() {
  if (document.hidden) return;
  try {
    const response = await fetch(list.dataset.lines, {
      headers: { "X-Requested-With": "fetch" },
      redirect: "error",
    });
    if (!response.ok) return;
    const html = await response.text();
    const fresh = new DOMParser().parseFromString(`<ol>${html}</ol>`, "text/html");
    const lines = [...fresh.querySelectorAll("li")];
    if (lines.length !== list.children.length) list.replaceChildren(...lines);
  } catch {
    // Away for a moment: the next time, or a reload, will do.
  }
}

if (list) {
  list.setAttribute("aria-live", "polite");
  setInterval(refresh, EVERY);
}
