/** Lines that one text has where the other has others: from `fromStart` to before `fromEnd`, counted from 0. */
export interface LineChange {
  readonly fromStart: number;
  readonly fromEnd: number;
  readonly toStart: number;
  readonly toEnd: number;
}

/** A line that stands in both texts: where in the one, and where in the other. */
type Match = readonly [from: number, to: number];

interface Region {
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly fromStart: number;
  readonly fromEnd: number;
  readonly toStart: number;
  readonly toEnd: number;
}

/** What is farther apart within a region is shown as replaced whole: the search for the shortest way costs its square. */
const mostEdits = 100;

const numberLines = (texts: readonly (readonly string[])[]): number[][] => {
  const known = new Map<string, number>();
  const numberOf = (line: string): number => {
    const number = known.get(line) ?? known.size;
    known.set(line, number);
    return number;
  };
  return texts.map((lines) => lines.map(numberOf));
};

/** Where each line stands that is in this part once alone. */
const findUnique = (lines: readonly number[], start: number, end: number): Map<number, number> => {
  const places = new Map<number, number>();
  for (let at = start; at < end; at += 1) places.set(lines[at] ?? 0, places.has(lines[at] ?? 0) ? -1 : at);
  return places;
};

/** The longest row of matches whose places in both texts rise. */
const longestRising = (matches: readonly Match[]): Match[] => {
  const tails: number[] = [];
  const before: number[] = [];
  for (const [index, [, to]] of matches.entries()) {
    let low = 0;
    for (let high = tails.length; low < high;) {
      const middle = (low + high) >> 1;
      if ((matches[tails[middle] ?? 0]?.[1] ?? 0) < to) low = middle + 1;
      else high = middle;
    }
    before[index] = low === 0 ? -1 : (tails[low - 1] ?? -1);
    tails[low] = index;
  }
  const row: Match[] = [];
  for (let index = tails.at(-1) ?? -1; index >= 0; index = before[index] ?? -1) row.push(matches[index] ?? [0, 0]);
  return row.reverse();
};

const anchorsOf = ({ from, to, fromStart, fromEnd, toStart, toEnd }: Region): Match[] => {
  const inTo = findUnique(to, toStart, toEnd);
  const matches: Match[] = [];
  for (const [line, at] of findUnique(from, fromStart, fromEnd)) {
    const other = inTo.get(line) ?? -1;
    if (at >= 0 && other >= 0) matches.push([at, other]);
  }
  return longestRising(matches.sort(([left], [right]) => left - right));
};

/** Walks back over the reached places, one row for each edit. */
const walkBack = (rows: readonly Int32Array[], { fromStart, toStart }: Region, end: Match, middle: number): Match[] => {
  const matches: Match[] = [];
  let [x, y] = end;
  for (let edits = rows.length - 1; edits >= 0; edits -= 1) {
    const row = rows[edits];
    const diagonal = x - y;
    const isDown =
      diagonal === -edits ||
      (diagonal !== edits && (row?.[middle + diagonal - 1] ?? -1) < (row?.[middle + diagonal + 1] ?? -1));
    const previous = isDown ? diagonal + 1 : diagonal - 1;
    const startX = edits === 0 ? 0 : (row?.[middle + previous] ?? 0);
    const snakeX = isDown ? startX : startX + 1;
    while (x > snakeX) {
      x -= 1;
      y -= 1;
      matches.push([fromStart + x, toStart + y]);
    }
    x = startX;
    y = startX - previous;
  }
  return matches.reverse();
};

/** The matches along the shortest way from one part to the other (Myers 1986); null: it is too long to look for. */
const shortestWay = (region: Region): Match[] | null => {
  const { from, to, fromStart, fromEnd, toStart, toEnd } = region;
  const width = fromEnd - fromStart;
  const height = toEnd - toStart;
  const most = Math.min(mostEdits, width + height);
  const middle = most + 1;
  const reached = new Int32Array(2 * middle + 1).fill(-1);
  reached[middle + 1] = 0;
  const rows: Int32Array[] = [];
  for (let edits = 0; edits <= most; edits += 1) {
    rows.push(reached.slice());
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const left = reached[middle + diagonal - 1] ?? -1;
      const above = reached[middle + diagonal + 1] ?? -1;
      let x = diagonal === -edits || (diagonal !== edits && left < above) ? above : left + 1;
      while (x < width && x - diagonal < height && from[fromStart + x] === to[toStart + x - diagonal]) x += 1;
      reached[middle + diagonal] = x;
      if (x >= width && x - diagonal >= height) return walkBack(rows, region, [x, x - diagonal], middle);
    }
  }
  return null;
};

const trim = (region: Region): Region => {
  const { from, to } = region;
  let { fromStart, fromEnd, toStart, toEnd } = region;
  while (fromStart < fromEnd && toStart < toEnd && from[fromStart] === to[toStart]) {
    fromStart += 1;
    toStart += 1;
  }
  while (fromStart < fromEnd && toStart < toEnd && from[fromEnd - 1] === to[toEnd - 1]) {
    fromEnd -= 1;
    toEnd -= 1;
  }
  return { from, to, fromStart, fromEnd, toStart, toEnd };
};

/** The parts between matches, each trimmed; nothing where they are equal. */
const between = (region: Region, matches: readonly Match[]): Region[] => {
  const ends: readonly Match[] = [...matches, [region.fromEnd, region.toEnd]];
  let { fromStart, toStart } = region;
  return ends.flatMap(([fromEnd, toEnd]) => {
    const part = trim({ ...region, fromStart, fromEnd, toStart, toEnd });
    [fromStart, toStart] = [fromEnd + 1, toEnd + 1];
    return part.fromStart === part.fromEnd && part.toStart === part.toEnd ? [] : [part];
  });
};

const isOneSided = ({ fromStart, fromEnd, toStart, toEnd }: Region): boolean =>
  fromStart === fromEnd || toStart === toEnd;

const refine = (part: Region): readonly Region[] => {
  const matches = isOneSided(part) ? null : shortestWay(part);
  return matches === null ? [part] : between(part, matches);
};

/** Where two texts differ, line by line, in their order: around the lines that each has once, then the shortest way. */
export const diffLines = (from: readonly string[], to: readonly string[]): LineChange[] => {
  const [fromNumbers = [], toNumbers = []] = numberLines([from, to]);
  const whole = trim({
    from: fromNumbers,
    to: toNumbers,
    fromStart: 0,
    fromEnd: from.length,
    toStart: 0,
    toEnd: to.length,
  });
  return between(whole, anchorsOf(whole))
    .flatMap(refine)
    .map(({ fromStart, fromEnd, toStart, toEnd }) => ({ fromStart, fromEnd, toStart, toEnd }));
};
