// Two strips: the whole approach with its queue, and the day with the queue over time, the valve and the moments.

import { HOLLOW } from "./palette.js";
import { DOWNSTREAM_M } from "./positions.js";
import { GATE, OUTCOME, OUTCOMES } from "./tracks.js";

const FONT = "11px system-ui, 'DejaVu Sans', sans-serif";
const ROAD_Y = 30;
const MARGIN = 8;
export const MOMENT_SIGNS = {
  opens: "▷",
  closes: "◁",
  critical: "!",
  area_full: "■",
  found: "★",
  suspended: "‖",
  lifted: "△",
  resumed: "▸",
};

const RAREST_FIRST = ["found", "critical", "lifted", "opens", "closes", "suspended", "resumed", "area_full"];
const IN_AREA = new Set(["found", "area_full"]); // whatever the road
const SIGN_PX = 12;

export class Overview {
  constructor(scene, number) {
    this.scene = scene;
    this.queue = `queue.${number}`;
  }

  x(metres, width) {
    const from_m = -this.scene.positions.reach_m;
    return MARGIN + ((metres - from_m) / (DOWNSTREAM_M - from_m)) * (width - 2 * MARGIN);
  }

  metresAt(x, width) {
    const from_m = -this.scene.positions.reach_m;
    return from_m + ((x - MARGIN) / (width - 2 * MARGIN)) * (DOWNSTREAM_M - from_m);
  }

  draw(context, { width, height, ratio }, t, { palette, labels, size }) {
    const { scene } = this;
    const { road } = scene;
    const x = (metres) => this.x(metres, width);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = palette.paper;
    context.fillRect(0, 0, width, height);
    context.fillStyle = palette.road;
    context.fillRect(MARGIN, ROAD_Y - 4, width - 2 * MARGIN, 9);
    this.drawMarks(context, x, palette, labels, width);
    this.drawVehicles(context, x, t, width, palette);
    const queue_m = scene.tracks.level(this.queue, t);
    if (queue_m > 0) {
      context.fillStyle = palette.queue;
      const left = x(-road.lane_m - queue_m);
      context.fillRect(left, ROAD_Y - 10, Math.max(2, x(-road.lane_m) - left), 4);
      context.font = FONT;
      context.textAlign = "right";
      context.textBaseline = "bottom";
      context.fillText(`${labels.queue} ${Math.round(queue_m).toLocaleString(labels.locale)} m`, Math.max(left - 4, 90), ROAD_Y - 3);
    }
    context.strokeStyle = palette.ink;
    context.lineWidth = 1.5;
    const left = Math.max(MARGIN, x(scene.view.left_m));
    const right = Math.min(width - MARGIN, x(scene.view.left_m + size.width / scene.view.scale));
    context.strokeRect(left, ROAD_Y - 14, Math.max(3, right - left), 24);
  }

  // A line for each pixel of the road and each outcome that there is on it.
  drawVehicles(context, x, t, width, palette) {
    const { positions, tracks } = this.scene;
    const there = new Uint8Array(Math.ceil(width + 1) * OUTCOMES);
    positions.at(t);
    for (let i = 0; i < positions.count; i++) {
      const column = Math.min(Math.max(Math.round(x(positions.x_m[i])), 0), Math.ceil(width));
      there[column * OUTCOMES + tracks.columns.outcome[positions.vehicle[i]]] = 1;
    }
    for (let outcome = 0; outcome < OUTCOMES; outcome++) {
      context.fillStyle = palette.outcomes[outcome];
      const [top, height] = HOLLOW.has(outcome) ? [ROAD_Y - 1, 3] : [ROAD_Y - 3, 7];
      for (let column = 0; column <= width; column++) {
        if (there[column * OUTCOMES + outcome]) context.fillRect(column, top, 1, height);
      }
    }
  }

  drawMarks(context, x, palette, labels, width) {
    const { road } = this.scene;
    context.font = FONT;
    context.textBaseline = "top";
    context.textAlign = "center";
    const marks = [["selection_point", 0], ["taper", -road.lane_m], ...Object.entries(road.marks).map(([name, m]) => [name, -road.lane_m - m])];
    let taken = width;
    for (const [name, metres] of marks.sort((one, other) => other[1] - one[1])) {
      const text = labels.marks[name] ?? labels[name];
      const at = x(metres);
      context.fillStyle = palette.muted;
      context.fillRect(Math.round(at), ROAD_Y - 6, 1, 18);
      const half = context.measureText(text).width / 2 + 4;
      const middle = Math.min(at, width - half - MARGIN);
      if (middle + half > taken) continue;
      context.fillStyle = palette.ink;
      context.fillText(text, Math.max(middle, half), ROAD_Y + 13);
      taken = middle - half;
    }
  }
}

export class Timeline {
  constructor(scene, number) {
    this.tracks = scene.tracks;
    this.road = scene.road;
    this.number = number;
    this.fromTo(0, this.tracks.lasts_s);
    this.still = document.createElement("canvas");
  }

  // From when to when it reaches: two plans side by side have one axis.
  fromTo(from_s, to_s) {
    this.from_s = from_s;
    this.to_s = to_s;
    this.stillFor = "";
  }

  x(t, width) {
    return MARGIN + ((t - this.from_s) / (this.to_s - this.from_s)) * (width - 2 * MARGIN);
  }

  timeAt(x, width) {
    return this.from_s + ((x - MARGIN) / (width - 2 * MARGIN)) * (this.to_s - this.from_s);
  }

