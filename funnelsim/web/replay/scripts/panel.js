// One plan: its canvases, what is written below them, and what a pointer does on them.

import { paletteNow } from "./palette.js";
import { Scene, lateral } from "./scene.js";
import { Overview, Timeline } from "./strips.js";
import { GATE, OUTCOME, Tracks, countUpTo } from "./tracks.js";

const CLICK_PX = 4; // a pointer that moves further drags

export class Panel {
  constructor(encoded, labels, clock) {
    this.labels = labels;
    this.clock = clock;
    this.tracks = new Tracks(encoded);
    this.begins_s = this.tracks.begins_s;
    this.shown = { targets: false, chosen: -1, labels, clock };
    this.canvases = null;
    const { columns } = this.tracks;
    const sorted = (times) => Float32Array.from(times).filter(isFinite).sort();
    this.done_s = sorted(columns.left_s);
    this.found_s = sorted(columns.found_s);
    this.wavedThrough_s = sorted(columns.passes_s.filter((_, i) => columns.outcome[i] === OUTCOME.AREA_FULL));
    this.follow(0);
  }

  // Show the road of another funnel.
  follow(number) {
    this.number = number;
    this.scene = new Scene(this.tracks, number);
    this.overview = new Overview(this.scene, number);
    this.timeline = new Timeline(this.scene, number);
    if (this.span) this.timeline.fromTo(...this.span);
  }

  // Let the day reach from when to when, in seconds after midnight.
  fromTo(from_s, to_s) {
    this.span = [from_s - this.begins_s, to_s - this.begins_s];
    this.timeline.fromTo(...this.span);
  }

