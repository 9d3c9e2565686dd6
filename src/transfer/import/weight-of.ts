const container = 64;
const text = 16;
const other = 32;

/** Roughly how many bytes of memory a JSON value takes, however deep it is: never less than its characters. */
export const weightOf = (value: unknown): number => {
  let weight = 0;
  const open = [value];
  while (open.length > 0) {
    const one = open.pop();
    if (typeof one === "string") weight += one.length + text;
    else if (typeof one === "object" && one !== null) {
      weight += container;
      for (const [key, item] of Array.isArray(one) ? one.entries() : Object.entries(one)) {
        weight += typeof key === "string" ? key.length + text : 0;
        open.push(item);
      }
    } else weight += other;
  }
  return weight;
};
