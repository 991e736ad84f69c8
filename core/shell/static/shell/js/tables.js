/* Lists of the console: one box for all, a bar that appears with the first choice, a disk that appears
   after a change. Without us, the boxes, the bar and the disks are simply there. */
const number = new Intl.NumberFormat(document.documentElement.lang);

for (const list of document.querySelectorAll("[data-list]")) {
  const boxes = [...list.querySelectorAll("[data-choose]")];
  const all = list.querySelector("[data-choose-all]");
  const bar = list.querySelector("[data-bulk]");
  const count = list.querySelector("[data-bulk-count]");
  const everyone = list.querySelector("[data-choose-everyone]");

  const tell = () => {
    const checked = boxes.filter((box) => box.checked).length;
    if (everyone && checked < boxes.length) everyone.checked = false;
    const chosen = everyone?.checked ? Number(everyone.dataset.chooseEveryone) : checked;
    if (all) {
      all.checked = checked === boxes.length;
      all.indeterminate = checked > 0 && checked < boxes.length;
    }
    for (const box of boxes) box.closest("tr").classList.toggle("is-chosen", box.checked);
    if (!bar) return;
    bar.hidden = chosen === 0;
    count.textContent = chosen === 1 ? count.dataset.one : count.dataset.many.replace("{number}", number.format(chosen));
  };

  if (all) {
    all.hidden = false;
    all.addEventListener("change", () => {
      for (const box of boxes) box.checked = all.checked;
      tell();
    });
  }
  if (everyone) {
    everyone.addEventListener("change", () => {
      for (const box of boxes) box.checked = everyone.checked;
      tell();
    });
  }
  for (const box of boxes) box.addEventListener("change", tell);
  if (boxes.length) tell();

  for (const choice of list.querySelectorAll("[data-changes]")) {
    const disk = document.getElementById(choice.dataset.changes);
    const was = choice.value;
    disk.hidden = true;
    choice.addEventListener("change", () => {
      disk.hidden = choice.value === was;
      choice.closest("tr").classList.toggle("is-changed", choice.value !== was);
    });
  }
}

/* « / » goes to the search, as in other tools one uses all day. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const field = document.querySelector("[data-console-search]");
  if (!field || !field.offsetParent) return;
  event.preventDefault();
  field.focus();
});
