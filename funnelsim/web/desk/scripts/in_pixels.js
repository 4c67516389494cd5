// Drawings in which one unit is one pixel of the page, so that letters keep their size however narrow the page is.
export const inPixels = {
  data() {
    return { width: 390 };
  },
  mounted() {
    this.observer = new ResizeObserver(([{ contentRect }]) => {
      if (contentRect.width > 0) this.width = contentRect.width; // none while it is hidden, as in a tab behind another
    });
    this.observer.observe(this.$refs.svg);
  },
  unmounted() {
    this.observer.disconnect();
  },
  methods: {
    pointOf(event) {
      return new DOMPoint(event.clientX, event.clientY).matrixTransform(this.$refs.svg.getScreenCTM().inverse());
    },
  },
};
