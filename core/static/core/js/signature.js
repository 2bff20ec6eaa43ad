/**
 * Signing on the screen. A canvas with `data-signature` (id of the hidden field) draws what finger,
 * pen or mouse do; each stroke puts the drawing into the field as a PNG data address.
 */
const LINE = 2.5;

class Pad {
  constructor(canvas) {
    this.canvas = canvas;
    this.field = document.getElementById(canvas.dataset.signature);
    this.pen = canvas.getContext("2d");
    this.fit();
    canvas.addEventListener("pointerdown", (event) => this.start(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    canvas.addEventListener("pointerup", () => this.keep());
  }

  /* Draw in device pixels, black on white whatever the theme: it will be printed. */
  fit() {
    const ratio = devicePixelRatio || 1;
    this.canvas.width = this.canvas.clientWidth * ratio;
    this.canvas.height = this.canvas.clientHeight * ratio;
    this.pen.scale(ratio, ratio);
    this.pen.lineWidth = LINE;
    this.pen.lineCap = this.pen.lineJoin = "round";
  }

  start(event) {
    this.canvas.setPointerCapture(event.pointerId);
    this.pen.beginPath();
    this.pen.moveTo(event.offsetX, event.offsetY);
    this.drawing = true;
  }

  move(event) {
    if (!this.drawing) return;
    this.pen.lineTo(event.offsetX, event.offsetY);
    this.pen.stroke();
  }

  keep() {
    this.drawing = false;
    this.field.value = this.canvas.toDataURL("image/png");
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  clear() {
    this.pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.field.value = "";
  }
}

const pads = new Map();
for (const canvas of document.querySelectorAll("canvas[data-signature]")) {
  pads.set(canvas.dataset.signature, new Pad(canvas));
}
document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-signature-clear]");
  if (button) pads.get(button.dataset.signatureClear)?.clear();
});
