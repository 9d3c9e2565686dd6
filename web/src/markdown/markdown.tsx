import type { Token } from "marked";
import { memo, useEffect, useRef } from "react";
import { Block } from "./block.tsx";
import "./markdown.css";
import { PlainText } from "./plain-text.tsx";
import { emptyText, splitText } from "./text/split-text.ts";

const groupSize = 32;

const isPainted = (token: Token): boolean => token.type !== "space" && token.type !== "def";

type GroupProps = Readonly<{ tokens: readonly Token[] }>;

const isSameGroup = (was: GroupProps, is: GroupProps): boolean =>
  was.tokens.length === is.tokens.length && was.tokens.every((token, index) => token === is.tokens[index]);

const Group = memo(
  ({ tokens }: GroupProps) => tokens.map((token, index) => <Block key={index} token={token} />),
  isSameGroup,
);

const groupsOf = (tokens: readonly Token[]): readonly (readonly Token[])[] =>
  Array.from({ length: Math.ceil(tokens.length / groupSize) }, (_, index) =>
    tokens.slice(index * groupSize, (index + 1) * groupSize),
  );

/** Markdown as React elements. While `text` grows, finished blocks are neither read nor painted again. */
export const Markdown = memo(({ text, isStreaming }: Readonly<{ text: string; isStreaming: boolean }>) => {
  const previous = useRef(emptyText);
  const split = splitText(previous.current, text, isStreaming);
  useEffect(() => {
    previous.current = split;
  }, [split]);
  const painted = [...split.frozen, ...split.open].filter(isPainted);
  return (
    <div className="md">
      {groupsOf(painted).map((tokens, index) => (
        <Group key={index} tokens={tokens} />
      ))}
      {split.rest !== "" && <PlainText text={split.rest} />}
    </div>
  );
});
