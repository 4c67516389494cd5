// Hours on a time bar: a bar for each shift, whose ends and middle can be dragged, above an axis of the day.
import { inPixels, moves } from "funnelsim-desk";

const ROW = 28;
const NAME_ROW = 15; // above a bar, where the page is too narrow for a name in it or beside it
const STEP_MIN = 15;
const TARGET = 24; // pixels that a finger needs
const LEFT = TARGET;
const LETTER = 6; // about as wide as a letter is drawn
const GAP = 11;
const CLOCK_PX = 46; // between two hours below the bars

export default {
  mixins: [inPixels, moves],
  template: `
    <svg class="time-bar" :style="{ height: height + 'px' }" role="group" :aria-label="bar.label" ref="svg"
         @pointermove="move" @pointerup="drop" @pointercancel="drop">
      <rect v-for="(open, k) in bar.open" :key="'o' + k" class="open" :x="x(open[0])" y="0"
            :width="x(open[1]) - x(open[0])" :height="height - 14" />
      <g v-for="tick in ticks" :key="'t' + tick">
        <line class="tick" :x1="x(tick)" :x2="x(tick)" y1="0" :y2="height - 14" />
        <text class="scale" :x="x(tick)" :y="height - 3" text-anchor="middle">{{ clock(tick) }}</text>
      </g>
      <g v-for="(row, k) in bar.rows" :key="k">
        <rect class="shift" :x="x(now(k)[0])" :y="top(k) + 5" :width="x(now(k)[1]) - x(now(k)[0])" height="17" rx="3"
              @pointerdown="take($event, k, 2)" />
        <text :class="['shift-name', name(k).place]" :x="name(k).x" :text-anchor="name(k).anchor" :y="name(k).y">{{ words(k) }}</text>
        <g v-for="end in [0, 1]" :key="end" class="end" role="slider" tabindex="0" :aria-label="row.spoken[end]"
           :aria-valuemin="bar.least" :aria-valuemax="bar.most" :aria-valuenow="now(k)[end]" :aria-valuetext="clock(now(k)[end])"
           @pointerdown="take($event, k, end)" @keydown="key($event, k, end)">
          <rect class="target" :x="target(k, end)" :y="top(k) + 1" :width="TARGET" :height="TARGET + 1" />
          <rect :x="x(now(k)[end]) - 4" :y="top(k) + 3" width="8" height="21" rx="2" />
        </g>
      </g>
    </svg>`,
  props: { bar: Object },
  data() {
    return { held: null, TARGET };
  },
  computed: {
    above() {
      const longest = Math.max(0, ...this.bar.rows.map((_, k) => this.long(k)));
      return this.width < 2 * longest + 3 * GAP;
    },
    row() {
      return ROW + (this.above ? NAME_ROW : 0);
    },
    height() {
      return this.bar.rows.length * this.row + 20;
    },
    ticks() {
      const hours = (this.bar.most - this.bar.least) / 60;
      const most = Math.min(9, (this.width - 2 * LEFT) / CLOCK_PX);
      const step = 60 * ([1, 2, 3, 4, 6, 12].find((one) => hours / one <= most) ?? 24);
      const first = Math.ceil(this.bar.least / step) * step;
      return Array.from({ length: Math.floor((this.bar.most - first) / step) + 1 }, (_, k) => first + k * step);
    },
  },
  methods: {
    x(minutes) {
      return LEFT + ((minutes - this.bar.least) / (this.bar.most - this.bar.least)) * (this.width - 2 * LEFT);
    },
    clock(minutes) {
      const two = (number) => String(number).padStart(2, "0");
      return `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`;
    },
    words(k) {
      return `${this.bar.rows[k].name} ${this.now(k).map(this.clock).join("-")}`;
    },
    top(k) {
      return (k + 1) * this.row - ROW;
    },
    long(k) {
      return LETTER * this.words(k).length + GAP;
    },
    name(k) {
      // A name stands in its bar; behind it, or before it, where the bar is too short.
      const [from, to] = this.now(k).map(this.x);
      const long = this.long(k);
      const y = this.top(k) + 18;
      if (this.above) return { place: "above", x: Math.max(0, Math.min(from, this.width - long)), y: y - 18, anchor: "start" };
      if (to - from > long + GAP) return { place: "within", x: from + GAP, y, anchor: "start" };
      if (to + long < this.width) return { place: "beside", x: to + GAP, y, anchor: "start" };
      return { place: "beside", x: from - GAP, y, anchor: "end" };
    },
    target(k, end) {
      // It reaches further out than in: between the ends of a short shift there is something left to drag it by.
      const [from, to] = this.now(k).map(this.x);
      const inside = Math.min(TARGET / 2, (to - from) / 4);
      return end === 0 ? from + inside - TARGET : to - inside;
    },
    now(k) {
      return this.shown(k, [this.bar.rows[k].from, this.bar.rows[k].to]);
    },
    minutes(event) {
      return this.bar.least + ((this.pointOf(event).x - LEFT) / (this.width - 2 * LEFT)) * (this.bar.most - this.bar.least);
    },
    take(event, row, part) {
      this.held = { row, part, at: this.minutes(event), begun: this.now(row), moved: false };
      this.$refs.svg.setPointerCapture(event.pointerId);
      event.preventDefault();
      if (part < 2) event.currentTarget.focus();
    },
    move(event) {
      if (!this.held) return;
      const { row, part, at, begun } = this.held;
      const far = Math.round((this.minutes(event) - at) / STEP_MIN) * STEP_MIN;
      const now = this.from(begun, part, far);
      if (String(now) === String(this.now(row))) return;
      this.held.moved = true;
      this.moveTo(row, now, { dragging: true });
    },
    drop() {
      if (this.held?.moved) this.send(this.held.row);
      this.held = null;
    },
    key(event, row, end) {
      const far = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -4, PageUp: 4, Home: -Infinity, End: Infinity }[event.key];
      if (!far || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      this.moveTo(row, this.from(this.now(row), end, far * STEP_MIN));
    },
    // Where a bar is whose end, or which as a whole, is moved from somewhere.
    from([from, to], part, far) {
      const { least, most } = this.bar;
      if (part === 2) far = Math.max(least - from, Math.min(most - to, far));
      if (part === 0) return [Math.max(least, Math.min(to - STEP_MIN, from + far)), to];
      if (part === 1) return [from, Math.min(most, Math.max(from + STEP_MIN, to + far))];
      return [from + far, to + far];
    },
  },
};
