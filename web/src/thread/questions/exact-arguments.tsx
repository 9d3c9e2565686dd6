import { isRecord } from "../../ui/stored-value.ts";
import { revealText } from "./reveal-text.ts";
import { toolTexts } from "../tools/tool-texts.ts";

const Revealed = ({ text }: { readonly text: string }) =>
  revealText(text).map((piece, index) =>
    "text" in piece ? (
      piece.text
    ) : (
      <mark
        key={index}
        title={toolTexts.hiddenCharacter(piece.hidden)}
        className="mx-0.5 rounded-small border border-warn-line bg-surface px-1 font-mono text-11 text-warn"
      >
        {piece.hidden}
      </mark>
    ),
  );

const lineLength = 72;

const printed = (value: unknown): string => {
  const line = JSON.stringify(value) ?? "";
  return line.length <= lineLength ? line : JSON.stringify(value, null, 2);
};

const Value = ({ value }: { readonly value: unknown }) => {
  if (typeof value === "string")
    return value === "" ? <span className="font-mono text-12">""</span> : <Revealed text={value} />;
  return (
    <span dir="ltr" className="font-mono text-12">
      <Revealed text={printed(value)} />
    </span>
  );
};

/** What a tool is going to get, to the last character. */
export const ExactArguments = ({ input }: { readonly input: unknown }) => {
  const entries = isRecord(input) ? Object.entries(input) : null;
  if (entries !== null && entries.length === 0) return <p className="text-13 text-text-2">{toolTexts.noArguments}</p>;
  return (
    <div
      role="group"
      aria-label={toolTexts.arguments}
      tabIndex={0}
      className="max-h-96 overflow-auto text-13 contain-paint wrap-anywhere whitespace-pre-wrap"
    >
      {entries === null ? (
        <Value value={input} />
      ) : (
        <dl className="grid grid-cols-[fit-content(160px)_minmax(0,1fr)] gap-x-3 gap-y-1 max-wide:grid-cols-1">
          {entries.map(([name, value]) => (
            <div key={name} className="contents">
              <dt dir="auto" className="text-text-2">
                <Revealed text={name} />
              </dt>
              <dd dir="auto" className="max-wide:mb-1.5">
                <Value value={value} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
};
