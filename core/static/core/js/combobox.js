/**
 * A text field with suggestions, by the ARIA pattern of a list combobox. Markup: the component
 * combobox.html. `data-combobox` is the address that answers `?q=` with JSON
 * `{results: [{value, label, note}]}`; `data-code` names the hidden field that stores the code.
 */
const WAIT = 150;
let count = 0;

class Combobox {
  constructor(input) {
    this.input = input;
    this.list = document.getElementById(input.getAttribute("aria-controls"));
    this.status = input.parentElement.querySelector("[role=status]");
    this.code = document.getElementById(input.dataset.code ?? "");
    this.at = -1;
    input.addEventListener("input", () => this.later());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => setTimeout(() => this.close(), WAIT));
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", ({ target }) => this.pick(target.closest("[role=option]")));
  }

  later() {
    if (this.code) this.code.value = "";
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), WAIT);
  }

  async ask() {
    this.request?.abort();
    const text = this.input.value.trim();
    if (!text) return this.close();
    this.request = new AbortController();
    const address = new URL(this.input.dataset.combobox, location.href);
    address.searchParams.set("q", text);
    try {
      const answer = await fetch(address, { signal: this.request.signal, headers: { Accept: "application/json" } });
      if (answer.ok) this.show((await answer.json()).results, text);
    } catch {
      // A newer request or a lost connection: the field stays a plain text field.
    }
  }

  show(results, text) {
    this.at = -1;
    this.list.replaceChildren(...results.map((result) => this.option(result, text)));
    const open = results.length > 0 && document.activeElement === this.input;
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
    this.input.removeAttribute("aria-activedescendant");
    const words = this.input.dataset;
    const message = results.length ? words.msgCount?.replace("{n}", results.length) : words.msgNone;
    if (this.status) this.status.textContent = message ?? "";
  }

  option({ value, label, note }, text) {
    const item = document.createElement("li");
    item.id = `option-${(count += 1)}`;
    item.role = "option";
    item.dataset.value = value ?? "";
    item.dataset.label = label;
    item.setAttribute("aria-selected", "false");
    item.append(highlighted(label, text));
    if (note) {
      const side = document.createElement("span");
      side.className = "meta";
      side.textContent = note;
      item.append(side);
    }
    return item;
  }

  key(event) {
    const options = [...this.list.children];
    if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.close();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && options.length) {
      event.preventDefault();
      this.list.hidden = false;
      this.input.setAttribute("aria-expanded", "true");
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.mark((this.at + step + options.length) % options.length);
    } else if (event.key === "Enter" && !event.isComposing && this.at >= 0 && !this.list.hidden) {
      event.preventDefault();
      this.pick(options[this.at]);
    }
  }

  mark(at) {
    this.at = at;
    for (const [index, item] of [...this.list.children].entries()) {
      item.setAttribute("aria-selected", String(index === at));
      if (index === at) {
        this.input.setAttribute("aria-activedescendant", item.id);
        item.scrollIntoView({ block: "nearest" });
      }
    }
  }

  pick(item) {
    if (!item) return;
    this.input.value = item.dataset.label;
    if (this.code) this.code.value = item.dataset.value;
    this.close();
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  close() {
    this.list.hidden = true;
    this.at = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

function highlighted(label, text) {
  const line = document.createElement("span");
  const at = label.toLowerCase().indexOf(text.toLowerCase());
  if (at < 0) {
    line.textContent = label;
    return line;
  }
  const mark = document.createElement("mark");
  mark.textContent = label.slice(at, at + text.length);
  line.append(label.slice(0, at), mark, label.slice(at + text.length));
  return line;
}

/* Made on first focus, so that a field that arrives later works too. */
const made = new WeakSet();
document.addEventListener("focusin", ({ target }) => {
  if (!target.matches?.("[data-combobox]") || made.has(target)) return;
  made.add(target);
  new Combobox(target);
});
