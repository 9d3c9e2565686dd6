/** An element of a formula as plain data. */
export type MathsNode = Readonly<{
  name: string;
  attributes: Readonly<Record<string, string>>;
  style: Readonly<Record<string, string>>;
  children: readonly (MathsNode | string)[];
}>;
