import { WrapText } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import { CopyButton } from "../ui/copy/copy-button.tsx";
import { ActionButton } from "../ui/button/action-button.tsx";
import { CodeLines } from "./code-lines.tsx";
import { PlainText } from "./plain-text.tsx";
import { useHighlight } from "./highlight/use-highlight.ts";
import { useIsNear } from "./use-is-near.ts";

const longestColoured = 150_000;
const mostLines = 3_000;
const groupSize = 40;
const languageName = /^[^\s{,:]{1,40}/;

type CodeBlockProps = Readonly<{ code: string; info: string }>;

/** Code with the name of its language and colours from a worker; very long code stays plain. */
export const CodeBlock = ({ code, info }: CodeBlockProps) => {
  const frame = useRef<HTMLDivElement>(null);
  const [isWrapped, setIsWrapped] = useState(false);
  const language = languageName.exec(info)?.[0] ?? "";
  const lines = useMemo(() => (code.length > longestColoured ? [] : code.split("\n")), [code]);
  const isPlain = code.length > longestColoured || lines.length > mostLines;
  const isNear = useIsNear(frame);
  const coloured = useHighlight(lines, language, isNear && !isPlain && language !== "");
  return (
    <div className="md-code" dir="ltr" ref={frame}>
      <div className="md-code-bar">
        <span>{language || "code"}</span>
        <ActionButton
          label="Wrap lines"
          aria-pressed={isWrapped}
          icon={<WrapText size={16} strokeWidth={1.5} />}
          onClick={() => setIsWrapped(!isWrapped)}
        />
        <CopyButton text={() => code} />
      </div>
      <pre className={isWrapped ? "md-wrapped" : undefined} tabIndex={0} role="group" aria-label={`Code ${language}`}>
        <code translate="no">
          {isPlain ? (
            <PlainText text={code} />
          ) : (
            Array.from({ length: Math.ceil(lines.length / groupSize) }, (_, index) => {
              const start = index * groupSize;
              const end = start + groupSize;
              return <CodeLines key={index} lines={lines.slice(start, end)} coloured={coloured.slice(start, end)} />;
            })
          )}
        </code>
      </pre>
    </div>
  );
};
