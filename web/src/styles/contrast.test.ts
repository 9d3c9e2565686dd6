import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

type Triple = readonly [number, number, number];

const css = readFileSync(join(import.meta.dirname, "tokens.css"), "utf8");

/** Linear sRGB of an oklch colour (CSS Color 4), clipped to the gamut. */
const linear = ([lightness, chroma, hue]: Triple): Triple => {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clip = (value: number): number => Math.min(1, Math.max(0, value));
  return [
    clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    clip(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
};

const luminance = (color: Triple): number => {
  const [red, green, blue] = linear(color);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

/** WCAG 2.2. */
const contrast = (one: Triple, other: Triple): number => {
  const [high, low] = [luminance(one), luminance(other)].toSorted((left, right) => right - left) as [number, number];
  return (high + 0.05) / (low + 0.05);
};

const colorsOf = (theme: string): ReadonlyMap<string, Triple> => {
  const block = new RegExp(String.raw`\[data-theme="${theme}"\] \{([^}]*)\}`).exec(css)?.[1] ?? "";
  const found = block.matchAll(/--([\w-]+): oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)/g);
  return new Map([...found].map(([, name = "", ...values]) => [name, values.map(Number) as unknown as Triple]));
};

const backgrounds = ["bg", "surface", "sunken", "hover", "accent-soft", "warn-soft"];
const text = [
  ...backgrounds.flatMap((background) => [`text on ${background}`, `text-2 on ${background}`]),
  ...["bg", "surface", "sunken", "warn-soft"].map((background) => `text-3 on ${background}`),
  ...["bg", "surface", "sunken", "accent-soft"].map((background) => `accent-ink on ${background}`),
  "on-accent on accent",
  "live-ink on surface",
  "live-ink on bg",
  "warn on surface",
  "warn on warn-soft",
  "danger on surface",
  "danger on danger-soft",
  "danger on hover",
  "info on surface",
  "text on sea",
  "text-2 on land",
];
const shapes = ["edge on bg", "edge on surface", "accent on bg", "accent on sunken", "warn on sunken"];

test.each(["light", "dark"])("text and controls can be told from what is behind them in the %s theme", (theme) => {
  const colors = colorsOf(theme);
  const tooLow = (pairs: readonly string[], least: number): string[] =>
    pairs.flatMap((pair) => {
      const [front, back] = pair.split(" on ").map((name) => colors.get(name));
      const ratio = contrast(front!, back!);
      return ratio < least ? [`${pair}: ${ratio.toFixed(2)}`] : [];
    });
  expect(tooLow(text, 4.5)).toEqual([]);
  expect(tooLow(shapes, 3)).toEqual([]);
});
