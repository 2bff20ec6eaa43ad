/**
 * Single keys outside fields: / search, ? help, g w my work, g i inbox, g c clients, g b board,
 * j k through rows, Enter opens, Esc closes, n note, r refer, a and x in moderation.
 * `data-keys` on the body: on, off (switched off in the profile) or visitor (the slash alone).
 * A key presses the visible control that carries `data-key`; it never does what no control does.
 */
const mode = document.body.dataset.keys;
let chord = "";
let timer = 0;

const typing = (target) =>
  target.closest("input:not([type=checkbox], [type=radio], [type=submit]), textarea, select, [contenteditable]");

function press(key) {
  const control = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!control) return false;
  if (control.matches("input, textarea, select")) control.focus();
  else control.click();
  return true;
}

function move(step) {
  const rows = [...document.querySelectorAll("[data-row]")];
  if (!rows.length) return false;
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
  const link = next.matches("a") ? next : next.querySelector("a");
  link?.focus();
  next.scrollIntoView({ block: "nearest" });
  return Boolean(link);
}

function single(key) {
  if (chord === "g") return press(`g ${key}`);
  if (key === "/") return press("/");
  if (mode === "visitor") return false;
  if (key === "?") {
    location.assign(document.body.dataset.help);
    return true;
  }
  if (key === "g") {
    chord = "g";
    clearTimeout(timer);
    timer = setTimeout(() => (chord = ""), 1500);
    return true;
  }
  if (key === "j" || key === "k") return move(key === "j" ? 1 : -1);
  const row = document.activeElement?.closest("[data-row]");
  const inRow = row?.querySelector(`[data-row-key="${CSS.escape(key)}"]`);
  if (inRow) {
    inRow.click();
    return true;
  }
  return press(key);
}

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.isComposing || event.defaultPrevented) return;
  if (key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = target.closest?.("form");
    if (form) {
      event.preventDefault();
      form.requestSubmit();
    }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (key === "Escape") {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    return;
  }
  if (mode === "off" || key.length !== 1 || typing(target)) return;
  const acted = single(key);
  if (chord && key !== "g") chord = "";
  if (acted) event.preventDefault();
});
