/* « − » and « + » beside the number of seats. Without us the field is typed. */

for (const root of document.querySelectorAll("[data-seats]")) {
  const input = root.querySelector("input");
  const buttons = root.querySelectorAll("[data-step]");
  const least = Number(input.min);
  const most = Number(input.max);

  const show = () => {
    const value = Number(input.value) || least;
    for (const button of buttons) {
      const next = value + Number(button.dataset.step);
      button.disabled = next < least || next > most;
    }
  };

  for (const button of buttons) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const value = (Number(input.value) || least) + Number(button.dataset.step);
      input.value = String(Math.min(most, Math.max(least, value)));
      input.dispatchEvent(new Event("input", { bubbles: true }));
      show();
    });
  }
  input.addEventListener("input", show);
  show();
}

/* What one person pays, as the amount changes: the rule of ``rides/adverts/prices.py``. */

for (const root of document.querySelectorAll("[data-contribution]")) {
  const total = root.querySelector("[data-total]");
  const person = root.querySelector("[data-per-person]");
  const cents = root.querySelector("[name=cents]");
  const metres = Number(root.dataset.metres);
  const free = root.querySelector("[name=choice][value=free]");
  const own = root.querySelector("[name=choice][value=own]");
  if (!total || !metres) continue;
  const money = new Intl.NumberFormat(document.documentElement.lang, {
    style: "currency",
    currency: "EUR",
  });
  const freeWord = free.closest(".choice")?.querySelector("label")?.textContent.trim() ?? "";

  const show = () => {
    const rate = free.checked ? 0 : own.checked ? Number(cents.value) || 0 : Number(root.dataset.suggested);
    const price = Math.floor(Math.floor((metres * rate) / 1000) / 5) * 5;
    total.textContent = rate ? money.format(price / 100) : freeWord;
    person.hidden = !rate;
  };
  root.addEventListener("input", show);
  root.addEventListener("change", show);
}

/* The way on the map, drawn anew as its places are chosen; without us a button shows it. */

const preview = () => document.querySelector("[data-route-preview]");
const steps = preview()?.closest("form");

if (steps) {
  let shown = "";
  const named = (name) => steps.elements.namedItem(name)?.value.trim();

  const look = async () => {
    if (!named("origin") || !named("destination")) return;
    const body = new FormData(steps);
    body.set("go", "look");
    const asked = new URLSearchParams(body).toString();
    if (asked === shown) return; // leaving a control says again that it changed
    shown = asked;
    const response = await fetch(steps.getAttribute("action"), { method: "POST", body });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.querySelector("[data-route-preview]");
    if (asked !== shown || !fresh) return;
    preview().replaceWith(fresh);
    fresh.dispatchEvent(new Event("htmx:afterSwap", { bubbles: true }));
  };

  steps.addEventListener("change", ({ target }) => {
    if (/^(origin|destination|stop_\d+)$/.test(target.name)) look().catch(() => {}); // the button stays
  });
}
