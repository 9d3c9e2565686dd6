import { z } from "zod";

export type Cell = string | number | boolean | null;

// a cell that begins like this is a formula to a spreadsheet, some of them also in full width
const formula = /^[=+\-@\t\r\n＝＋－＠]/;

const cellOf = (cell: Cell): string => {
  if (cell === null) return "";
  if (typeof cell !== "string") return String(cell);
  const inert = formula.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
};

/** One line of CSV (RFC 4180); text that a spreadsheet would run as a formula is text there. */
export const toCsvLine = (cells: readonly Cell[]): string => `${cells.map(cellOf).join(",")}\r\n`;

/** A column of CSV that is made of a member, or of a member of a member. */
export interface CsvColumn {
  readonly name: string;
  readonly path: readonly string[];
}

const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const bare = (schema: unknown): unknown => (schema instanceof z.ZodNullable ? bare(schema.unwrap()) : schema);

/** A column for every member that a schema names, those of objects in it one by one. */
export const columnsOf = (schema: z.ZodObject, path: readonly string[] = []): readonly CsvColumn[] =>
  Object.entries(schema.shape).flatMap(([name, member]) => {
    const inner = bare(member);
    const at = [...path, name];
    return inner instanceof z.ZodObject ? columnsOf(inner, at) : [{ name: at.map(snake).join("_"), path: at }];
  });

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined;

const asCell = (value: unknown): Cell => {
  if (value === undefined || value === null) return null;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  return JSON.stringify(value);
};

/** What an item holds in those columns. */
export const cellsOf = (columns: readonly CsvColumn[], item: unknown): readonly Cell[] =>
  columns.map(({ path }) => asCell(path.reduce(memberOf, item)));
