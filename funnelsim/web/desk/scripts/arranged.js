// Labels in rows beside a road, each at the end of a line that begins at the road.
const APART = 6; // pixels between two labels of a row

// Returns for each label its row, counted from the road, the row of its words and where they begin. No label lies upon another,
// and where it is possible no line runs through one. Words stand on the side that is wished for, on the other where they have no
// room, and in a row of their own where neither side has any.
export function arranged(labels, { width, side, gap, tip }) {
  const taken = [];
  return labels.map((label) => {
    const { x, long } = label;
    const left = { from: x - gap - long, anchor: "end", below: 0 };
    const right = { from: x + gap, anchor: "start", below: 0 };
    const own = { from: Math.max(0, Math.min(width - long, x - long / 2)), anchor: "start", below: 1 };
    const within = [...(side < 0 ? [left, right] : [right, left]), own].filter(
      ({ from, below }) => below || (from >= 0 && from + long <= width),
    );
    const places = [];
    for (let row = 0; row < 2 * labels.length; row++) {
      for (const { from, anchor, below } of within) {
        const words = { row: row + below, from, to: from + long, anchor, x: anchor === "end" ? from + long : from };
        places.push({ x, row, words, cells: [{ row, from: x - tip, to: x + tip }, words] });
      }
    }
    const apart = places.filter((one) => !taken.some((other) => overlap(one, other)));
    const place = apart.find((one) => !taken.some((other) => crosses(one, other) || crosses(other, one))) ?? apart[0];
    taken.push(place);
    return { row: place.row, words: place.words };
  });
}

function overlap(one, other) {
  const meet = (mine, its) => mine.row === its.row && mine.from < its.to + APART && its.from < mine.to + APART;
  return one.cells.some((mine) => other.cells.some((its) => meet(mine, its)));
}

// Whether the line to one label runs through another.
function crosses({ x, row }, other) {
  return other.cells.some((cell) => cell.row < row && cell.from < x && x < cell.to);
}
