// Labels in rows beside a road, each at the end of a line that begins at the road.
const APART = 6; // pixels between two labels of a row
const MOST_TRIES = 20000; // of a place, which take less than a frame lasts

// Returns for each label its row, counted from the road, the row of its words and where they begin. No label lies upon another,
// and where it is possible no line runs through one. Words stand on the side that is wished for, on the other where they have no
// room, and in a row of their own where neither side has any.
export function arranged(labels, room) {
  const options = labels.map((label) => placesOf(label, labels.length, room));
  return (uncrossed(options) ?? apart(options)).map(({ row, words }) => ({ row, words }));
}

// A place for each label so that no line runs through any; null where none is found.
function uncrossed(options) {
  const taken = [];
  let tries = MOST_TRIES;
  const fits = (one) => !taken.some((other) => overlap(one, other) || crosses(one, other) || crosses(other, one));
  const placeRest = () => {
    if (taken.length === options.length) return true;
    for (const place of options[taken.length]) {
      if (--tries < 0) return false;
      if (!fits(place)) continue;
      taken.push(place);
      if (placeRest()) return true;
      taken.pop();
    }
    return false;
  };
  return placeRest() ? taken : null;
}

// A place for each label apart from the others, with few lines through it.
function apart(options) {
  const taken = [];
  for (const places of options) {
    const free = places.filter((one) => !taken.some((other) => overlap(one, other)));
    taken.push(free.find((one) => !taken.some((other) => crosses(one, other) || crosses(other, one))) ?? free[0]);
  }
  return taken;
}

// Where a label can stand, what is wished for first.
function placesOf({ x, long }, number, { width, side, gap, tip }) {
  const left = { from: x - gap - long, anchor: "end", below: 0 };
  const right = { from: x + gap, anchor: "start", below: 0 };
  const own = { from: Math.max(0, Math.min(width - long, x - long / 2)), anchor: "start", below: 1 };
  const within = [...(side < 0 ? [left, right] : [right, left]), own].filter(
    ({ from, below }) => below || (from >= 0 && from + long <= width),
  );
  const places = [];
  for (let row = 0; row < 2 * number; row++) {
    for (const { from, anchor, below } of within) {
      const words = { row: row + below, from, to: from + long, anchor, x: anchor === "end" ? from + long : from };
      places.push({ x, row, words, cells: [{ row, from: x - tip, to: x + tip }, words] });
    }
  }
  return places;
}

function overlap(one, other) {
  const meet = (mine, its) => mine.row === its.row && mine.from < its.to + APART && its.from < mine.to + APART;
  return one.cells.some((mine) => other.cells.some((its) => meet(mine, its)));
}

// Whether the line to one label runs through another, or through the tip of another's line that is not the same line.
function crosses({ x, row }, { x: its_x, words, cells }) {
  return cells.some((cell) => cell.row < row && cell.from < x && x < cell.to && (cell === words || x !== its_x));
}
