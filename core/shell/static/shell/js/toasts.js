/* Short answers to an action, at the bottom of the page, with a way back where there is one. */
const LIFE = 8000; /* milliseconds; longer than reading takes, and never while pointed at */
const region = document.querySelector("[data-toasts]");
const template = document.querySelector("[data-toast-template]");

function live(toast) {
  toast.classList.add("toast--live");
  let timer;
  const start = () => {
    timer = setTimeout(() => toast.remove(), Number(toast.dataset.life ?? LIFE));
  };
  const stop = () => clearTimeout(timer);
  toast.addEventListener("pointerenter", stop);
  toast.addEventListener("pointerleave", start);
  toast.addEventListener("focusin", stop);
  toast.addEventListener("focusout", start);
  toast.querySelector("[data-toast-close]").addEventListener("click", () => toast.remove());
  /* One that offers an action or tells a failure stays until it is closed. */
  if (!toast.hasAttribute("data-stays")) start();
}

/** Show `text`; with `action` ({label, run}) the person can act on it, e.g. undo. */
export function toast(text, action) {
  const shown = template.content.firstElementChild.cloneNode(true);
  shown.querySelector(".toast__text").textContent = text;
  if (action) {
    const button = shown.querySelector(".toast__action");
    button.textContent = action.label;
    button.hidden = false;
    button.addEventListener("click", () => {
      shown.remove();
      action.run();
    });
    shown.setAttribute("data-stays", "");
  }
  region.append(shown);
  live(shown);
}

for (const shown of document.querySelectorAll("[data-toast]")) live(shown);
