import { MessageCircleQuestion } from "lucide-react";
import type { ClientResult } from "natter/client";
import { useMemo } from "react";
import { isRecord } from "../../ui/stored-value.ts";
import type { ToolPart } from "../message/part-groups.ts";
import { useThread } from "../thread-context.ts";
import { ExactArguments } from "../questions/exact-arguments.tsx";
import { QuestionCard } from "../questions/question-card.tsx";
import { toolName } from "../tools/tool-summary.ts";
import { firstSentence, wordsOf } from "../tools/tool-words.ts";
import { useDecision } from "../questions/use-decision.ts";
import { AnswerForm } from "./answer-form.tsx";
import { formTexts } from "./form-texts.ts";
import { readSchema } from "./read-schema.ts";

export interface ClientFormProps {
  readonly part: ToolPart;
  readonly agentId: string | null;
}

const icon = <MessageCircleQuestion size={16} strokeWidth={1.75} aria-hidden="true" className="shrink-0" />;
const questionNames = ["question", "prompt", "message", "title"];

/** The question that a tool was given, if there is one, and what else it was given. */
const questionOf = (input: unknown): { readonly question: string | null; readonly rest: unknown } => {
  if (!isRecord(input)) return { question: null, rest: input };
  const name = questionNames.find((candidate) => typeof input[candidate] === "string" && input[candidate] !== "");
  const question = name === undefined ? null : String(input[name]);
  return { question, rest: Object.fromEntries(Object.entries(input).filter(([key]) => key !== name)) };
};

const isSomething = (value: unknown): boolean =>
  value !== undefined && value !== null && !(isRecord(value) && Object.keys(value).length === 0);

/** What a tool asks the person, as a form of what it wants to know. */
export const ClientForm = ({ part, agentId }: ClientFormProps) => {
  const { store, toolOf } = useThread();
  const name = toolName(part);
  const tool = toolOf(agentId, name);
  const plan = useMemo(() => readSchema(tool?.outputSchema), [tool]);
  const { isGiven, problem, give } = useDecision<ClientResult>((result) => store.answerTool(part.toolCallId, result));
  const { question, rest } = questionOf(part.input);
  const description = question === null ? (tool?.description ?? null) : null;
  return (
    <QuestionCard title={question ?? part.title ?? wordsOf(name)} icon={icon}>
      <p className="mt-1.5 text-text-2">
        {description !== null && <span dir="auto">{firstSentence(description)} </span>}
        <code dir="ltr" className="rounded-small bg-surface px-1 py-px font-mono text-12 text-text">
          {name}
        </code>{" "}
        {formTexts.asks}
      </p>
      {isSomething(rest) && (
        <div className="mt-2">
          <ExactArguments input={rest} />
        </div>
      )}
      <AnswerForm plan={plan} isGiven={isGiven} problem={problem} onAnswer={give} />
    </QuestionCard>
  );
};
