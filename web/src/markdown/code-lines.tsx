import { memo, type ReactNode } from "react";
import { tokenKinds } from "./highlight/highlight-protocol.ts";
import type { ColouredLine } from "./highlight/highlight-session.ts";
import { withoutStacks } from "./text/safe-text.ts";

const pieces = (line: string, { text, pairs }: ColouredLine): ReactNode => {
  if (!line.startsWith(text)) return withoutStacks(line);
  const painted: ReactNode[] = [];
  let offset = 0;
  for (let index = 0; index < pairs.length; index += 2) {
    const end = offset + (pairs[index] ?? 0);
    const kind = pairs[index + 1] ?? 0;
    const piece = withoutStacks(line.slice(offset, end));
    painted.push(
      kind === 0 ? (
        piece
      ) : (
        <span key={index} className={tokenKinds[kind]}>
          {piece}
        </span>
      ),
    );
    offset = end;
  }
  painted.push(withoutStacks(line.slice(offset)));
  return painted;
};

type LineProps = Readonly<{ line: string; coloured: ColouredLine | undefined }>;

const Line = memo(({ line, coloured }: LineProps) => (
  <span>
    {coloured === undefined ? withoutStacks(line) : pieces(line, coloured)}
    {"\n"}
  </span>
));

type CodeLinesProps = Readonly<{ lines: readonly string[]; coloured: readonly ColouredLine[] }>;

const isSame = (was: CodeLinesProps, is: CodeLinesProps): boolean =>
  was.lines.length === is.lines.length &&
  was.coloured.length === is.coloured.length &&
  was.lines.every((line, index) => line === is.lines[index] && was.coloured[index] === is.coloured[index]);

/** Some lines of code; painted again only when one of them or its colours change. */
export const CodeLines = memo(
  ({ lines, coloured }: CodeLinesProps) =>
    lines.map((line, index) => <Line key={index} line={line} coloured={coloured[index]} />),
  isSame,
);
