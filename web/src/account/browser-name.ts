const browsers: readonly (readonly [RegExp, string])[] = [
  [/Edg\//, "Edge"],
  [/OPR\//, "Opera"],
  [/Firefox\//, "Firefox"],
  [/Chrome\//, "Chrome"],
  [/Safari\//, "Safari"],
];

const systems: readonly (readonly [RegExp, string])[] = [
  [/iPhone|iPad/, "iOS"],
  [/Android/, "Android"],
  [/Mac OS X/, "macOS"],
  [/Windows/, "Windows"],
  [/Linux/, "Linux"],
];

const nameIn = (names: typeof browsers, agent: string): string | undefined =>
  names.find(([pattern]) => pattern.test(agent))?.[1];

/** What people call a browser that calls itself so; null: nobody can say. */
export const browserName = (agent: string | null): string | null => {
  if (agent === null) return null;
  const words = [nameIn(browsers, agent), nameIn(systems, agent)].filter((name) => name !== undefined);
  return words.length === 0 ? null : words.join(", ");
};
