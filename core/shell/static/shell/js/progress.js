/* Watches a long work: moves its bar, and shows the page anew once it is finished. Without us, the page
   has a link that does the same. */
const part = document.querySelector("[data-watch]");

if (part) {
  const bar = part.querySelector("[data-bar]");
  const words = part.querySelector("[data-words]");
  const number = new Intl.NumberFormat(document.documentElement.lang);
  let before = null;
  let failures = 0;

  const look = async () => {
    try {
      const answer = await fetch(part.dataset.watch, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const told = await answer.json();
      failures = 0;
      if (!told.busy || (before !== null && before !== told.state)) {
        location.reload();
        return;
      }
      before = told.state;
      if (bar) {
        bar.max = told.total;
        bar.value = told.done;
        words.textContent = words.dataset.words
          .replace("{done}", number.format(told.done))
          .replace("{total}", number.format(told.total));
      }
    } catch {
      failures += 1;
      if (failures > 20) return;
    }
    setTimeout(look, failures ? 5000 : 1000);
  };
  look();
}