  draw(context, size, t, { palette, labels, clock }) {
    const { width, height, ratio } = size;
    const key = [width, height, ratio, palette.paper, palette.muted].join();
    if (key !== this.stillFor) {
      this.still.width = width * ratio;
      this.still.height = height * ratio;
      const still = this.still.getContext("2d", { alpha: false });
      still.setTransform(ratio, 0, 0, ratio, 0, 0);
      this.drawStill(still, size, palette, labels, clock);
      this.stillFor = key;
    }
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(this.still, 0, 0);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = palette.ink;
    context.fillRect(Math.round(this.x(t, width)) - 1, 0, 2, height - 14);
  }

  drawStill(context, { width, height }, palette, labels, clock) {
    const bottom = height - 24;
    const top = 18;
    context.fillStyle = palette.paper;
    context.fillRect(0, 0, width, height);
    this.drawQueue(context, width, top, bottom, palette, labels);
    this.drawGate(context, width, bottom + 1, palette);
    this.drawHours(context, width, height, palette, clock);
    context.font = "12px system-ui, 'DejaVu Sans', sans-serif";
    context.textAlign = "center";
    context.textBaseline = "top";
    const taken = []; // where signs are: of those that would cover each other, the rarer one is drawn
    const here = this.tracks.moments.filter(({ kind, road }) => road === this.number || IN_AREA.has(kind));
    const rank = (one) => RAREST_FIRST.indexOf(one.kind);
    for (const { time_s, kind } of here.sort((one, other) => rank(one) - rank(other))) {
      const at = this.x(time_s, width);
      context.fillStyle = colourOf(kind, palette);
      context.fillRect(Math.round(at), 14, 1, 4);
      if (taken.some((other) => Math.abs(other - at) < SIGN_PX)) continue;
      context.fillText(MOMENT_SIGNS[kind], at, 1);
      taken.push(at);
    }
  }

  drawQueue(context, width, top, bottom, palette, labels) {
    const { columns } = this.tracks;
    const times_s = columns[`queue.${this.number}.from_s`];
    const metres = columns[`queue.${this.number}`];
    const critical_m = this.road.marks.critical;
    const most_m = Math.max(100, this.road.longest_m * 1.1);
    const y = (m) => bottom - (m / most_m) * (bottom - top);
    context.fillStyle = palette.queue;
    context.beginPath();
    context.moveTo(MARGIN, bottom);
    for (let i = 0; i < times_s.length && times_s[i] <= this.to_s; i++) {
      const at = Math.max(MARGIN, this.x(Math.max(times_s[i], this.from_s), width));
      context.lineTo(at, i ? y(metres[i - 1]) : bottom);
      context.lineTo(at, y(metres[i]));
    }
    context.lineTo(width - MARGIN, y(this.tracks.level(`queue.${this.number}`, this.to_s)));
    context.lineTo(width - MARGIN, bottom);
    context.fill();
    context.font = FONT;
    context.fillStyle = palette.ink;
    context.textAlign = "right";
    context.textBaseline = "top";
    const longest = `${labels.longest_queue} ${Math.round(this.road.longest_m).toLocaleString(labels.locale)} m`;
    context.strokeStyle = palette.paper;
    context.lineWidth = 4;
    context.strokeText(longest, width - MARGIN, top); // legible on the queue
    context.fillText(longest, width - MARGIN, top);
    if (critical_m && critical_m < most_m) {
      context.fillStyle = palette.missed;
      context.fillRect(MARGIN, Math.round(y(critical_m)), width - 2 * MARGIN, 1);
    }
  }

  drawGate(context, width, y, palette) {
    const { columns } = this.tracks;
    const from_s = columns[`gate.${this.number}.from_s`];
    const states = columns[`gate.${this.number}`];
    for (let i = 0; i < states.length; i++) {
      const colour = palette.shade[GATE[states[i]]];
      if (!colour) continue;
      const left = this.x(Math.max(this.from_s, from_s[i]), width);
      const right = this.x(Math.min(this.to_s, i + 1 < from_s.length ? from_s[i + 1] : this.to_s), width);
      context.fillStyle = colour;
      if (right > left) context.fillRect(left, y, right - left, 7);
    }
    context.strokeStyle = palette.edge;
    context.lineWidth = 1;
    context.strokeRect(MARGIN + 0.5, y + 0.5, width - 2 * MARGIN - 1, 6);
  }

  drawHours(context, width, height, palette, clock) {
    const begins_s = this.tracks.begins_s + this.from_s;
    const lasts_s = this.to_s - this.from_s;
    const each_s = [900, 1800, 3600, 7200, 10800, 21600, 43200, 86400].find((one) => (width / lasts_s) * one > 55) ?? 172800;
    context.font = FONT;
    context.fillStyle = palette.muted;
    context.textBaseline = "bottom";
    context.textAlign = "center";
    for (let at_s = Math.ceil(begins_s / each_s) * each_s; at_s <= begins_s + lasts_s; at_s += each_s) {
      const at = this.x(at_s - this.tracks.begins_s, width);
      if (at > 20 && at < width - 20) context.fillText(clock(at_s).slice(0, 5), at, height - 1);
    }
  }
}

function colourOf(kind, palette) {
  if (kind === "found") return palette.outcomes[OUTCOME.TARGET_FOUND];
  if (kind === "critical" || kind === "lifted") return palette.missed;
  return kind === "area_full" ? palette.outcomes[OUTCOME.AREA_FULL] : palette.ink;
}

