/* Forms: say that one is being sent, send it once, lead to the first error. */

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog" || form.target === "_blank") return;
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  if (form.method !== "post") return;
  form.dataset.sending = "true";
  const button = event.submitter;
  if (button?.classList.contains("btn")) button.setAttribute("aria-busy", "true");
});

/* A page that comes back from the history can be sent again. */
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sending]")) {
    delete form.dataset.sending;
    for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  }
});

document.querySelector("[data-error-summary]:not([data-sample] *)")?.focus();

/* A link of the summary to a group of choices: focus its first control. */
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-error-summary] a");
  const target = link && document.querySelector(`${link.hash} input, ${link.hash}`);
  if (!target) return;
  event.preventDefault();
  target.scrollIntoView({ block: "center" });
  target.focus();
});

/* « Afficher le mot de passe »: <button data-reveal="id_password" aria-pressed="false">. */
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-reveal]");
  const field = button && document.getElementById(button.dataset.reveal);
  if (!field) return;
  const shown = field.type === "text";
  field.type = shown ? "password" : "text";
  button.setAttribute("aria-pressed", String(!shown));
});

/* Filters that send themselves: <form data-autosubmit>; its button is for those without us. */
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-no-autosubmit]")) return; /* sent by Enter or by its button */
  event.target.form?.matches("[data-autosubmit]") && event.target.form.requestSubmit();
});
