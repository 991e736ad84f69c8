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
