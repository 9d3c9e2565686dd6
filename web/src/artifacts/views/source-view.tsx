import { WrapText } from "lucide-react";
import { memo, useMemo, useRef, useState } from "react";
import { CodeLines } from "../../markdown/code-lines.tsx";
import type { ColouredLine } from "../../markdown/highlight/highlight-session.ts";
import { useHighlight } from "../../markdown/highlight/use-highlight.ts";
import { ActionButton } from "../../ui/button/action-button.tsx";
import { artifactTexts } from "../artifact-texts.ts";
import { useInSight } from "./use-in-sight.ts";
import "./source-view.css";

const groupSize = 50;
const longestColoured = 400_000;

interface LineGroupProps {
  readonly lines: readonly string[];
  readonly coloured: readonly ColouredLine[];
  /** Of the first line. */
  readonly number: number;
}

const isSameGroup = (was: LineGroupProps, is: LineGroupProps): boolean =>
  was.number === is.number &&
  was.lines.length === is.lines.length &&
  was.coloured.length === is.coloured.length &&
  was.lines.every((line, index) => line === is.lines[index] && was.coloured[index] === is.coloured[index]);

/** Some lines with their numbers. All of them are there as text, to be found and copied; colours only where they are seen. */
const LineGroup = memo(({ lines, coloured, number }: LineGroupProps) => {
  const group = useRef<HTMLDivElement>(null);
  const isInSight = useInSight(group);
  const numbers = lines.map((_, index) => number + index).join("\n");
  return (
    <div ref={group} className="source-group" style={{ containIntrinsicHeight: `auto ${lines.length * 20}px` }}>
      <span aria-hidden="true" className="source-numbers">
        {numbers}
      </span>
      <span translate="no" className="source-code">
        {isInSight ? <CodeLines lines={lines} coloured={coloured} /> : `${lines.join("\n")}\n`}
      </span>
    </div>
  );
}, isSameGroup);

export interface SourceViewProps {
  readonly title: string;
  readonly text: string;
  readonly language: string;
  readonly isWrapped: boolean;
}

/** The text of an artifact, with colours from the worker that colours all code. */
export const SourceView = ({ title, text, language, isWrapped: isWrappedAtFirst }: SourceViewProps) => {
  const [isWrapped, setIsWrapped] = useState(isWrappedAtFirst);
  const lines = useMemo(() => text.split("\n"), [text]);
  const coloured = useHighlight(lines, language, language !== "" && text.length <= longestColoured);
  return (
    <div className="relative min-h-0 flex-1" dir="ltr">
      <pre
        tabIndex={0}
        role="group"
        aria-label={artifactTexts.source(title)}
        className="md source-view"
        {...(isWrapped ? { "data-wrapped": "" } : {})}
      >
        {Array.from({ length: Math.ceil(lines.length / groupSize) }, (_, index) => {
          const start = index * groupSize;
          const end = start + groupSize;
          return (
            <LineGroup
              key={index}
              number={start + 1}
              lines={lines.slice(start, end)}
              coloured={coloured.slice(start, end)}
            />
          );
        })}
      </pre>
      <ActionButton
        label={artifactTexts.wrap}
        aria-pressed={isWrapped}
        icon={<WrapText size={16} strokeWidth={1.5} />}
        onClick={() => setIsWrapped(!isWrapped)}
        className="absolute end-2 bottom-2 border border-line bg-surface shadow-float"
      />
    </div>
  );
};
