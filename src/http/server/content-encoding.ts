/** A coding of content, and the ending of files that hold it. */
export interface ContentEncoding {
  readonly name: "br" | "gzip";
  readonly extension: "br" | "gz";
}

const offered: readonly ContentEncoding[] = [
  { name: "br", extension: "br" },
  { name: "gzip", extension: "gz" },
];

const weightsOf = (header: string): ReadonlyMap<string, number> =>
  new Map(
    header
      .split(",", 20)
      .map((entry) => entry.split(";"))
      .map(([name = "", ...parameters]) => {
        const weight = parameters.map((parameter) => /^\s*q=([\d.]{1,5})\s*$/i.exec(parameter)?.[1]).find(Boolean);
        return [name.trim().toLowerCase(), weight === undefined ? 1 : Number(weight)];
      }),
  );

/** The best coding that an `Accept-Encoding` (RFC 9110) allows; null: none. */
export const chooseEncoding = (header: string): ContentEncoding | null => {
  const weights = weightsOf(header);
  return offered.find(({ name }) => (weights.get(name) ?? weights.get("*") ?? 0) > 0) ?? null;
};
