/** What every page does: one submit per click, focus on what changed, words for failed requests. */

/* The second click of a double click is ignored; the server knows the form's key anyway. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  form.removeAttribute("data-changed");
});

/* Back from the next page: the form may be sent again. */
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

/* A form that says so warns before what was typed is lost. */
document.addEventListener("input", ({ target }) => {
  target.closest?.("form[data-guard]")?.setAttribute("data-changed", "");
});
window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-changed]")) event.preventDefault();
});

/* After a refused form the reader starts at the list of errors, which links to the fields. */
document.querySelector("[data-focus]")?.focus();

/* Leaving in a hurry: this page drops out of the history. */
document.addEventListener("click", (event) => {
  const exit = event.target.closest?.("[data-quick-exit]");
  if (!exit) return;
  event.preventDefault();
  location.replace(exit.href);
});

document.addEventListener("click", ({ target }) => {
  if (target.closest?.("[data-print]")) window.print();
});

/* A menu closes when the reader goes on. */
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

/* A control that narrows a list sends its form by itself; without script the button does it. */
document.addEventListener("change", ({ target }) => {
  const form = target.closest?.("form[data-instant]");
  if (form && !form.hasAttribute("hx-get")) form.requestSubmit();
});

/* A request that brought no answer says so beside the list and offers another try. */
for (const name of ["htmx:error", "htmx:response:error"]) {
  document.addEventListener(name, ({ target }) => {
    const line = target.closest?.("[data-retry]")?.querySelector("[data-retry-line]");
    if (line) line.hidden = false;
  });
}
document.addEventListener("htmx:before:request", ({ target }) => {
  const line = target.closest?.("[data-retry]")?.querySelector("[data-retry-line]");
  if (line) line.hidden = true;
});
