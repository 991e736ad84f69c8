/* <button data-copy="id" data-copied="…" hidden>: copies the text of #id; hidden without us. */
import { toast } from "../shell/js/toasts.js";

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue; /* not on plain http hosts */
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    toast(button.dataset.copied);
  });
}
