// Colours by outcome, apart in hue and lightness; each has a sign of its own, so that nothing hangs on colour alone.

import { OUTCOME } from "./tracks.js";

// On the road, in the area and on paper each is at least three times as bright, or as dark (WCAG 2.2, 1.4.11).
export const LIGHT = {
  paper: "#ffffff",
  ink: "#1a1a1a",
  muted: "#555a61",
  road: "#d4d7db",
  closed: "#ebedef",
  edge: "#8b9199",
  space: "#7f868f",
  queue: "#2f6fad",
  glass: "#22262b",
  officer: "#0b3c6f",
  shade: { closed: "#e4e6e9", suspended: "#f0b76a", lifted: "#b3400f", unstaffed: "#a9a2c4", last_minutes: "#cfd8c8" },
  outcomes: ["#656c75", "#656c75", "#a25b00", "#1f6fc4", "#00794f", "#8a3f9e"],
  missed: "#c2261b",
};
export const DARK = {
  paper: "#14171a",
  ink: "#f0f2f4",
  muted: "#aab1b9",
  road: "#343a41",
  closed: "#24292e",
  edge: "#79818a",
  space: "#7d858e",
  queue: "#6da3d1",
  glass: "#0b0d0f",
  officer: "#bfe0ff",
  shade: { closed: "#2b3036", suspended: "#8a5c14", lifted: "#b3400f", unstaffed: "#5c5580", last_minutes: "#475240" },
  outcomes: ["#a7aeb6", "#a7aeb6", "#ffb03b", "#64b0ff", "#3ddc9a", "#d796ea"],
  missed: "#ff7a6b",
};
const MORE = { light: { muted: "#1a1a1a", edge: "#000000" }, dark: { muted: "#ffffff", edge: "#ffffff" } };

export const SIGNS = { [OUTCOME.AREA_FULL]: "×", [OUTCOME.NOTHING_FOUND]: "▼", [OUTCOME.TARGET_FOUND]: "★", [OUTCOME.TURNED_OFF]: "↘" };
export const MISSED_SIGN = "◆";
export const HOLLOW = new Set([OUTCOME.UNCHECKED, OUTCOME.TURNED_OFF]);

// The palette of the page: dark as Quasar's body says, stronger where the reader's system asks for more contrast.
export function paletteNow() {
  const dark = document.body.classList.contains("body--dark");
  const more = window.matchMedia("(prefers-contrast: more)").matches ? MORE[dark ? "dark" : "light"] : {};
  return { ...(dark ? DARK : LIGHT), ...more };
}
