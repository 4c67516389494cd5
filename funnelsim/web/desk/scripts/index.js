export { inPixels } from "./in_pixels.js";
export { arranged } from "./arranged.js";
export { moves } from "./moves.js";
