// What funnelsim/replay/encoding.py wrote, as typed arrays over one block of memory.

const TYPES = { f4: Float32Array, u4: Uint32Array, u2: Uint16Array, u1: Uint8Array };

export const OUTCOME = { NOT_SELECTED: 0, UNCHECKED: 1, AREA_FULL: 2, NOTHING_FOUND: 3, TARGET_FOUND: 4, TURNED_OFF: 5 };
export const OUTCOMES = 6;
export const GATE = ["closed", "selecting", "suspended", "lifted", "unstaffed", "last_minutes"];

export class Tracks {
  constructor(encoded) {
    const text = atob(encoded.data);
    const block = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) block[i] = text.charCodeAt(i);
    this.columns = {};
    for (const [name, [type, from, length]] of Object.entries(encoded.columns)) {
      this.columns[name] = new TYPES[type](block.buffer, from, length);
    }
    // A copy: what the page hands over watches every access, which takes longer than a frame lasts.
    this.site = JSON.parse(JSON.stringify(encoded.site));
    this.moments = encoded.moments.map(([time_s, kind, road]) => ({ time_s, kind, road }));
    this.begins_s = encoded.begins_s;
    this.lasts_s = encoded.lasts_s;
    // The place of a vehicle among those that take one in the area, -1 for the others.
    this.insideOf = new Int32Array(this.columns.free_s.length).fill(-1);
    this.columns.inside.forEach((vehicle, k) => (this.insideOf[vehicle] = k));
    this.longestStage_s = 0;
    const { stage_from_s: from, stage_to_s: to } = this.columns;
    for (let i = 0; i < from.length; i++) this.longestStage_s = Math.max(this.longestStage_s, to[i] - from[i]);
  }

  // The level of a step function at a moment: what its last step up to then says.
  level(name, t, before = 0) {
    const step = countUpTo(this.columns[`${name}.from_s`], t) - 1;
    return step < 0 ? before : this.columns[name][step];
  }

  // Those stages that are carried out at a moment: vehicle and stage.
  stagesAt(t, visit) {
    const { stage_from_s: from, stage_to_s: to, stage_vehicle: vehicle, stage } = this.columns;
    for (let i = countUpTo(from, t) - 1; i >= 0 && from[i] >= t - this.longestStage_s; i--) {
      if (to[i] > t) visit(vehicle[i], stage[i]);
    }
  }
}

// How many entries of a sorted array are at most a value.
export function countUpTo(sorted, value) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
