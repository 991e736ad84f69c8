/* What every page needs. Each part improves a page that already works without it. */
import "./menus.js";
import "./scheme.js";
import "./forms.js";
import "./drafts.js";
import "./dialogs.js";
import "./toasts.js";
