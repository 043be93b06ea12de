// Drawing the boxes that hide faces and plates. Without this file the numbers are typed; with it they are written here.

/** The rows of four numbers beside the picture; more are added as needed. */
class Rows {
  constructor(holder) {
    this.holder = holder;
    this.model = holder.querySelector("[data-box-row]").cloneNode(true);
    for (const input of this.model.querySelectorAll("input")) input.value = "";
  }

  all() {
    return [...this.holder.querySelectorAll("[data-box-row]")];
  }

  read(row) {
    const values = ["x", "y", "width", "height"].map((name) => parseFloat(row.querySelector(`[name=${name}]`).value));
    return values.every(Number.isFinite) ? values : null;
  }

  add(values) {
    let row = this.all().find((candidate) => [...candidate.querySelectorAll("input")].every((input) => !input.value.trim()));
    if (!row) this.holder.append((row = this.model.cloneNode(true)));
    ["x", "y", "width", "height"].forEach((name, at) => (row.querySelector(`[name=${name}]`).value = values[at].toFixed(1)));
  }

  clear(row) {
    for (const input of row.querySelectorAll("input")) input.value = "";
  }
}

function start(figure) {
  const holder = document.querySelector("[data-box-rows]");
  const rows = new Rows(holder);
  const place = (event) => {
    const frame = figure.getBoundingClientRect();
    const part = (value) => Math.min(100, Math.max(0, value * 100));
    return [part((event.clientX - frame.left) / frame.width), part((event.clientY - frame.top) / frame.height)];
  };
  const between = ([ax, ay], [bx, by]) => [Math.min(ax, bx), Math.min(ay, by), Math.abs(ax - bx), Math.abs(ay - by)];
  const put = (box, [x, y, width, height]) => Object.assign(box.style, { left: `${x}%`, top: `${y}%`, width: `${width}%`, height: `${height}%` });

  const draw = () => {
    figure.querySelectorAll(".box").forEach((box) => box.remove());
    for (const row of rows.all()) {
      const values = rows.read(row);
      if (!values) continue;
      const box = document.createElement("button");
      box.type = "button";
      box.className = "box";
      box.setAttribute("aria-label", holder.dataset.remove);
      put(box, values);
      box.addEventListener("pointerdown", (event) => event.stopPropagation());
      box.addEventListener("click", () => { rows.clear(row); draw(); });
      figure.append(box);
    }
  };

  let from = null;
  let ghost = null;
  figure.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    figure.setPointerCapture(event.pointerId);
    from = place(event);
    figure.append((ghost = Object.assign(document.createElement("span"), { className: "box" })));
  });
  figure.addEventListener("pointermove", (event) => from && put(ghost, between(from, place(event))));
  const end = (event) => {
    if (!from) return;
    const values = between(from, place(event));
    from = null;
    ghost.remove();
    if (values[2] >= 1 && values[3] >= 1) rows.add(values);
    draw();
  };
  figure.addEventListener("pointerup", end);
  figure.addEventListener("pointercancel", end);
  holder.addEventListener("input", draw);
  figure.dataset.live = "";
  document.querySelector("[data-boxes-hint]").hidden = false;
  draw();
}

document.querySelectorAll("[data-boxes]").forEach(start);
