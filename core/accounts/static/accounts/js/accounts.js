/* « Afficher le mot de passe » works with JavaScript only, so it shows with JavaScript only. */
for (const button of document.querySelectorAll("[data-reveal][hidden]")) button.hidden = false;
