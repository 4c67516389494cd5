// Hours on a time bar: a bar for each shift, whose ends and middle can be dragged, above an axis of the day.
const ROW = 22;
const STEP_MIN = 15;
const LEFT = 16;
const LETTER = 6; // about as wide as a letter is drawn
const GAP = 11;

export default {
  template: `
    <svg class="time-bar" :viewBox="'0 0 ' + width + ' ' + height" role="group" :aria-label="bar.label" ref="svg"
         @pointermove="move" @pointerup="drop" @pointercancel="drop">
      <rect v-for="(open, k) in bar.open" :key="'o' + k" class="open" :x="x(open[0])" y="0"
            :width="x(open[1]) - x(open[0])" :height="height - 14" />
      <g v-for="tick in ticks" :key="'t' + tick">
        <line class="tick" :x1="x(tick)" :x2="x(tick)" y1="0" :y2="height - 14" />
        <text class="scale" :x="x(tick)" :y="height - 3" text-anchor="middle">{{ clock(tick) }}</text>
      </g>
      <g v-for="(row, k) in bar.rows" :key="k">
        <rect class="shift" :x="x(now(k)[0])" :y="k * ROW + 3" :width="x(now(k)[1]) - x(now(k)[0])" height="15" rx="3"
              @pointerdown="take($event, k, 2)" />
        <text :class="['shift-name', name(k).place]" :x="name(k).x" :text-anchor="name(k).anchor" :y="k * ROW + 15">{{ row.name }}</text>
        <rect v-for="end in [0, 1]" :key="end" class="end" :x="x(now(k)[end]) - 4" :y="k * ROW + 1" width="8" height="19" rx="2"
              role="slider" tabindex="0" :aria-label="row.spoken[end]" :aria-valuemin="bar.least" :aria-valuemax="bar.most"
              :aria-valuenow="now(k)[end]" :aria-valuetext="clock(now(k)[end])"
              @pointerdown="take($event, k, end)" @keydown="key($event, k, end)" />
      </g>
    </svg>`,
  props: { bar: Object },
  data() {
    return { width: 390, held: null, sent: 0, ROW };
  },
  computed: {
    height() {
      return this.bar.rows.length * ROW + 20;
    },
    ticks() {
      const hours = (this.bar.most - this.bar.least) / 60;
      const step = 60 * [1, 2, 3, 4, 6, 12].find((one) => hours / one <= 9);
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
    name(k) {
      // A name stands in its bar; behind it, or before it, where the bar is too short.
      const [from, to] = this.now(k).map(this.x);
      const long = LETTER * this.bar.rows[k].name.length + GAP;
      if (to - from > long + GAP) return { place: "within", x: from + GAP, anchor: "start" };
      if (to + long < this.width) return { place: "beside", x: to + GAP, anchor: "start" };
      return { place: "beside", x: from - GAP, anchor: "end" };
    },
    now(k) {
      return this.held && this.held.row === k ? this.held.now : [this.bar.rows[k].from, this.bar.rows[k].to];
    },
    minutes(event) {
      const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.$refs.svg.getScreenCTM().inverse());
      return this.bar.least + ((point.x - LEFT) / (this.width - 2 * LEFT)) * (this.bar.most - this.bar.least);
    },
    take(event, row, part) {
      this.held = { row, part, at: this.minutes(event), begun: this.now(row), now: this.now(row) };
      this.$refs.svg.setPointerCapture(event.pointerId);
      event.preventDefault();
      if (part < 2) event.currentTarget.focus();
    },
    move(event) {
      if (!this.held) return;
      const far = Math.round((this.minutes(event) - this.held.at) / STEP_MIN) * STEP_MIN;
      this.held.now = this.moved(this.held.begun, this.held.part, far);
      if (performance.now() - this.sent > 50) this.send(this.held.row, this.held.now);
    },
    drop() {
      if (this.held && String(this.held.now) !== String(this.held.begun)) this.send(this.held.row, this.held.now);
      this.held = null;
    },
    key(event, row, end) {
      const far = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -4, PageUp: 4, Home: -Infinity, End: Infinity }[event.key];
      if (!far) return;
      event.preventDefault();
      this.send(row, this.moved(this.now(row), end, far * STEP_MIN));
    },
    moved([from, to], part, far) {
      const { least, most } = this.bar;
      if (part === 2) far = Math.max(least - from, Math.min(most - to, far));
      if (part === 0) return [Math.max(least, Math.min(to - STEP_MIN, from + far)), to];
      if (part === 1) return [from, Math.min(most, Math.max(from + STEP_MIN, to + far))];
      return [from + far, to + far];
    },
    send(row, [from, to]) {
      this.sent = performance.now();
      this.$emit("moved", { row, from, to });
    },
  },
};
