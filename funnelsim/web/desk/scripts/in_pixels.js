// Drawings in which one unit is one pixel of the page, so that letters keep their size however narrow the page is.
const pen = document.createElement("canvas").getContext("2d");

export const inPixels = {
  data() {
    return { width: 390, family: "sans-serif" };
  },
  mounted() {
    this.observer = new ResizeObserver(([{ contentRect }]) => {
      if (contentRect.width > 0) this.width = contentRect.width; // none while it is hidden, as in a tab behind another
    });
    this.observer.observe(this.$refs.svg);
    document.fonts.ready.then(() => (this.family = getComputedStyle(document.body).fontFamily));
  },
  unmounted() {
    this.observer.disconnect();
  },
  methods: {
    // How many pixels words need in a size and weight of letters, such as "600 12px".
    widthOf(words, letters) {
      pen.font = `${letters} ${this.family}`;
      return Math.ceil(pen.measureText(words).width) + 1; // a drawing and a page round in ways of their own
    },
    pointOf(event) {
      return new DOMPoint(event.clientX, event.clientY).matrixTransform(this.$refs.svg.getScreenCTM().inverse());
    },
  },
};
