/* « Intervertir »: departure and arrival change places, with the codes chosen for them. */

for (const button of document.querySelectorAll("[data-swap]")) {
  const form = button.form;
  const pairs = [
    ["origin", "destination"],
    ["origin_code", "destination_code"],
  ].map((names) => names.map((name) => form.elements.namedItem(name)));
  if (pairs.flat().includes(null)) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    for (const [one, two] of pairs) [one.value, two.value] = [two.value, one.value];
  });
}
