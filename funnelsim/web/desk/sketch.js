// The site seen from above: the road to scale with the queue, the marks of the valve as handles, and the area.
import { arranged, inPixels, moves } from "funnelsim-desk";

const LANE = 17;
const STEP_M = 50;
const MOST_A_ROW = 12;
const LETTERS = "12px"; // as the style sheet has them
const BOLD = "600 12px";
const ROW = 16; // of labels above the road
const TARGET = 24; // pixels that a finger needs
const HANDLE_ROW = TARGET + 2;
const SIDE = 14; // pixels beside the road on either side
const TICK_PX = 56; // between two distances below the road
const SPACE = 14.5;

export default {
  mixins: [inPixels, moves],
  template: `
    <svg class="sketch" :style="{ height: height + 'px' }" role="group" :aria-label="site.label"
         @pointermove="move" @pointerup="drop" @pointercancel="drop" ref="svg">
      <rect class="road" :x="0" :y="road.top" :width="x(0)" :height="roadHeight" />
      <rect class="road" :x="x(0)" :y="open" :width="width - x(0)" :height="road.lane" />
      <line v-for="n in site.lanes - 1" :key="'l' + n" class="stripe" :x1="0" :x2="x(0)"
            :y1="road.top + n * road.lane" :y2="road.top + n * road.lane" />
      <rect v-if="site.worst_m > 0" class="worst" :x="x(site.worst_m)" :y="road.top"
            :width="x(0) - x(site.worst_m)" :height="roadHeight" />
      <rect v-if="site.mean_m > 0" class="queue" :x="x(site.mean_m)" :y="road.top"
            :width="x(0) - x(site.mean_m)" :height="roadHeight" />
      <rect v-if="site.mean_m > 0" class="queue" :x="x(0)" :y="open" :width="x(-site.lane_m) - x(0)" :height="road.lane" />
      <line v-for="mark in marks" :key="'m' + mark.name" :class="['mark', mark.kind]" :x1="x(mark.at_m)" :x2="x(mark.at_m)"
            :y1="mark.line_y" :y2="road.top + roadHeight" />
      <line v-for="handle in handles" :key="'h' + handle.key" class="lead" :x1="x(at(handle))" :x2="x(at(handle))"
            :y1="road.top - 3" :y2="handle.y - 8" />
      <text v-for="mark in marks" :key="mark.name" :class="['mark', mark.kind]" :x="mark.x" :y="mark.y" :text-anchor="mark.anchor">{{ mark.words }}</text>
      <g v-for="handle in handles" :key="handle.key" class="handle" role="slider" tabindex="0"
         :aria-label="handle.label" :aria-valuemin="handle.least" :aria-valuemax="handle.most"
         :aria-valuenow="at(handle)" :aria-valuetext="at(handle) + ' m'"
         @pointerdown="take($event, handle)" @keydown="key($event, handle)">
        <rect class="target" :x="x(at(handle)) - TARGET / 2" :y="handle.y - 19" :width="TARGET" :height="TARGET" />
        <path :d="'M' + x(at(handle)) + ' ' + (handle.y - 14) + ' l8 14 h-16 z'" />
        <text :x="handle.x" :y="handle.words_y" :text-anchor="handle.anchor">{{ words(handle) }}</text>
      </g>
      <text class="scale" v-for="tick in ticks" :key="'t' + tick" :x="x(tick)" :y="scaleTop" text-anchor="middle">{{ tick.toLocaleString(site.locale) }}</text>
      <text class="scale" :x="2" :y="scaleTop + 16">{{ site.axis }}</text>
      <g v-for="(one, k) in site.legend" :key="one.kind">
        <rect :class="one.kind" :x="parts.places[k].x" :y="parts.places[k].y - 9" width="12" height="10" />
        <text class="part" :x="parts.places[k].x + 17" :y="parts.places[k].y">{{ one.name }}</text>
      </g>
      <g v-for="(part, k) in site.spaces" :key="part.name">
        <text class="part" :x="spaceAt(k).x" :y="spaceAt(k).y">{{ part.name }}</text>
        <rect v-for="n in part.number" :key="n" :class="['space', n <= Math.round(part.used) ? 'used' : '']"
              :x="spaceAt(k).x + ((n - 1) % perRow) * SPACE" :y="spaceAt(k).y + 7 + Math.floor((n - 1) / perRow) * SPACE"
              width="12" height="12" />
      </g>
    </svg>`,
  props: { site: Object },
  data() {
    return { perRow: MOST_A_ROW, held: null, SPACE, TARGET };
  },
  computed: {
    road() {
      return { top: 12 + ROW * (1 + Math.max(0, ...this.markPlaces.map(({ words }) => words.row))), lane: LANE };
    },
    roadHeight() {
      return this.site.lanes * this.road.lane;
    },
    open() {
      return this.road.top + this.roadHeight - this.road.lane;
    },
    scaleTop() {
      const rows = Math.max(0, ...this.handlePlaces.map(({ words }) => words.row));
      return this.road.top + this.roadHeight + 20 + HANDLE_ROW * rows + 22;
    },
    height() {
      return this.parts.bottom;
    },
    ticks() {
      const most = Math.min(9, (this.x(0) - this.x(this.site.reach_m)) / TICK_PX);
      const step = [100, 200, 250, 500, 1000, 2000, 5000].find((one) => this.site.reach_m / one <= most) || 10000;
      return Array.from({ length: Math.floor(this.site.reach_m / step) + 1 }, (_, k) => k * step);
    },
    upstreamFirst() {
      const words = (mark) => (mark.measured ? `${mark.name} ${this.metresOf(mark.at_m)}` : mark.name);
      return this.site.marks.map((mark) => ({ ...mark, words: words(mark) })).sort((one, other) => other.at_m - one.at_m);
    },
    markPlaces() {
      const labels = this.upstreamFirst.map((mark) => ({ x: this.x(mark.at_m), long: this.widthOf(mark.words, BOLD) }));
      return arranged(labels, { width: this.width, side: -1, gap: 4, tip: 1 });
    },
    marks() {
      const up = (row) => this.road.top - 8 - ROW * row;
      return this.upstreamFirst.map((mark, k) => {
        const { row, words } = this.markPlaces[k];
        return { ...mark, x: words.x, anchor: words.anchor, y: up(words.row), line_y: up(row) + 4 };
      });
    },
    downstreamFirst() {
      return [...this.site.handles].sort((one, other) => this.at(one) - this.at(other));
    },
    handlePlaces() {
      const labels = this.downstreamFirst.map((one) => ({ x: this.x(this.at(one)), long: this.widthOf(this.words(one), LETTERS) }));
      return arranged(labels, { width: this.width, side: 1, gap: 13, tip: TARGET / 2 });
    },
    handles() {
      const down = (row) => this.road.top + this.roadHeight + 20 + HANDLE_ROW * row;
      return this.site.handles.map((handle) => {
        const { row, words } = this.handlePlaces[this.downstreamFirst.indexOf(handle)];
        return { ...handle, x: words.x, anchor: words.anchor, y: down(row), words_y: down(words.row) };
      });
    },
    parts() {
      // The legend and the places of the area stand side by side, and go on below where the page is narrow.
      const rows = (number) => Math.ceil(number / this.perRow);
      const all = [
        ...this.site.legend.map((one) => ({ wide: 17 + this.widthOf(one.name, LETTERS), high: 6 })),
        ...this.site.spaces.map((part) => ({
          wide: Math.max(this.widthOf(part.name, LETTERS), SPACE * Math.min(part.number, this.perRow)),
          high: 8 + SPACE * rows(part.number),
        })),
      ];
      let [x, y, high] = [2, this.scaleTop + 40, 0];
      const places = all.map((one) => {
        if (x > 2 && x + one.wide > this.width) [x, y, high] = [2, y + high + 16, 0];
        const place = { x, y };
        [x, high] = [x + one.wide + 24, Math.max(high, one.high)];
        return place;
      });
      return { places, bottom: y + high + 4 };
    },
  },
  methods: {
    x(metres) {
      const { reach_m, lane_m } = this.site;
      return SIDE + ((reach_m - metres) / (reach_m + Math.max(lane_m, 0.1 * reach_m))) * (this.width - 2 * SIDE);
    },
    spaceAt(k) {
      return this.parts.places[this.site.legend.length + k];
    },
    words(handle) {
      return `${handle.label} ${this.metresOf(this.at(handle))}`;
    },
    metresOf(length) {
      return `${Math.round(length).toLocaleString(this.site.locale)} m`;
    },
    at(handle) {
      return this.shown(handle.key, handle.value);
    },
    metres(event) {
      const perMetre = (this.x(0) - this.x(this.site.reach_m)) / this.site.reach_m;
      return (this.x(0) - this.pointOf(event).x) / perMetre;
    },
    take(event, handle) {
      this.held = { key: handle.key, moved: false };
      this.$refs.svg.setPointerCapture(event.pointerId);
      event.preventDefault();
      event.currentTarget.focus();
    },
    move(event) {
      const handle = this.site.handles.find((one) => one.key === this.held?.key);
      if (!handle) return;
      const metres = this.within(handle, Math.round(this.metres(event) / STEP_M) * STEP_M);
      if (metres === this.at(handle)) return;
      this.held.moved = true;
      this.moveTo(handle.key, metres, { dragging: true });
    },
    drop() {
      if (this.held?.moved) this.send(this.held.key);
      this.held = null;
    },
    key(event, handle) {
      const far = { ArrowLeft: 1, ArrowUp: 1, ArrowRight: -1, ArrowDown: -1, PageUp: 5, PageDown: -5, Home: -Infinity, End: Infinity }[event.key];
      if (!far || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      this.moveTo(handle.key, this.within(handle, this.at(handle) + far * STEP_M));
    },
    within(handle, metres) {
      return Math.min(handle.most, Math.max(handle.least, metres));
    },
  },
};
