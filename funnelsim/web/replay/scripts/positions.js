// Where the vehicles of one road are at a moment: a function of the moment alone, so that any order of looking is exact.
//
// A vehicle drives freely until it has to stop behind others. Whoever passes the selection point sends a wave back
// through the standing vehicles (Newell 2002, as funnelsim/model/queue.py): once the wave of vehicle j has reached
// vehicle n, n may drive up to where it takes up the room that lies between j + 1 and itself. Of all vehicles in front
// the one that leaves it furthest back counts. In the end it drives up so that it passes when the log says it did.

import { OUTCOME, countUpTo } from "./tracks.js";

export const LANE_WIDTH_M = 3.5;
export const TAPER_M = 30;
export const DOWNSTREAM_M = 350; // of road behind the selection point
const PULLS_UP_MS = 12; // how fast a vehicle of a queue moves up
const WAVES_S = 12; // a wave that came so long ago keeps nobody
const SPEEDS_UP_MS2 = 1.2; // behind the selection point
const FURTHER_M = 60; // by which a vehicle may be upstream of the one behind it, in another lane
const TURNS_S = 8; // for which a vehicle that turns off is seen leaving the road

export class RoadPositions {
  constructor(tracks, number) {
    const road = (this.road = tracks.site.roads[number]);
    const columns = (this.columns = tracks.columns);
    this.classes = tracks.site.classes;
    const vehicles = [];
    const turning = [];
    for (let i = road.first; i < road.end; i++) {
      (isFinite(columns.passes_s[i]) ? vehicles : turning).push(i);
    }
    this.through = Uint32Array.from(vehicles);
    this.turning = Uint32Array.from(turning);
    this.passes_s = Float32Array.from(this.through, (i) => columns.passes_s[i]);
    this.free_s = Float32Array.from(this.through, (i) => columns.free_s[i]);
    this.arrives_s = Float32Array.from(this.through, (i) => columns.arrives_s[i]);
    this.turns_s = Float32Array.from(this.turning, (i) => columns.turns_off_s[i]);
    this.inLanes();
    this.ends_m = new Float64Array(road.lanes); // of the last vehicle in each lane, upstream of the selection point
    this.lastEnds_m = -Infinity; // of the last vehicle in any
    this.reach_m = Math.max(road.approach_m, road.longest_m) + 200;
    this.drivesOff_s = timeToDrive(DOWNSTREAM_M, road);
    const most = vehicles.length + turning.length;
    this.vehicle = new Uint32Array(most);
    this.x_m = new Float32Array(most);
    this.y_m = new Float32Array(most);
    this.count = 0;
  }

  // Share the vehicles out to the lanes of the road, each to the one in which least is taken up.
  inLanes() {
    const lanes = this.road.lanes;
    const filled_m = new Float64Array(lanes);
    const spacings_m = this.classes.map((one) => one.spacing_m);
    let all_m = 0;
    this.spacing_m = Float64Array.from(this.through, (i) => spacings_m[this.columns.vehicle_class[i]]);
    this.upTo_m = new Float64Array(this.through.length + 1);
    this.lane = new Uint8Array(this.through.length);
    this.spacing_m.forEach((spacing_m, n) => {
      let lane = 0;
      for (let other = 1; other < lanes; other++) if (filled_m[other] < filled_m[lane]) lane = other;
      this.lane[n] = lane;
      filled_m[lane] += spacing_m;
      all_m += spacing_m;
      this.upTo_m[n + 1] = all_m;
    });
  }

  // Distance upstream at which vehicle n stands while j is the first in front that has not made room.
  behind_m(n, j) {
    const metres = this.upTo_m[n] - this.upTo_m[j];
    const { lane_m, lanes } = this.road;
    return metres <= lane_m ? metres : lane_m + (metres - lane_m) / lanes;
  }

  // Find the vehicles of the road that are to be seen at a moment, up to a distance upstream of the selection point.
  at(t, until_m = Infinity) {
    this.count = 0;
    const { road_speed_ms: speed, wave_speed_ms: wave } = this.road;
    const { passes_s } = this;
    const first = countUpTo(this.passes_s, t - this.drivesOff_s);
    const end = countUpTo(this.free_s, t + this.reach_m / speed);
    let head = countUpTo(this.passes_s, t); // the first that has not passed
    let waiting = head;
    this.ends_m.fill(-Infinity);
    this.lastEnds_m = -Infinity;
    for (let n = first; n < head; n++) this.addPassed(n, t);
    for (let n = head; n < end; n++) {
      let stands_m = 0;
      let still = waiting;
      for (let j = waiting; j >= 0; j--) {
        const distance_m = this.behind_m(n, j);
        const reached_s = passes_s[j] + distance_m / wave;
        if (reached_s > t) {
          stands_m = Math.max(stands_m, distance_m);
          still = j;
        } else if (reached_s < t - WAVES_S) {
          break;
        } else {
          stands_m = Math.max(stands_m, distance_m - PULLS_UP_MS * (t - reached_s));
        }
      }
      waiting = still;
      if (this.addComing(n, t, stands_m) > until_m + FURTHER_M) break;
    }
    const turned = countUpTo(this.turns_s, t - TURNS_S);
    for (let k = turned; k < this.turning.length; k++) if (!this.addTurning(k, t)) break;
  }

