// What does not move: the road with its lanes, the cones while they stand, the selection point, and the area.

import { lateral } from "./scene.js";
import { DOWNSTREAM_M, LANE_WIDTH_M, TAPER_M } from "./positions.js";

const SMALL = "12px system-ui, 'DejaVu Sans', sans-serif";
const WRITTEN = 1.0; // pixels a metre from which on the labels of the area have room

export function drawSite(context, scene, { width, height }, stands, palette, labels) {
  const { view, road, area } = scene;
  const x = (metres) => Math.round((metres - view.left_m) * view.scale);
  const y = (metres) => Math.round((metres - view.top_m) * lateral(view.scale));
  context.fillStyle = palette.paper;
  context.fillRect(0, 0, width, height);
  context.font = SMALL;
  drawArea(context, { x, y, area, view, palette, labels });
  drawRoad(context, { x, y, road, scene, stands, palette });
  drawMarks(context, { x, y, road, palette, labels });
  drawScale(context, { view, height, palette, labels });
}

function drawRoad(context, { x, y, road, scene, stands, palette }) {
  const top_m = -(road.lanes - 0.5) * LANE_WIDTH_M;
  const bottom_m = 0.5 * LANE_WIDTH_M;
  const from_m = -scene.positions.reach_m;
  const rect = (left, top, right, bottom) => context.fillRect(x(left), y(top), x(right) - x(left), y(bottom) - y(top));
  context.fillStyle = palette.road;
  rect(from_m, top_m, DOWNSTREAM_M, bottom_m);
  if (stands && road.lanes > 1) {
    // The lanes that cones close, from the taper to behind the selection point.
    context.fillStyle = palette.closed;
    context.beginPath();
    context.moveTo(x(-road.lane_m - TAPER_M), y(top_m));
    context.lineTo(x(-road.lane_m), y(-0.5 * LANE_WIDTH_M));
    context.lineTo(x(8), y(-0.5 * LANE_WIDTH_M));
    context.lineTo(x(8 + TAPER_M / 2), y(top_m));
    context.fill();
    context.fillStyle = palette.missed;
    for (let at_m = -road.lane_m; at_m <= 8; at_m += 8) cone(context, x(at_m), y(-0.5 * LANE_WIDTH_M), scene.view.scale);
    for (let part = 0; part < 1; part += 0.25) {
      const metres = (1 - part) * top_m + part * -0.5 * LANE_WIDTH_M;
      cone(context, x(-road.lane_m - TAPER_M * (1 - part)), y(metres), scene.view.scale);
    }
  }
  context.strokeStyle = palette.paper;
  context.lineWidth = 1;
  context.setLineDash([8, 8]);
  for (let lane = 1; lane < road.lanes; lane++) {
    const at = y(-(lane - 0.5) * LANE_WIDTH_M) + 0.5;
    line(context, x(from_m), at, x(stands ? -road.lane_m - TAPER_M : DOWNSTREAM_M), at);
    if (stands) line(context, x(8 + TAPER_M / 2), at, x(DOWNSTREAM_M), at);
  }
  context.setLineDash([]);
}

function cone(context, x, y, scale) {
  const size = Math.max(1, Math.min(5, 0.8 * scale));
  context.fillRect(x - size / 2, y - size / 2, size, size);
}

function drawMarks(context, { x, y, road, palette, labels }) {
  const top = y(-(road.lanes - 0.5) * LANE_WIDTH_M);
  const bottom = y(0.5 * LANE_WIDTH_M);
  context.textBaseline = "alphabetic";
  context.lineWidth = 2;
  context.strokeStyle = palette.ink;
  context.fillStyle = palette.ink;
  line(context, x(0), bottom - (bottom - top) / road.lanes, x(0), bottom + 8);
  context.textAlign = "right";
  context.fillText(labels.selection_point, x(0) - 8, bottom + 26);
  context.textAlign = "left";
  context.fillText(labels.taper, x(-road.lane_m), top - 8);
  context.strokeStyle = palette.muted;
  context.lineWidth = 1;
  line(context, x(-road.lane_m), top - 6, x(-road.lane_m), top);
  context.fillStyle = palette.ink;
  const taken = [x(-road.lane_m)]; // the left end of the last label in each row, the lowest first
  for (const [name, metres] of Object.entries(road.marks).sort((one, other) => one[1] - other[1])) {
    const at = x(-road.lane_m - metres) + 0.5;
    const text = `${labels.marks[name]} ${metres.toLocaleString(labels.locale)} m`;
    const row = [...taken, Infinity].findIndex((left) => at + 8 + context.measureText(text).width < left);
    taken[row] = at;
    context.setLineDash(name === "critical" ? [] : [4, 3]);
    line(context, at, top - 22 - 16 * row, at, bottom + 4);
    context.fillText(text, at + 4, top - 12 - 16 * row);
  }
  context.setLineDash([]);
}

function drawArea(context, { x, y, area, view, palette, labels }) {
  const groups = Object.values(area.groups);
  if (!groups.length) return;
  const half_m = area.rowHeight() / 2;
  context.fillStyle = palette.closed;
  const left = x(area.groups[groups[0].name].x_m - 4);
  context.fillRect(left, y(area.top_m - 5), x(area.right_m + 4) - left, y(area.bottom_m + 2) - y(area.top_m - 5));
  // The way there from the selection point, and back to the road.
  context.strokeStyle = palette.closed;
  context.lineWidth = Math.max(2, 4 * view.scale);
  context.beginPath();
  context.moveTo(x(1), y(0));
  context.lineTo(x(19), y(area.top_m + half_m));
  context.lineTo(x(24), y(area.top_m + half_m));
  context.stroke();
  context.lineWidth = 1;
  for (const group of groups) {
    for (let number = 1; number <= group.count; number++) {
      const { x_m, y_m } = area.placeOf(group.name, number);
      const box = [x(x_m) + 0.5, y(y_m - half_m) + 0.5, x(x_m + area.place_m) - x(x_m), y(y_m + half_m) - y(y_m - half_m)];
      if (group.name !== "waiting") {
        context.fillStyle = palette.paper;
        context.fillRect(...box);
      }
      context.strokeStyle = group.name === "waiting" ? palette.space : palette.edge;
      context.setLineDash(group.name === "waiting" ? [4, 3] : []);
      context.strokeRect(...box);
      context.setLineDash([]);
      if (view.scale < 2.4) continue;
      context.fillStyle = palette.muted;
      context.textAlign = "left";
      context.textBaseline = "top";
      context.font = "10px system-ui, 'DejaVu Sans', sans-serif";
      context.fillText(String(number), box[0] + 2, box[1] + 2);
      context.font = SMALL;
    }
    if (view.scale < WRITTEN) continue;
    context.fillStyle = palette.ink;
    context.textAlign = "left";
    context.textBaseline = "bottom";
    context.fillText(labels.groups[group.name], x(group.x_m), y(area.top_m) - 3);
  }
}

function drawScale(context, { view, height, palette, labels }) {
  const metres = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000].find((one) => one * view.scale >= 60) ?? 5000;
  const right = Math.round(14 + metres * view.scale);
  context.strokeStyle = palette.ink;
  context.fillStyle = palette.ink;
  context.lineWidth = 1;
  line(context, 14, height - 10.5, right, height - 10.5);
  line(context, 14.5, height - 14, 14.5, height - 7);
  line(context, right - 0.5, height - 14, right - 0.5, height - 7);
  context.textAlign = "left";
  context.textBaseline = "bottom";
  context.fillText(`${metres.toLocaleString(labels.locale)} m`, 14, height - 14);
}

function line(context, x0, y0, x1, y1) {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}
