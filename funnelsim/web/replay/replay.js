// An animated replay of one operation under one plan or two: clock, controls, legend and stories around the canvases.

import { HOLLOW, MISSED_SIGN, MOMENT_SIGNS, Panel, SIGNS, bodyOf, paletteNow } from "funnelsim-replay";

const SPEEDS = [1, 5, 15, 30, 60, 120, 300, 600];
const STEP_S = 10;
const WRITTEN_EVERY_MS = 120; // while playing, as the strip of the whole approach; the rest is drawn in every frame

export default {
  template: `
    <div class="replay" tabindex="0" role="group" :aria-label="labels.replay" @keydown="onKey">
      <div class="replay-controls">
        <button type="button" class="replay-main" @click="toggle" :aria-pressed="playing">
          <span aria-hidden="true">{{ playing ? "❚❚" : "▶" }}</span> {{ playing ? labels.pause : labels.play }}
        </button>
        <button type="button" @click="rewind">{{ labels.rewind }}</button>
        <label>{{ labels.speed }}
          <select v-model.number="speed" :aria-label="labels.speed"><option v-for="one in speeds" :value="one">{{ one }}×</option></select>
        </label>
        <output class="replay-clock" :aria-label="labels.clock">{{ clockText }}</output>
        <span class="replay-group">
          <button type="button" @click="jump(-1)" :aria-label="labels.previous_moment" :title="labels.previous_moment">⟨</button>
          
            <select v-model="momentAt" :aria-label="labels.jump_to" @change="onMoment">
              <option value="">{{ labels.jump_to }}</option>
              <optgroup v-for="[kind, those] in momentsOfKinds" :label="labels.moments[kind] + ' (' + those.length + ')'">
                <option v-for="one in those" :value="one.place">{{ one.text }}</option>
              </optgroup>
            </select>
          <button type="button" @click="jump(1)" :aria-label="labels.next_moment" :title="labels.next_moment">⟩</button>
        </span>
        <span class="replay-group">
          <button type="button" @click="zoom(1 / 1.4)" :aria-label="labels.zoom_out" :title="labels.zoom_out">−</button>
          <button type="button" @click="zoom(1.4)" :aria-label="labels.zoom_in" :title="labels.zoom_in">+</button>
          <button type="button" @click="fit">{{ labels.fit }}</button>
          <button type="button" @click="wholeApproach">{{ labels.whole_approach }}</button>
        </span>
        <label><input type="checkbox" v-model="targets" @change="onTargets" /> {{ labels.show_targets }}</label>
        <label v-if="directions.length > 1">{{ labels.road }}
          <select v-model.number="road" :aria-label="labels.road" @change="onRoad"><option v-for="(one, i) in directions" :value="i">{{ one }}</option></select>
        </label>
      </div>
      <input class="replay-scrub" type="range" ref="scrub" min="0" :max="span" step="1" value="0"
        :aria-label="labels.scrub" :aria-valuetext="clockText" @input="onScrub" />
      <div class="replay-plans" :class="{ 'replay-two': replays.length > 1 }">
        <section v-for="(one, i) in replays" :aria-label="one.title">
          <h3 v-if="one.title">{{ one.title }}</h3>
          <canvas class="replay-overview" :ref="'overview' + i" role="img" :aria-label="labels.overview"></canvas>
          <canvas class="replay-scene" :ref="'scene' + i" role="application" tabindex="0" :aria-label="labels.scene"
            :aria-describedby="id" @keydown="onVehicleKey(i, $event)"></canvas>
          <canvas class="replay-timeline" :ref="'timeline' + i" role="img" :aria-label="labels.timeline" @click="onTimeline(i, $event)"></canvas>
          <dl class="replay-status"><div v-for="[name, value] in statuses[i]"><dt>{{ name }}</dt><dd>{{ value }}</dd></div></dl>
          <p class="replay-pointed" aria-live="polite">{{ pointed[i] }}</p>
          <div class="replay-story" aria-live="polite"><p v-for="line in stories[i]">{{ line }}</p></div>
        </section>
      </div>
      <ul class="replay-legend" :aria-label="labels.legend">
        <li v-for="one in legend"><span class="replay-sample" :class="{ hollow: one.hollow }" :style="{ '--colour': one.colour }"></span>
          <span class="replay-sign" :style="{ color: one.colour }" aria-hidden="true">{{ one.sign }}</span>{{ one.text }}</li>
        <li v-for="one in classLegend"><svg :width="one.width" height="12" aria-hidden="true">
          <rect x="0" y="1" :width="one.width" height="10" class="replay-body" />
          <rect v-for="[x, w, kind] in one.parts" :x="x" y="2.5" :width="w" height="7" :class="'replay-' + kind" /></svg> {{ one.text }}</li>
      </ul>
      <p class="replay-help">{{ labels.moments_legend }} <span v-for="(sign, kind) in momentSigns"><b aria-hidden="true">{{ sign }}</b> {{ labels.moments[kind] }}. </span></p>
      <p class="replay-help" :id="id">{{ labels.vehicle_keys }}</p>
      <p class="replay-help">{{ labels.help }}</p>
    </div>
  `,
  props: { replays: Array, labels: Object, sameVehicles: Boolean, severalDays: Boolean },
  data() {
    return {
      playing: false,
      speed: 60,
      speeds: SPEEDS,
      targets: false,
      road: 0,
      span: 1,
      clockText: "",
      statuses: [],
      stories: [],
      pointed: [], // by plan the vehicle to which the keyboard has moved
      id: `replay-keys-${this.$.uid}`,
      momentAt: "",
      moments: [],
      directions: [],
      legend: [],
      classLegend: [],
      momentSigns: MOMENT_SIGNS,
    };
  },
  computed: {
    // The moments of the list by kind, the rarest kind first: an area can be full dozens of times.
    momentsOfKinds() {
      const kinds = new Map();
      this.moments.forEach((one, place) => kinds.set(one.kind, [...(kinds.get(one.kind) ?? []), { ...one, place }]));
      return [...kinds].sort(([, some], [, others]) => some.length - others.length);
    },
  },
  created() {
    // Not reactive on purpose: thousands of numbers that change in every frame.
    this.panels = [];
    this.now_s = 0;
    this.asked = 0;
    this.last_ms = 0;
    this.written_ms = 0;
  },
  mounted() {
    this.onTheme = new MutationObserver(() => {
      this.makeLegend();
      this.ask();
    });
    this.onTheme.observe(document.body, { attributes: true, attributeFilter: ["class"] });
    this.load();
  },
  unmounted() {
    cancelAnimationFrame(this.asked);
    this.onTheme.disconnect();
    this.panels.forEach((panel) => panel.detach());
  },
  methods: {
    load() {
      this.panels = this.replays.map((one) => new Panel(one, this.labels, this.clockOf));
      this.begins_s = Math.min(...this.panels.map((panel) => panel.begins_s));
      this.span = Math.ceil(Math.max(...this.panels.map((panel) => panel.begins_s + panel.tracks.lasts_s)) - this.begins_s);
      this.directions = this.panels.length ? this.panels[0].tracks.site.roads.map((one) => one.direction) : [];
      this.panels.forEach((panel, i) => {
        const canvases = {};
        for (const name of ["overview", "scene", "timeline"]) canvases[name] = [this.$refs[name + i]].flat()[0];
        panel.fromTo(this.begins_s, this.begins_s + this.span);
        panel.attach(canvases, { ask: this.ask, fit: this.fit, choose: (vehicle) => this.choose(i, vehicle) });
      });
      this.moments = this.panels
        .flatMap((panel, i) => panel.tracks.moments.map((one) => ({ ...one, now_s: one.time_s + panel.begins_s, panel: i })))
        .sort((one, other) => one.now_s - other.now_s)
        .map((one) => ({ ...one, text: this.momentText(one) }));
      this.stories = this.panels.map(() => []);
      this.makeLegend();
      this.fit();
      this.seek(this.moments[0]?.now_s ?? this.begins_s);
    },
    momentText({ now_s, kind, panel, road }) {
      const where = [this.directions.length > 1 && kind !== "found" && kind !== "area_full" ? this.directions[road] : "", this.panels.length > 1 ? this.replays[panel].title : ""];
      return [`${this.clockOf(now_s)} ${this.labels.moments[kind]}`, ...where].filter(Boolean).join(" · ");
    },
    makeLegend() {
      const palette = paletteNow();
      const outcomes = this.labels.outcomes.map((text, k) => ({ text, colour: palette.outcomes[k], sign: SIGNS[k] ?? "", hollow: HOLLOW.has(k) }));
      const missed = { text: this.labels.missed, colour: palette.missed, sign: MISSED_SIGN, hollow: true };
      this.legend = this.targets ? [...outcomes, missed] : outcomes;
      const tracks = this.panels.map((panel) => panel.tracks);
      const classes = tracks.length ? tracks[0].site.classes : [];
      const come = new Set(tracks.flatMap((one) => [...new Set(one.columns.vehicle_class)]));
      this.classLegend = classes.filter((_, k) => come.has(k)).map((one) => {
        const body = bodyOf(one);
        const width = 4 * one.length_m;
        const part = (kind) => body[kind].map(([from_m, to_m]) => [width - 4 * to_m, 4 * (to_m - from_m), kind]);
        return { text: one.name, width, parts: [...part("glass"), ...part("gaps"), ...part("cooler")] };
      });
    },
    // Time of day, with the day where there are several.
    clockOf(time_s) {
      const s = Math.floor(time_s + 1e-6);
      const two = (number) => String(number).padStart(2, "0");
      const text = `${two(Math.floor(s / 3600) % 24)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
      return this.severalDays ? `${text} ${this.labels.day} ${Math.floor(s / 86400) + 1}` : text;
    },
    // Draw in the next frame.
    ask() {
      if (!this.asked) this.asked = requestAnimationFrame(this.frame);
    },
    frame(at_ms) {
      this.asked = 0;
      if (this.playing) {
        const elapsed_s = Math.min(at_ms - this.last_ms, 250) / 1000;
        this.now_s = Math.min(this.now_s + elapsed_s * this.speed, this.begins_s + this.span);
        if (this.now_s >= this.begins_s + this.span) this.playing = false;
      }
      this.last_ms = at_ms;
      const all = !this.playing || at_ms - this.written_ms > WRITTEN_EVERY_MS;
      for (const panel of this.panels) panel.draw(this.now_s, all);
      if (all) this.write(at_ms);
      if (this.playing) this.ask();
    },
    write(at_ms) {
      this.written_ms = at_ms;
      this.clockText = this.clockOf(this.now_s);
      this.statuses = this.panels.map((panel) => panel.status(this.now_s));
      this.$refs.scrub.value = this.now_s - this.begins_s;
    },
    seek(now_s) {
      this.now_s = Math.min(Math.max(now_s, this.begins_s), this.begins_s + this.span);
      this.ask();
    },
    toggle() {
      if (!this.playing && this.now_s >= this.begins_s + this.span) this.now_s = this.begins_s;
      this.playing = !this.playing;
      this.last_ms = performance.now();
      this.ask();
    },
    rewind() {
      this.seek(this.begins_s);
    },
    // To the next moment after now, or the last one before it.
    jump(direction) {
      const others = this.moments.filter((one) => (direction > 0 ? one.now_s > this.now_s + 0.5 : one.now_s < this.now_s - 0.5));
      const to = direction > 0 ? others[0] : others[others.length - 1];
      if (!to) return;
      this.momentAt = this.moments.indexOf(to);
      this.seek(to.now_s);
    },
    zoom(factor) {
      this.panels.forEach((panel) => panel.zoom(factor));
      this.ask();
    },
    // The same view of all plans: that of the largest area.
    fit() {
      const scales = this.panels.map((panel) => panel.fit());
      const { view } = this.panels[scales.indexOf(Math.min(...scales))].scene;
      this.panels.forEach((panel) => (panel.scene.view = { ...view }));
      this.ask();
    },
    wholeApproach() {
      this.panels.forEach((panel) => panel.showApproach());
      this.ask();
    },
    onMoment() {
      if (this.momentAt !== "") this.seek(this.moments[this.momentAt].now_s);
    },
    onScrub(event) {
      this.momentAt = "";
      this.seek(this.begins_s + Number(event.target.value));
    },
    onTimeline(i, event) {
      const panel = this.panels[i];
      this.momentAt = "";
      this.seek(panel.begins_s + panel.timeline.timeAt(event.offsetX, panel.sizes.timeline.width));
    },
    onTargets() {
      this.panels.forEach((panel) => (panel.shown.targets = this.targets));
      this.makeLegend();
      this.ask();
    },
    onRoad() {
      this.panels.forEach((panel) => panel.follow(Math.min(this.road, panel.tracks.site.roads.length - 1)));
      this.fit();
    },
    // Mark a vehicle, without its story.
    point(i, vehicle) {
      this.panels.forEach((panel, k) => (panel.shown.chosen = k === i || this.sameVehicles ? vehicle : -1));
      this.stories = this.panels.map(() => []);
      this.pointed = this.panels.map((panel, k) => (k === i && vehicle >= 0 ? this.nameOf(panel, vehicle) : ""));
      this.ask();
    },
    nameOf({ tracks }, vehicle) {
      const { vehicle_class, outcome } = tracks.columns;
      const name = tracks.site.classes[vehicle_class[vehicle]].name;
      return `${name} ${(vehicle + 1).toLocaleString("en")}: ${this.labels.outcomes[outcome[vehicle]]}`;
    },
    choose(i, vehicle) {
      this.pointed = [];
      this.panels.forEach((panel, k) => (panel.shown.chosen = k === i || this.sameVehicles ? vehicle : -1));
      if (vehicle < 0) this.stories = this.panels.map(() => []);
      else this.$emit("choose", { plan: i, vehicle, targets: this.targets });
      this.ask();
    },
    tell(stories) {
      this.stories = stories;
    },
    // In the picture the arrows go from vehicle to vehicle; all other keys are those of the replay.
    onVehicleKey(i, event) {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      const { chosen } = this.panels[i].shown;
      if (event.shiftKey || !(step || (["Enter", "Escape"].includes(event.key) && chosen >= 0))) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.key === "Enter") this.choose(i, chosen);
      else this.point(i, step ? this.panels[i].nextInView(chosen, step) : -1);
    },
    onKey(event) {
      const tag = event.target.tagName;
      if (event.ctrlKey || event.metaKey || event.altKey || tag === "SELECT") return;
      if (event.key === " " && (tag === "BUTTON" || event.target.type === "checkbox")) return;
      if (event.key.startsWith("Arrow") && event.target.type === "range" && !event.shiftKey) return;
      const faster = (by) => (this.speed = SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, SPEEDS.indexOf(this.speed) + by))]);
      const actions = {
        " ": () => this.toggle(),
        ArrowLeft: () => (event.shiftKey ? this.jump(-1) : this.seek(this.now_s - STEP_S)),
        ArrowRight: () => (event.shiftKey ? this.jump(1) : this.seek(this.now_s + STEP_S)),
        ArrowUp: () => faster(1),
        ArrowDown: () => faster(-1),
        Home: () => this.rewind(),
        "+": () => this.zoom(1.4),
        "-": () => this.zoom(1 / 1.4),
        0: () => this.fit(),
      };
      if (!actions[event.key]) return;
      event.preventDefault();
      actions[event.key]();
    },
  },
};
