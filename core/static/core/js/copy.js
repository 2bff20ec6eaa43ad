/** Buttons that copy a text: `data-copy` holds it, `data-msg-done` what to say afterwards. */
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  event.preventDefault();
  const text = button.dataset.copy || document.getElementById(button.dataset.copyFrom)?.innerText;
  await put(text);
  const line = button.parentElement.querySelector("[role=status]") ?? button;
  line.textContent = button.dataset.msgDone;
});

async function put(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Plain HTTP on a LAN address has no clipboard: select a hidden field instead.
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "vh";
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
}
