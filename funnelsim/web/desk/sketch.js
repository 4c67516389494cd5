// The site seen from above: the road to scale with the queue, the marks of the valve as handles, and the area.
const WIDTH = 1000;
const LANE = 17;
const STEP_M = 50;
const MOST_A_ROW = 12;
const LETTER = 6.4; // about as wide as a letter is drawn
const BOLD = 6.8;
const ROW = 16;

// Returns for each stretch the first row in which none of the stretches before it lies.
function rowsOf(stretches) {
  const ends = [];
  return stretches.map(([begin, end]) => {
    let row = ends.findIndex((taken) => taken < begin);
    if (row < 0) row = ends.length;
    ends[row] = end;
    return row;
  });
}

export default {
  template: `
    <svg class="sketch" :viewBox="'0 0 ' + width + ' ' + height" role="group" :aria-label="site.label"
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
      <g v-for="mark in placed" :key="mark.name" :class="['mark', mark.kind]">
        <line :x1="x(mark.at_m)" :x2="x(mark.at_m)" :y1="mark.y + 4" :y2="road.top + roadHeight" />
        <text :x="x(mark.at_m) - 4" :y="mark.y" text-anchor="end">{{ mark.words }}</text>
      </g>
      <g v-for="handle in handles" :key="handle.key" class="handle" role="slider" tabindex="0"
         :aria-label="handle.label" :aria-valuemin="handle.least" :aria-valuemax="handle.most"
         :aria-valuenow="at(handle)" :aria-valuetext="at(handle) + ' m'"
         @pointerdown="take($event, handle)" @keydown="key($event, handle)">
        <line :x1="x(at(handle))" :x2="x(at(handle))" :y1="road.top - 3" :y2="handle.y - 8" />
        <path :d="'M' + x(at(handle)) + ' ' + (handle.y - 14) + ' l8 14 h-16 z'" />
        <text :x="x(at(handle)) + 12" :y="handle.y">{{ words(handle) }}</text>
      </g>
      <text class="scale" v-for="tick in ticks" :key="'t' + tick" :x="x(tick)" :y="height - 4" text-anchor="middle">{{ tick.toLocaleString(site.locale) }}</text>
      <text class="scale" :x="2" :y="height - 20">{{ site.axis }}</text>
      <g v-for="(one, k) in site.legend" :key="one.kind">
        <rect :class="one.kind" :x="2 + k * 200" :y="areaTop - 9" width="12" height="10" />
        <text class="part" :x="19 + k * 200" :y="areaTop">{{ one.name }}</text>
      </g>
      <g v-for="(part, k) in site.spaces" :key="part.name">
        <text class="part" :x="areaLeft + k * 190" :y="areaTop">{{ part.name }}</text>
        <rect v-for="n in part.number" :key="n" :class="['space', n <= Math.round(part.used) ? 'used' : '']"
              :x="areaLeft + k * 190 + ((n - 1) % perRow) * 14.5" :y="areaTop + 7 + Math.floor((n - 1) / perRow) * 14.5"
              width="12" height="12" />
      </g>
    </svg>`,
  props: { site: Object },
  data() {
    return { width: WIDTH, perRow: MOST_A_ROW, held: null, heldAt: 0, sent: 0 };
  },
  computed: {
    margins() {
      // The mark furthest upstream has room for its label, and the longest label of a handle also has at the taper.
      const left = 4 + BOLD * Math.max(12, this.marks[0] ? this.marks[0].words.length : 0);
      const behind = Math.max(this.site.lane_m, 0.1 * this.site.reach_m);
      const share = this.site.reach_m / (this.site.reach_m + behind);
      const letters = Math.max(0, ...this.site.handles.map((one) => `${one.label} ${this.metresOf(one.most)}`.length));
      const most = this.width - 20 - LETTER * letters - left;
      return { left, share, right: Math.max(10, this.width - left - most / share) };
    },
    road() {
      return { top: 12 + ROW * (1 + Math.max(0, ...this.rows)), lane: LANE };
    },
    roadHeight() {
      return this.site.lanes * this.road.lane;
    },
    open() {
      return this.road.top + this.roadHeight - this.road.lane;
    },
    areaTop() {
      return this.road.top + this.roadHeight + 32 + ROW * (1 + Math.max(0, ...this.handleRows));
    },
    areaLeft() {
      return this.width - 400;
    },
    height() {
      const rows = Math.max(1, ...this.site.spaces.map((part) => Math.ceil(part.number / this.perRow)));
      return this.areaTop + 14 + rows * 15 + 24;
    },
    ticks() {
      const step = [100, 200, 250, 500, 1000, 2000, 5000].find((one) => this.site.reach_m / one <= 9) || 10000;
      return Array.from({ length: Math.floor(this.site.reach_m / step) + 1 }, (_, k) => k * step);
    },
    marks() {
      // Those further downstream stand higher, so that no line runs through a label.
      const words = (mark) => (mark.measured ? `${mark.name} ${this.metresOf(mark.at_m)}` : mark.name);
      return this.site.marks.map((mark) => ({ ...mark, words: words(mark) })).sort((one, other) => other.at_m - one.at_m);
    },
    rows() {
      return rowsOf(this.marks.map((mark) => [this.x(mark.at_m) - 4 - LETTER * mark.words.length, this.x(mark.at_m)]));
    },
    placed() {
      return this.marks.map((mark, k) => ({ ...mark, y: this.road.top - 8 - ROW * this.rows[k] }));
    },
    handleRows() {
      // Those further upstream stand lower, so that no line runs through a label; left and right are exchanged for it.
      const right = (handle) => this.x(this.at(handle)) + 16 + LETTER * this.words(handle).length;
      const stretch = (handle) => [-right(handle), 10 - this.x(this.at(handle))];
      const order = [...this.site.handles].sort((one, other) => this.at(one) - this.at(other));
      const rows = rowsOf(order.map(stretch));
      return this.site.handles.map((handle) => rows[order.indexOf(handle)]);
    },
    handles() {
      return this.site.handles.map((handle, k) => ({ ...handle, y: this.road.top + this.roadHeight + 20 + ROW * this.handleRows[k] }));
    },
  },
  methods: {
    x(metres) {
      const { left, right, share } = this.margins;
      return left + ((this.site.reach_m - metres) / this.site.reach_m) * share * (this.width - left - right);
    },
    words(handle) {
      return `${handle.label} ${this.metresOf(this.at(handle))}`;
    },
    metresOf(length) {
      return `${Math.round(length).toLocaleString(this.site.locale)} m`;
    },
    at(handle) {
      return this.held === handle.key ? this.heldAt : handle.value;
    },
    metres(event) {
      const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.$refs.svg.getScreenCTM().inverse());
      const perMetre = (this.x(0) - this.x(this.site.reach_m)) / this.site.reach_m;
      return (this.x(0) - point.x) / perMetre;
    },
    take(event, handle) {
      this.held = handle.key;
      this.heldAt = handle.value;
      this.$refs.svg.setPointerCapture(event.pointerId);
      event.preventDefault();
      event.currentTarget.focus();
    },
    move(event) {
      const handle = this.site.handles.find((one) => one.key === this.held);
      if (!handle) return;
      this.heldAt = this.within(handle, Math.round(this.metres(event) / STEP_M) * STEP_M);
      if (performance.now() - this.sent > 50) this.send(handle.key, this.heldAt);
    },
    drop() {
      if (this.held) this.send(this.held, this.heldAt);
      this.held = null;
    },
    key(event, handle) {
      const far = { ArrowLeft: 1, ArrowUp: 1, ArrowRight: -1, ArrowDown: -1, PageUp: 5, PageDown: -5, Home: -Infinity, End: Infinity }[event.key];
      if (!far) return;
      event.preventDefault();
      this.send(handle.key, this.within(handle, handle.value + far * STEP_M));
    },
    within(handle, metres) {
      return Math.min(handle.most, Math.max(handle.least, metres));
    },
    send(key, value) {
      this.sent = performance.now();
      this.$emit("moved", { key, value });
    },
  },
};
