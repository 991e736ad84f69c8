/*
 * Native dialogs: <button data-dialog="delete-dialog"> opens <dialog id="delete-dialog">, a click on
 * its backdrop or on [data-dialog-close] closes it. Without us, the button's own form or link acts.
 */
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (!dialog) return;
    event.preventDefault();
    dialog.showModal();
    return;
  }
  if (event.target.closest("[data-dialog-close]")) {
    event.preventDefault();
    event.target.closest("dialog").close();
    return;
  }
  if (event.target instanceof HTMLDialogElement) event.target.close();
});
