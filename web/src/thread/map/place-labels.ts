/** A text and the point that it belongs to, in pixels. */
export interface Label {
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

/** Where a text stands; null: there is no room for it. */
export type LabelPlace = { readonly x: number; readonly y: number; readonly anchor: "start" | "middle" | "end" } | null;

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const letterWidth = 7.2;
const lineHeight = 17;
const gap = 11;

const overlaps = (one: Box, other: Box): boolean =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

const boxOf = ({ x, y, anchor }: NonNullable<LabelPlace>, width: number): Box => {
  const left = anchor === "start" ? x : anchor === "end" ? x - width : x - width / 2;
  return { left, right: left + width, top: y - lineHeight / 2 - 4, bottom: y + lineHeight / 2 - 4 };
};

const candidates = ({ x, y }: Label): readonly NonNullable<LabelPlace>[] => [
  { x: x + gap, y: y + 4, anchor: "start" },
  { x: x - gap, y: y + 4, anchor: "end" },
  { x, y: y - gap, anchor: "middle" },
  { x, y: y + gap + 12, anchor: "middle" },
];

/** Texts beside their points so that none covers another or a point; those first in the list come first. */
export const placeLabels = (
  labels: readonly Label[],
  frame: { readonly width: number; readonly height: number },
): readonly LabelPlace[] => {
  const points = labels.map(({ x, y }): Box => ({ left: x - 6, right: x + 6, top: y - 6, bottom: y + 6 }));
  const taken: Box[] = [];
  const isFree = (box: Box, own: number): boolean =>
    box.left >= 4 &&
    box.right <= frame.width - 4 &&
    box.top >= 2 &&
    box.bottom <= frame.height - 2 &&
    !taken.some((other) => overlaps(box, other)) &&
    !points.some((point, index) => index !== own && overlaps(box, point));
  return labels.map((label, index) => {
    const width = label.text.length * letterWidth;
    const place = candidates(label).find((candidate) => isFree(boxOf(candidate, width), index)) ?? null;
    if (place !== null) taken.push(boxOf(place, width));
    return place;
  });
};
