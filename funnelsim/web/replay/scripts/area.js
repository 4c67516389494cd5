// The area beside the road: where its spaces, bays and spots are, and where the vehicles in it are at a moment.

const ROW_M = 5.5;
const LEAST_ROWS = 6;
const TOP_M = 11;
const BETWEEN_M = 12;
const MOVES_S = 6; // from a space to a bay, as long as it stays there long enough
const LEAVES_S = 14;

export class Area {
  // Vehicles that came on another road are shown from when they are in the area.
  constructor(tracks, road) {
    this.tracks = tracks;
    this.road = road;
    const { site } = tracks;
    this.place_m = Math.max(...site.classes.map((one) => one.length_m)) + 3;
    this.groups = {};
    this.rows = Math.max(LEAST_ROWS, Math.ceil(Math.sqrt(Math.max(site.waiting, site.bays, site.spots))));
    let x_m = 26;
    for (const [name, count] of [["waiting", site.waiting], ["bays", site.bays], ["spots", site.spots]]) {
      if (!count) continue;
      const columns = Math.ceil(count / this.rows);
      this.groups[name] = { name, count, x_m, columns, width_m: columns * (this.place_m + 2) - 2 };
      x_m += this.groups[name].width_m + BETWEEN_M;
    }
    this.right_m = x_m - BETWEEN_M;
    const rows = Math.min(this.rows, Math.max(site.waiting, site.bays, site.spots));
    this.top_m = TOP_M;
    this.bottom_m = TOP_M + rows * ROW_M;
  }

  // Left edge and middle line of a place, numbered from 1.
  placeOf(name, number) {
    const group = this.groups[name];
    const k = number - 1;
    return { x_m: group.x_m + Math.floor(k / this.rows) * (this.place_m + 2), y_m: TOP_M + ((k % this.rows) + 0.5) * ROW_M };
  }

  rowHeight() {
    return ROW_M;
  }

  // Visit every vehicle in the area at a moment: the front of the vehicle, and the bay or spot it stands in.
  at(t, visit) {
    const { inside, taken_from_s, left_s } = this.tracks.columns;
    for (let k = 0; k < inside.length; k++) {
      if (taken_from_s[k] <= t && left_s[k] + LEAVES_S > t) this.visit(k, t, visit);
    }
  }

  visit(k, t, visit) {
    const { inside, taken_from_s, area_s, ready_s, bay_from_s, bay_to_s, left_s, space, bay, spot, passes_s } = this.tracks.columns;
    const vehicle = inside[k];
    const last = spot[k] ? ["spots", spot[k]] : ["bays", bay[k]];
    const first = space[k] ? ["waiting", space[k]] : ["bays", bay[k]];
    if (t < area_s[k]) {
      if (!isFinite(passes_s[vehicle])) return; // a chase car is still after it
      if (vehicle < this.road.first || vehicle >= this.road.end) return;
      const share = (t - taken_from_s[k]) / Math.max(area_s[k] - taken_from_s[k], 1e-3);
      visit(vehicle, ...this.comes(this.front(vehicle, ...first), share), null);
    } else if (t < ready_s[k]) {
      visit(vehicle, ...this.front(vehicle, ...first), null);
    } else if (t < bay_from_s[k]) {
      const moved = space[k] ? movedShare(t, ready_s[k], bay_from_s[k]) : 1;
      visit(vehicle, ...this.between(this.front(vehicle, ...first), this.before(vehicle, bay[k]), moved), null);
    } else if (t < bay_to_s[k]) {
      const moved = movedShare(t, bay_from_s[k], bay_to_s[k]);
      const from = bay_from_s[k] > ready_s[k] ? this.before(vehicle, bay[k]) : this.front(vehicle, ...first);
      const at = this.between(from, this.front(vehicle, "bays", bay[k]), moved);
      visit(vehicle, ...at, moved < 1 ? null : ["bays", bay[k]]);
    } else if (t < left_s[k]) {
      const moved = movedShare(t, bay_to_s[k], left_s[k]);
      const at = this.between(this.front(vehicle, "bays", bay[k]), this.front(vehicle, ...last), moved);
      visit(vehicle, ...at, moved < 1 ? null : last);
    } else {
      const [x_m, y_m] = this.front(vehicle, ...last);
      visit(vehicle, x_m + 0.8 * (t - left_s[k]) ** 2, y_m, null);
    }
  }

  front(vehicle, name, number) {
    const { classes } = this.tracks.site;
    const length_m = classes[this.tracks.columns.vehicle_class[vehicle]].length_m;
    const { x_m, y_m } = this.placeOf(name, number);
    return [x_m + (this.place_m + length_m) / 2, y_m];
  }

  // In front of a bay that the one before has left and in which nobody can stand yet.
  before(vehicle, bay) {
    const { x_m, y_m } = this.placeOf("bays", bay);
    return [x_m - 1, y_m];
  }

  // From the selection point down to the row, then along it.
  comes([x_m, y_m], share) {
    const corner_m = 18;
    const whole_m = corner_m + y_m + Math.max(x_m - corner_m, 0);
    const gone_m = share * whole_m;
    const bend_m = corner_m + y_m;
    if (gone_m < bend_m) return [(corner_m * gone_m) / bend_m, (y_m * gone_m) / bend_m];
    return [corner_m + gone_m - bend_m, y_m];
  }

  between([x_m, y_m], [to_x_m, to_y_m], share) {
    return [x_m + (to_x_m - x_m) * share, y_m + (to_y_m - y_m) * share];
  }
}

function movedShare(t, from_s, to_s) {
  return Math.min(1, (t - from_s) / Math.max(Math.min(MOVES_S, (to_s - from_s) / 4), 1e-3));
}
