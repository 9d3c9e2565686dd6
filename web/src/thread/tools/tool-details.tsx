import type { ToolExecution } from "natter/client";
import { JsonBlock } from "../message/json-block.tsx";
import type { ToolPart } from "../message/part-groups.ts";
import { toolTexts } from "./tool-texts.ts";

export interface ToolDetailsProps {
  readonly part: ToolPart;
  readonly error: string | null;
  readonly execution: ToolExecution | undefined;
}

const outputOf = (part: ToolPart, execution: ToolExecution | undefined): { readonly value: unknown } | null => {
  if (execution?.outcome?.type === "completed") return { value: execution.outcome.data };
  return part.state === "output-available" ? { value: part.output } : null;
};

/** What a tool was asked and what it said, as they are. */
export const ToolDetails = ({ part, error, execution }: ToolDetailsProps) => {
  const output = outputOf(part, execution);
  return (
    <>
      <JsonBlock label={toolTexts.input} value={part.input ?? {}} />
      {error === null && output !== null && <JsonBlock label={toolTexts.output} value={output.value} />}
      {error !== null && <JsonBlock label={toolTexts.output} value={error} />}
    </>
  );
};
