/** An element of MathML as plain data. */
export type MathsNode = Readonly<{
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: readonly (MathsNode | string)[];
}>;
