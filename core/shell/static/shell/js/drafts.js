/*
 * A long form that was not sent survives a reload: <form data-draft="publish">. Kept in this tab
 * only (sessionStorage), never passwords, files, codes or hidden fields; gone once the form is sent.
 */
const KEPT = "input:not([type=password], [type=file], [type=hidden], [autocomplete=one-time-code], [data-no-draft]), select, textarea";

const keyOf = (form) => `draft:${form.dataset.draft}:${location.pathname}`;

function values(form) {
  const entries = [];
  for (const field of form.querySelectorAll(KEPT)) {
    if (!field.name) continue;
    const choice = field.type === "checkbox" || field.type === "radio";
    entries.push([field.name, field.value, choice ? field.checked : null]);
  }
  return entries;
}

function restore(form) {
  let stored;
  try {
    stored = JSON.parse(sessionStorage.getItem(keyOf(form)) ?? "[]");
  } catch {
    return;
  }
  const fields = [...form.querySelectorAll(KEPT)];
  for (const [name, value, checked] of stored) {
    for (const field of fields.filter((one) => one.name === name)) {
      if (checked === null) {
        if (!field.value) field.value = value;
      } else if (field.value === value) {
        field.checked = checked;
      }
    }
  }
}

for (const form of document.querySelectorAll("form[data-draft]")) {
  if (!form.querySelector("[aria-invalid]")) restore(form);
  form.addEventListener("input", () => {
    try {
      sessionStorage.setItem(keyOf(form), JSON.stringify(values(form)));
    } catch {
      /* A full or forbidden storage costs the draft, never the form. */
    }
  });
  form.addEventListener("submit", () => sessionStorage.removeItem(keyOf(form)));
}
