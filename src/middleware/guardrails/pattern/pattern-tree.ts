/** A regular expression of RE2, as far as it matters what a match may begin with and how long it may be. */
export type PatternTree =
  | { readonly kind: "character"; readonly source: string }
  /** Takes no room: `^`, `\b`, `(?i)` … */
  | { readonly kind: "nothing"; readonly source: string; readonly isFlag: boolean }
  | { readonly kind: "group"; readonly open: string; readonly body: PatternTree }
  | { readonly kind: "sequence"; readonly items: readonly PatternTree[] }
  | { readonly kind: "choice"; readonly options: readonly PatternTree[] }
  | { readonly kind: "repeat"; readonly item: PatternTree; readonly least: number; readonly most: number };

/** The expression that a tree stands for. */
export const sourceOf = (tree: PatternTree): string => {
  switch (tree.kind) {
    case "character":
    case "nothing":
      return tree.source;
    case "group":
      return `${tree.open}${sourceOf(tree.body)})`;
    case "sequence":
      return tree.items.map(sourceOf).join("");
    case "choice":
      return tree.options.map(sourceOf).join("|");
    case "repeat":
      return `(?:${sourceOf(tree.item)})${timesOf(tree.least, tree.most)}`;
  }
};

const timesOf = (least: number, most: number): string =>
  most === Number.POSITIVE_INFINITY ? `{${least},}` : `{${least},${most}}`;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

/** Characters of UTF-16 that a match has, at most; may be infinite. */
export const longestMatch = (tree: PatternTree): number => {
  switch (tree.kind) {
    case "character":
      return 2;
    case "nothing":
      return 0;
    case "group":
      return longestMatch(tree.body);
    case "sequence":
      return sum(tree.items.map(longestMatch));
    case "choice":
      return Math.max(...tree.options.map(longestMatch));
    case "repeat": {
      const item = longestMatch(tree.item);
      return item === 0 || tree.most === 0 ? 0 : item * tree.most;
    }
  }
};

const beginOfSequence = (items: readonly PatternTree[]): string =>
  items.reduceRight((rest, item) => {
    if (item.kind === "nothing") return item.isFlag ? `${item.source}${rest}` : `(?:|${item.source}${rest})`;
    if (item.kind === "character") return `(?:${item.source}${rest})?`;
    return `(?:${beginOf(item)}|${sourceOf(item)}${rest})`;
  }, "");

/** An expression of whatever a match may begin with: of every prefix, the empty and the whole one as well. */
export const beginOf = (tree: PatternTree): string => {
  switch (tree.kind) {
    case "character":
      return `(?:${tree.source})?`;
    case "nothing":
      return "";
    case "group":
      return `${tree.open}${beginOf(tree.body)})`;
    case "sequence":
      return beginOfSequence(tree.items);
    case "choice":
      return tree.options.map(beginOf).join("|");
    case "repeat": {
      if (tree.most === 0) return "";
      const begin = `(?:${beginOf(tree.item)})`;
      const before = Math.min(tree.most - 1, 1_000);
      return before === 0
        ? begin
        : `(?:${sourceOf(tree.item)})${timesOf(0, tree.most === Infinity ? Infinity : before)}${begin}`;
    }
  }
};
