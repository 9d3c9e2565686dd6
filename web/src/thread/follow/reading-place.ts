/** What a person has before the eyes, and how far under the upper edge it is, in pixels. */
export interface Place {
  readonly element: Element;
  readonly offset: number;
}

const deepest = 8;

/** Marks what nobody reads, and what stays at the upper end whatever comes below it. */
export const noPlace = "data-no-place";

/** Where the upper edge of an element is on the screen. */
export const topOf = (element: Element): number => element.getBoundingClientRect().top;

/** The first of the children, which stand one below the other, that reaches below `edge`. */
const firstBelow = (children: HTMLCollection, edge: number): Element | null => {
  let from = 0;
  let to = children.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    const child = children.item(middle);
    if (child !== null && child.getBoundingClientRect().bottom <= edge) from = middle + 1;
    else to = middle;
  }
  return children.item(from);
};

/** Finds the smallest block at the upper edge of what is shown. */
export const findPlace = (region: Element, content: Element): Place | null => {
  const edge = topOf(region);
  let element = firstBelow(content.children, edge);
  if (element?.hasAttribute(noPlace) === true) element = element.nextElementSibling;
  for (let depth = 0; element !== null && depth < deepest; depth += 1) {
    // one that begins in sight is a better hold than its parts
    if (topOf(element) >= edge) break;
    const inner = firstBelow(element.children, edge);
    if (inner === null || inner.getBoundingClientRect().height === 0) break;
    element = inner;
  }
  return element === null ? null : { element, offset: topOf(element) - edge };
};

/** How far the place is from where it was; 0 when it is gone. */
export const movedBy = (region: Element, { element, offset }: Place): number =>
  element.isConnected ? topOf(element) - topOf(region) - offset : 0;
