/* Light, dark or automatic, at once and without a reload; the same cookie as the form sets. */
const YEAR = 365 * 24 * 3600;
const root = document.documentElement;

function apply(scheme) {
  if (scheme === "auto") delete root.dataset.scheme;
  else root.dataset.scheme = scheme;
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `scheme=${scheme}; path=/; max-age=${YEAR}; samesite=lax${secure}`;
  for (const button of document.querySelectorAll("[data-scheme-switch] button")) {
    if ("schemeToggle" in button.dataset) {
      button.value = scheme === "dark" ? "light" : "dark";
      button.setAttribute("aria-pressed", String(scheme === "dark"));
    } else {
      button.setAttribute("aria-pressed", String(button.value === scheme));
    }
  }
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-scheme-switch]") || !event.submitter) return;
  event.preventDefault();
  apply(event.submitter.value);
});
