// What a visitor moves is shown at once, and moved on from there. What the server echoes counts again once it has heard of the
// last move: an echo that is older does not put anything back.
const SENT_EVERY_MS = 50; // while something is dragged

export const moves = {
  props: { heard: Number },
  data() {
    return { moved: {}, number: 0, sent_ms: 0 };
  },
  methods: {
    shown(key, echoed) {
      const last = this.moved[key];
      return last && last.number > this.heard ? last.value : echoed;
    },
    moveTo(key, value, { dragging = false } = {}) {
      this.number = Math.max(this.number, this.heard) + 1;
      this.moved[key] = { value, number: this.number };
      if (!dragging || performance.now() - this.sent_ms > SENT_EVERY_MS) this.send(key);
    },
    send(key) {
      this.sent_ms = performance.now();
      this.$emit("moved", { key, ...this.moved[key] });
    },
  },
};
