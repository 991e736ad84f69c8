/*
 * A municipality's text input becomes a combobox with a list (WAI-ARIA 1.2, manual selection).
 *
 * Markup: territories/widgets/municipality.html. Keys: down and up walk through the list, Enter and
 * Tab take the active one, Escape closes, Alt + down opens. Whatever is typed and not chosen is sent
 * as it is: the server finds the municipality by its whole name or postal code.
 */
const WAIT = 120;
const FEWEST_LETTERS = 2;
const PICKER = "[data-municipality-picker][data-search-url]";
const started = new WeakSet();
let lists = 0;

function start(root) {
  if (started.has(root)) return;
  started.add(root);
  const { searchUrl, regions, listLabel, none, one, many, failed } = root.dataset;
  const input = root.querySelector("input:not([type=hidden])");
  const code = root.querySelector("input[type=hidden]");
  const list = document.createElement("ul");
  const status = document.createElement("p");
  const answers = new Map();
  let options = [];
  let active = -1;
  let timer = 0;
  let question = 0;

  list.className = "municipality-picker__list";
  list.id = `municipalities-${++lists}`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", listLabel);
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  input.removeAttribute("list");
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);
  root.append(list, status);

  const isOpen = () => !list.hidden;

  function close() {
    list.hidden = true;
    activate(-1);
    input.setAttribute("aria-expanded", "false");
    status.textContent = "";
  }

  function activate(index) {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = index;
    const option = options.length ? list.children[index] : undefined;
    if (!option) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  }

  function show(found) {
    options = found;
    list.replaceChildren(
      ...found.map((municipality, index) => {
        const option = document.createElement("li");
        const name = document.createElement("span");
        const postal = document.createElement("span");
        option.id = `${list.id}-${index}`;
        option.className = "municipality-picker__option";
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        name.textContent = municipality.label;
        const [first, ...others] = municipality.postal_codes;
        postal.textContent = others.length ? `${first}…` : (first ?? "");
        option.append(name, postal);
        return option;
      }),
    );
    if (!found.length) {
      const empty = document.createElement("li");
      empty.className = "municipality-picker__empty";
      empty.setAttribute("role", "presentation");
      empty.textContent = none;
      list.append(empty);
    }
    status.textContent = found.length
      ? found.length === 1 ? one : many.replace("{n}", found.length)
      : none;
    activate(-1);
    list.hidden = false;
    list.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-expanded", "true");
  }

  async function ask() {
    const text = input.value.trim();
    const own = ++question;
    if (text.length < FEWEST_LETTERS) {
      close();
      return;
    }
    if (!answers.has(text)) {
      const query = new URLSearchParams({ q: text, limit: "8" });
      if (regions) query.set("region", regions);
      try {
        const response = await fetch(`${searchUrl}?${query}`, { headers: { Accept: "application/json" } });
        if (!response.ok) throw new Error(String(response.status));
        answers.set(text, (await response.json()).results);
      } catch {
        if (own === question) {
          close();
          status.textContent = failed;
        }
        return;
      }
    }
    // Only the last question counts, and only while somebody is there to see the answer.
    if (own === question && document.activeElement === input) show(answers.get(text));
  }

  function choose(index) {
    const municipality = options[index];
    if (!municipality) return;
    question += 1;
    input.value = municipality.label;
    code.value = municipality.code;
    close();
    input.dispatchEvent(new Event("change", { bubbles: true }));
    root.dispatchEvent(new CustomEvent("municipality:chosen", { bubbles: true, detail: municipality }));
  }

  input.addEventListener("input", () => {
    code.value = "";
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });

  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const last = options.length - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen()) {
        ask();
      } else if (event.key === "ArrowDown") {
        activate(active >= last ? 0 : active + 1);
      } else if (event.altKey) {
        close();
      } else {
        activate(active <= 0 ? last : active - 1);
      }
    } else if (event.key === "Enter" && isOpen() && active >= 0) {
      event.preventDefault();
      choose(active);
    } else if (event.key === "Tab" && isOpen() && active >= 0) {
      choose(active);
    } else if (event.key === "Escape" && isOpen()) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  });

  // The input keeps the focus: else a tap on the list would close it before it counts.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose([...list.children].indexOf(option));
  });

  input.addEventListener("blur", () => {
    clearTimeout(timer);
    question += 1;
    close();
  });
}

document.querySelectorAll(PICKER).forEach(start);
/* Those that came later, with a part of a page. */
document.addEventListener("focusin", (event) => {
  const root = event.target.closest?.(PICKER);
  if (root) start(root);
});