  attach(canvases, { ask, choose, fit }) {
    this.canvases = canvases;
    this.ask = ask;
    this.resize();
    this.observer = new ResizeObserver(() => {
      const before = this.sizes.scene.width;
      this.resize();
      if (this.sizes.scene.width !== before) fit();
      ask();
    });
    for (const canvas of Object.values(canvases)) this.observer.observe(canvas);
    this.onDrag(canvases.scene, (dx, dy) => this.scene.pan(dx, dy), (x, y) => choose(this.scene.pick(this.t, x, y)));
    canvases.scene.addEventListener(
      "wheel",
      (event) => {
        if (!event.ctrlKey) return; // the page scrolls
        event.preventDefault();
        this.zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15, event.offsetX, event.offsetY);
        ask();
      },
      { passive: false },
    );
    const goTo = (x) => {
      const { width } = this.sizes.overview;
      this.scene.view.left_m = this.overview.metresAt(x, width) - this.sizes.scene.width / this.scene.view.scale / 2;
    };
    this.onDrag(canvases.overview, (dx, dy, x) => goTo(x), goTo);
  }

  detach() {
    this.observer?.disconnect();
  }

  onDrag(canvas, drag, click) {
    let from = null;
    canvas.addEventListener("pointerdown", (event) => {
      from = { x: event.offsetX, y: event.offsetY, moved: false };
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!from) return;
      const dx = event.offsetX - from.x;
      const dy = event.offsetY - from.y;
      if (!from.moved && Math.hypot(dx, dy) < CLICK_PX) return;
      drag(dx, dy, event.offsetX);
      from = { x: event.offsetX, y: event.offsetY, moved: true };
      this.ask();
    });
    canvas.addEventListener("pointerup", (event) => {
      if (from && !from.moved) click(event.offsetX, event.offsetY);
      from = null;
      this.ask();
    });
    canvas.addEventListener("pointercancel", () => (from = null));
  }

  resize() {
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    this.sizes = {};
    for (const [name, canvas] of Object.entries(this.canvases)) {
      const { clientWidth: width, clientHeight: height } = canvas;
      this.sizes[name] = { width, height, ratio };
      if (canvas.width !== width * ratio || canvas.height !== height * ratio) {
        canvas.width = width * ratio;
        canvas.height = height * ratio;
      }
    }
  }

  // Show the last metres of the road and the whole area; returns the scale, in pixels a metre.
  fit() {
    const { width, height } = this.sizes.scene;
    this.scene.fit(Math.max(width, 1), Math.max(height, 1));
    return this.scene.view.scale;
  }

  // The whole approach, as wide as the canvas.
  showApproach() {
    const { width, height } = this.sizes.scene;
    const { reach_m } = this.scene.positions;
    const scale = (0.96 * width) / (reach_m + 250);
    this.scene.view = { left_m: -reach_m - 20, top_m: -height / lateral(scale) / 3, scale };
  }

  zoom(factor, x = null, y = null) {
    const { width, height } = this.sizes.scene;
    const at_x = x ?? (0 - this.scene.view.left_m) * this.scene.view.scale; // the selection point, if it is in view
    const inside = at_x > 0 && at_x < width;
    this.scene.zoom(factor, inside ? at_x : width / 2, y ?? height / 3, width);
  }

  // Draw a moment, in seconds after midnight, with or without the strip of the whole approach; returns how many vehicles
  // were in view.
  draw(now_s, whole = true) {
    this.t = now_s - this.begins_s;
    if (!this.sizes.scene.width) return 0; // hidden, as in a tab behind another
    const shown = { ...this.shown, palette: paletteNow() };
    const context = (name) => this.canvases[name].getContext("2d", { alpha: false });
    const drawn = this.scene.draw(context("scene"), this.sizes.scene, this.t, shown);
    this.timeline.draw(context("timeline"), this.sizes.timeline, this.t, shown);
    if (whole) this.overview.draw(context("overview"), this.sizes.overview, this.t, { ...shown, size: this.sizes.scene });
    return drawn;
  }

  // What is written about the moment: pairs of a name and a value.
  status(now_s) {
    const t = now_s - this.begins_s;
    const { tracks, labels } = this;
    const { site } = tracks;
    const gate = labels.gate[GATE[tracks.level(`gate.${this.number}`, t)]];
    const queue_m = Math.round(tracks.level(`queue.${this.number}`, t));
    const pools = site.pools.map((name, k) => {
      const share = `${tracks.level(`used.${k}`, t)} / ${tracks.level(`available.${k}`, t)}`;
      return [labels.busy.replace("NAME", name), share];
    });
    return [
      [labels.selection_point, gate],
      [labels.queue, `${queue_m.toLocaleString(labels.locale)} m`],
      [labels.places_taken, `${tracks.level("taken", t)} / ${site.places}`],
      ...pools,
      [labels.inspected_so_far, countUpTo(this.done_s, t).toLocaleString(labels.locale)],
      [labels.found_so_far, countUpTo(this.found_s, t).toLocaleString(labels.locale)],
      [labels.area_full_so_far, countUpTo(this.wavedThrough_s, t).toLocaleString(labels.locale)],
    ];
  }

  // The vehicle in view that is next to the left or to the right of one; from none, that at the other end; -1 if none is there.
  nextInView(vehicle, step) {
    const { left_m, top_m, scale } = this.scene.view;
    const { width, height } = this.sizes.scene;
    const seen = [];
    this.scene.forEach(this.t, (one, x_m, y_m) => {
      const [x, y] = [(x_m - left_m) * scale, (y_m - top_m) * lateral(scale)];
      if (x >= 0 && x <= width && y >= 0 && y <= height) seen.push({ one, x, y });
    });
    seen.sort((some, other) => step * (some.x - other.x || some.y - other.y));
    const now = seen.findIndex(({ one }) => one === vehicle);
    return (seen[now + 1] ?? seen[now])?.one ?? -1;
  }

  // Where a vehicle is on the canvas at the moment drawn last, in pixels; null where it is not to be seen.
  placeOf(vehicle) {
    let place = null;
    const { left_m, top_m, scale } = this.scene.view;
    this.scene.forEach(this.t, (one, x_m, y_m) => {
      if (one === vehicle) place = { x: (x_m - left_m) * scale - 2, y: (y_m - top_m) * lateral(scale), x_m, y_m };
    });
    return place;
  }
}
