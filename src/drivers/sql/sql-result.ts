type Parse = (text: string) => unknown;

const parseDate = (text: string): Date => new Date(text);
const parseJson = (text: string): unknown => JSON.parse(text);
const parseBoolean = (text: string): boolean => text === "t";

const quotedElement = /"((?:[^"\\]|\\.)*)"|([^,{}]+)/gs;

// Only one-dimensional arrays: no column of ours has more.
const parseArray =
  (parse: Parse): Parse =>
  (text) =>
    Array.from(text.matchAll(quotedElement), ([, quoted, bare = ""]) => {
      if (quoted !== undefined) return parse(quoted.replaceAll(/\\(.)/gs, "$1"));
      return bare === "NULL" ? null : parse(bare);
    });

const parseOf: Readonly<Record<string, { readonly parse: Parse; readonly type: number; readonly array: number }>> = {
  bool: { type: 16, array: 1000, parse: parseBoolean },
  int2: { type: 21, array: 1005, parse: Number },
  int4: { type: 23, array: 1007, parse: Number },
  int8: { type: 20, array: 1016, parse: Number },
  oid: { type: 26, array: 1028, parse: Number },
  float4: { type: 700, array: 1021, parse: Number },
  float8: { type: 701, array: 1022, parse: Number },
  text: { type: 25, array: 1009, parse: String },
  varchar: { type: 1043, array: 1015, parse: String },
  timestamptz: { type: 1184, array: 1185, parse: parseDate },
  json: { type: 114, array: 199, parse: parseJson },
  jsonb: { type: 3802, array: 3807, parse: parseJson },
};

/** How a column's text becomes its JavaScript value, by the type's oid (`pg_type.dat`); a type not named stays text. */
export const resultParsers: ReadonlyMap<number, Parse> = new Map(
  Object.values(parseOf).flatMap(({ type, array, parse }) => [
    [type, parse],
    [array, parseArray(parse)],
  ]),
);
