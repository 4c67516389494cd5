// The road and the area to scale, with the vehicles that are in view.

import { Area } from "./area.js";
import { HOLLOW, MISSED_SIGN, SIGNS } from "./palette.js";
import { LANE_WIDTH_M, RoadPositions } from "./positions.js";
import { drawSite } from "./site.js";
import { GATE, OUTCOME, OUTCOMES } from "./tracks.js";

const DETAIL = 2.6; // pixels a metre from which on windows are drawn
const SIGNED = 1.1; // and from which on signs are
const RECOGNISED = 3; // and with which one begins, if the lane need not be whole for it
const LEAST_M = 70; // of the lane that are to be seen in the beginning
const TINY_PX = 2;
const LARGEST = 40;
const LEAST_LATERAL = 1.4;
const FONT = "system-ui, 'DejaVu Sans', sans-serif";

// Pixels a metre across the road: where the whole approach is in view, a road to scale could not be seen.
export function lateral(scale) {
  return Math.max(scale, LEAST_LATERAL);
}

export class Scene {
  constructor(tracks, road) {
    this.tracks = tracks;
    this.positions = new RoadPositions(tracks, road);
    this.road = tracks.site.roads[road];
    this.area = new Area(tracks, this.road);
    this.static = document.createElement("canvas");
    this.staticFor = "";
    // Boxes on the screen by outcome: left, top, width and height in pixels.
    this.boxes = Array.from({ length: OUTCOMES }, () => new Int32Array(4 * 256));
    this.boxCounts = new Int32Array(OUTCOMES);
    this.seen = new Uint32Array(4096 * 64 * OUTCOMES); // in which frame a pixel was covered
    this.frames = 0;
    this.bodies = this.tracks.site.classes.map(bodyOf);
  }

  // The view with which one begins: the last metres of the road, and the whole area.
  fit(width, height) {
    const whole_m = Math.max(this.road.lane_m + 45, 90);
    const left_m = -Math.min(Math.max(width / RECOGNISED - this.area.right_m - 10, LEAST_M), whole_m);
    const top_m = -(this.road.lanes - 0.5) * LANE_WIDTH_M - 9;
    const wide_m = this.area.right_m + 10 - left_m;
    const high_m = this.area.bottom_m + 4 - top_m;
    const scale = Math.min(width / wide_m, height / high_m, LARGEST);
    const above_m = (height / lateral(scale) - high_m) / 2;
    this.view = { left_m: left_m - (width / scale - wide_m) / 2, top_m: top_m - above_m, scale };
  }

  // Zoom about a point of the canvas, in pixels.
  zoom(factor, x, y, width) {
    const { left_m, top_m, scale } = this.view;
    const smallest = (0.9 * width) / (this.positions.reach_m + 400);
    const next = Math.min(LARGEST, Math.max(smallest, scale * factor));
    const shift_m = y / lateral(scale) - y / lateral(next);
    this.view = { left_m: left_m + x / scale - x / next, top_m: top_m + shift_m, scale: next };
  }

  pan(dx, dy) {
    this.view.left_m -= dx / this.view.scale;
    this.view.top_m -= dy / lateral(this.view.scale);
  }

  // Draw the moment; returns how many vehicles were in view.
  draw(context, size, t, shown) {
    const { palette } = shown;
    this.drawStatic(context, size, this.stands(t), shown);
    this.boxCounts.fill(0);
    this.frames++;
    this.details = [];
    this.signs = [];
    this.drawn = 0;
    this.left_m = this.view.left_m - 25;
    this.right_m = this.view.left_m + size.width / this.view.scale + 25;
    this.forEach(t, (vehicle, x_m, y_m) => this.box(vehicle, x_m, y_m, size, shown));
    for (let outcome = 0; outcome < OUTCOMES; outcome++) this.fill(context, outcome, palette);
    this.drawDetails(context, palette);
    this.drawOfficers(context, t, palette);
    this.drawSigns(context, t, shown);
    return this.drawn;
  }

  // Visit every vehicle in the area and, as far as it is in view, on the road: the middle of its front, in metres.
  forEach(t, visit) {
    const { positions } = this;
    positions.at(t, -this.view.left_m);
    for (let i = 0; i < positions.count; i++) visit(positions.vehicle[i], positions.x_m[i], positions.y_m[i]);
    this.area.at(t, visit);
  }

  // What the selection point does at a moment.
  gate(t) {
    return GATE[this.tracks.level(`gate.${this.tracks.site.roads.indexOf(this.road)}`, t)];
  }

  // Whether cones close lanes at a moment: before the opening, after the closing and while the funnel is lifted, vehicles
  // drive in all of them.
  stands(t) {
    return !["closed", "lifted"].includes(this.gate(t));
  }