  addComing(n, t, stands_m) {
    const { lane_m, road_speed_ms, lane_speed_ms } = this.road;
    const vehicle = this.through[n];
    const free_s = this.free_s[n];
    const arrives_s = this.arrives_s[n];
    const slowed = arrives_s > free_s;
    const left_s = this.passes_s[n] - t;
    let freely_m = (free_s - t) * road_speed_ms;
    let latest_m = left_s * road_speed_ms;
    if (slowed) {
      const at_taper_s = free_s - lane_m / road_speed_ms;
      if (t > at_taper_s) freely_m = Math.max(0, (lane_m * (arrives_s - t)) / (arrives_s - at_taper_s));
      const in_lane_s = lane_m / lane_speed_ms;
      latest_m = left_s <= in_lane_s ? left_s * lane_speed_ms : lane_m + (left_s - in_lane_s) * road_speed_ms;
    }
    // Nobody stands in the one in front: in the lane that is the last to have come, before the taper that of its lane.
    const into_lane_m = Math.min(this.lastEnds_m, lane_m + TAPER_M);
    const room_m = Math.max(into_lane_m, this.ends_m[this.lane[n]]);
    const upstream_m = Math.max(0, freely_m, Math.min(Math.max(stands_m, room_m), latest_m));
    const merged = Math.min(1, Math.max(0, (upstream_m - lane_m) / TAPER_M));
    const lane_y_m = (this.lane[n] - this.road.lanes + 1) * LANE_WIDTH_M;
    this.lastEnds_m = this.ends_m[this.lane[n]] = upstream_m + this.spacing_m[n];
    this.add(vehicle, -upstream_m, slowed ? lane_y_m * merged : lane_y_m);
    return upstream_m;
  }

  addPassed(n, t) {
    const vehicle = this.through[n];
    const outcome = this.columns.outcome[vehicle];
    if (outcome === OUTCOME.NOTHING_FOUND || outcome === OUTCOME.TARGET_FOUND) return; // it is in the area
    const slowed = this.arrives_s[n] > this.free_s[n];
    const gone_s = t - this.passes_s[n];
    const x_m = slowed ? driven(gone_s, this.road) : gone_s * this.road.road_speed_ms;
    if (x_m <= DOWNSTREAM_M) this.add(vehicle, x_m, slowed ? 0 : (this.lane[n] - this.road.lanes + 1) * LANE_WIDTH_M);
  }

  // One that turns off drives on the right, past a queue that reaches beyond the exit, and leaves the road.
  addTurning(k, t) {
    const vehicle = this.turning[k];
    const upstream_m = (this.columns.free_s[vehicle] - t) * this.road.road_speed_ms;
    if (upstream_m > this.reach_m) return false;
    const gone_s = t - this.turns_s[k];
    const off_m = gone_s > 0 ? gone_s * 2 : 0;
    const slower_m = gone_s > 0 ? gone_s * this.road.road_speed_ms * 0.6 : 0;
    if (gone_s <= TURNS_S) this.add(vehicle, -(upstream_m + slower_m), LANE_WIDTH_M * 0.75 + off_m);
    return true;
  }

  add(vehicle, x_m, y_m) {
    this.vehicle[this.count] = vehicle;
    this.x_m[this.count] = x_m;
    this.y_m[this.count++] = y_m;
  }
}

// How far a vehicle has come behind the selection point, as it gathers speed.
function driven(gone_s, road) {
  const faster_s = Math.max(0, road.road_speed_ms - road.lane_speed_ms) / SPEEDS_UP_MS2;
  const s = Math.min(gone_s, faster_s);
  return road.lane_speed_ms * s + 0.5 * SPEEDS_UP_MS2 * s * s + (gone_s - s) * road.road_speed_ms;
}

function timeToDrive(metres, road) {
  let s = 0;
  while (driven(s, road) < metres) s += 1;
  return s;
}
