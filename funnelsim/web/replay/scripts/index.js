export { HOLLOW, MISSED_SIGN, SIGNS, paletteNow } from "./palette.js";
export { Panel } from "./panel.js";
export { bodyOf } from "./scene.js";
export { MOMENT_SIGNS } from "./strips.js";
export { OUTCOME } from "./tracks.js";