  drawStatic(context, { width, height, ratio }, stands, { palette, labels }) {
    const key = [width, height, ratio, stands, palette.paper, palette.muted, ...Object.values(this.view)].join();
    if (key !== this.staticFor) {
      this.static.width = width * ratio;
      this.static.height = height * ratio;
      const still = this.static.getContext("2d", { alpha: false });
      still.setTransform(ratio, 0, 0, ratio, 0, 0);
      drawSite(still, this, { width, height }, stands, palette, labels);
      this.staticFor = key;
    }
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(this.static, 0, 0);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  box(vehicle, x_m, y_m, size, { targets, chosen }) {
    const { scale, left_m, top_m } = this.view;
    if (x_m < this.left_m || x_m > this.right_m) return;
    const { vehicle_class, outcome: outcomes, target } = this.tracks.columns;
    const body = this.bodies[vehicle_class[vehicle]];
    const width = Math.max(1, Math.round(body.length_m * scale));
    const height = Math.max(1, Math.round(body.width_m * lateral(scale)));
    const left = Math.round((x_m - left_m) * scale) - width;
    const top = Math.round((y_m - top_m) * lateral(scale) - height / 2);
    if (top > size.height || top + height < 0) return;
    const outcome = outcomes[vehicle];
    if (width <= TINY_PX && this.covered(left, top, outcome)) {
      this.drawn++;
      return;
    }
    let boxes = this.boxes[outcome];
    const at = 4 * this.boxCounts[outcome]++;
    if (at + 4 > boxes.length) {
      boxes = new Int32Array(2 * boxes.length);
      boxes.set(this.boxes[outcome]);
      this.boxes[outcome] = boxes;
    }
    boxes[at] = left;
    boxes[at + 1] = top;
    boxes[at + 2] = width;
    boxes[at + 3] = height;
    this.drawn++;
    if (scale >= DETAIL) this.details.push(left, top, width, height, body);
    const missed = targets && target[vehicle] > 0 && outcome !== OUTCOME.TARGET_FOUND;
    const sign = missed ? MISSED_SIGN : SIGNS[outcome];
    if (vehicle === chosen || (sign && (scale >= SIGNED || missed))) {
      this.signs.push({ sign, missed, outcome, left, top, width, height, chosen: vehicle === chosen });
    }
  }

  // Whether a vehicle of the same outcome is drawn at the same pixel already, where there are more vehicles than pixels.
  covered(left, top, outcome) {
    const at = (((left & 4095) << 6) | (top & 63)) * OUTCOMES + outcome;
    if (this.seen[at] === this.frames) return true;
    this.seen[at] = this.frames;
    return false;
  }

  fill(context, outcome, palette) {
    const boxes = this.boxes[outcome];
    const count = 4 * this.boxCounts[outcome];
    context.fillStyle = palette.outcomes[outcome];
    for (let i = 0; i < count; i += 4) context.fillRect(boxes[i], boxes[i + 1], boxes[i + 2], boxes[i + 3]);
    if (!HOLLOW.has(outcome)) return;
    context.fillStyle = palette.road;
    for (let i = 0; i < count; i += 4) {
      if (boxes[i + 2] > 4 && boxes[i + 3] > 3) {
        context.fillRect(boxes[i] + 1, boxes[i + 1] + 1, boxes[i + 2] - 2, boxes[i + 3] - 2);
      }
    }
  }

  drawDetails(context, palette) {
    const { details } = this;
    const { scale } = this.view;
    for (const [kind, colour] of [["glass", palette.glass], ["gaps", palette.road], ["cooler", palette.paper]]) {
      context.fillStyle = colour;
      for (let i = 0; i < details.length; i += 5) {
        const right = details[i] + details[i + 2];
        const height = details[i + 3];
        for (const [from_m, to_m] of details[i + 4][kind]) {
          const x = Math.round(right - to_m * scale);
          const w = Math.max(1, Math.round((to_m - from_m) * scale));
          const inset = kind === "gaps" ? 0 : Math.max(1, Math.round(height * 0.18));
          context.fillRect(x, details[i + 1] + inset, w, height - 2 * inset);
        }
      }
    }
  }

  // The officers who look at the selection point, and those who work at each bay or spot.
  drawOfficers(context, t, palette) {
    const { tracks, area, view } = this;
    const officers = new Map();
    tracks.stagesAt(t, (vehicle, stage) => {
      officers.set(vehicle, (officers.get(vehicle) ?? 0) + tracks.site.stage_officers[stage]);
    });
    context.fillStyle = palette.officer;
    const place = (x_m, y_m) => this.dot(context, (x_m - view.left_m) * view.scale, (y_m - view.top_m) * lateral(view.scale));
    if (officers.size) {
      area.at(t, (vehicle, x_m, y_m, where) => {
        if (!where || !officers.has(vehicle)) return;
        const left_m = area.placeOf(...where).x_m;
        for (let i = 0; i < officers.get(vehicle); i++) place(left_m + area.place_m - 1.6 - 1.5 * i, y_m + 1.95);
      });
    }
    if (["selecting", "suspended", "last_minutes"].includes(this.gate(t))) {
      for (let i = 0; i < tracks.site.look_officers; i++) place(-1 - 3 * i, LANE_WIDTH_M / 2 + 1.1);
    }
  }

  dot(context, x, y) {
    context.beginPath();
    context.arc(x, y, Math.max(1.5, Math.min(7, 0.62 * this.view.scale)), 0, 2 * Math.PI);
    context.fill();
  }

  drawSigns(context, t, { palette, looks }) {
    const size = Math.round(Math.min(17, Math.max(9, 2.6 * this.view.scale)));
    context.font = `${size}px ${FONT}`;
    context.textAlign = "center";
    context.textBaseline = "bottom";
    for (const { sign, missed, outcome, left, top, width, height, chosen } of this.signs) {
      if (chosen) {
        context.strokeStyle = palette.ink;
        context.lineWidth = 2;
        context.strokeRect(left - 4, top - 4, width + 8, height + 8);
      }
      if (!sign) continue;
      context.fillStyle = missed ? palette.missed : palette.outcomes[outcome];
      context.fillText(sign, left + width / 2, chosen ? top - 4 : top + 1);
    }
    this.drawLook(context, t, palette);
  }

  // A ring around the vehicles that officers look at.
  drawLook(context, t, palette) {
    const { look_from_s } = this.tracks.columns;
    const { positions, view, bodies } = this;
    context.strokeStyle = palette.officer;
    context.lineWidth = 1.5;
    for (let i = 0; i < positions.count; i++) {
      const vehicle = positions.vehicle[i];
      if (positions.x_m[i] > 0 || positions.x_m[i] < -60 || look_from_s[vehicle] > t) continue;
      const body = bodies[this.tracks.columns.vehicle_class[vehicle]];
      const x = (positions.x_m[i] - body.length_m - view.left_m) * view.scale;
      const y = (positions.y_m[i] - body.width_m / 2 - view.top_m) * lateral(view.scale);
      context.strokeRect(x - 2.5, y - 2.5, body.length_m * view.scale + 5, body.width_m * lateral(view.scale) + 5);
    }
  }

  // The vehicle nearest to a point of the canvas, in pixels; -1 where there is none.
  pick(t, x, y) {
    const { scale, left_m, top_m } = this.view;
    const at_x_m = left_m + x / scale;
    const at_y_m = top_m + y / lateral(scale);
    let found = -1;
    let nearest_px = 8;
    this.forEach(t, (vehicle, x_m, y_m) => {
      const body = this.bodies[this.tracks.columns.vehicle_class[vehicle]];
      const beyond_x = Math.max(x_m - body.length_m - at_x_m, at_x_m - x_m, 0);
      const beyond_y = Math.max(Math.abs(at_y_m - y_m) - body.width_m / 2, 0);
      const distance_px = Math.hypot(beyond_x * scale, beyond_y * lateral(scale));
      if (distance_px < nearest_px) [found, nearest_px] = [vehicle, distance_px];
    });
    return found;
  }
}

// How a class looks from above, as stretches in metres from its front: windows, gaps between its parts, a cooler.
export function bodyOf({ name, length_m }) {
  const width_m = length_m < 6 ? 1.9 : length_m < 9 ? 2.15 : 2.55;
  const body = { length_m, width_m, glass: [], gaps: [], cooler: [] };
  if (length_m >= 14) {
    body.glass.push([0.4, 1.0]);
    body.gaps.push([2.4, 3.1]);
    if (name === "reefer") body.cooler.push([3.6, 4.6]);
  } else if (length_m >= 10) {
    body.glass.push([0.3, 0.9]);
    for (let at_m = 2; at_m < length_m - 1.5; at_m += 2) body.glass.push([at_m, at_m + 1.2]);
  } else if (name === "camper") {
    body.glass.push([0.6, 1.3]);
    body.cooler.push([3.2, 4.4]);
  } else if (length_m >= 6.2) {
    body.glass.push([0.7, 1.4]);
  } else {
    body.glass.push([0.28 * length_m, 0.42 * length_m], [0.78 * length_m, 0.88 * length_m]);
  }
  return body;
}
