import { ShieldQuestion } from "lucide-react";
import type { DecideBody } from "natter/client";
import { useId, useState, type KeyboardEvent } from "react";
import { Button } from "../../ui/button/button.tsx";
import type { AskedPart } from "../message/part-groups.ts";
import { useThread } from "../thread-context.ts";
import { DenyForm } from "./deny-form.tsx";
import { ExactArguments } from "./exact-arguments.tsx";
import { QuestionCard } from "./question-card.tsx";
import { toolName } from "../tools/tool-summary.ts";
import { toolTexts } from "../tools/tool-texts.ts";
import { firstSentence, wordsOf } from "../tools/tool-words.ts";
import { useArmed } from "./use-armed.ts";
import { useDecision } from "./use-decision.ts";

export interface ApprovalCardProps {
  readonly part: AskedPart;
  /** The agent that asks. */
  readonly agentId: string | null;
}

const icon = <ShieldQuestion size={16} strokeWidth={1.75} aria-hidden="true" className="shrink-0" />;

/** Enter is pressed for other things: it never allows anything. */
const ignoreEnter = (event: KeyboardEvent): void => {
  if (event.key === "Enter") event.preventDefault();
};

/** What a tool wants to do, word by word, and whether it may. */
export const ApprovalCard = ({ part, agentId }: ApprovalCardProps) => {
  const { store, toolOf } = useThread();
  const { isGiven, problem, give } = useDecision<DecideBody>(({ decision, reason }) =>
    store.decide(part.approval.id, decision, reason ?? undefined),
  );
  const [isDenying, setIsDenying] = useState(false);
  const isArmed = useArmed() && !isGiven;
  const hintId = useId();
  const name = toolName(part);
  const description = toolOf(agentId, name)?.description ?? null;
  const allow = (decision: DecideBody) => ({
    "aria-disabled": !isArmed,
    "aria-describedby": hintId,
    className: "max-wide:h-[42px] max-wide:w-full aria-disabled:opacity-50",
    onKeyDown: ignoreEnter,
    onClick: () => {
      if (isArmed) give(decision);
    },
  });
  return (
    <QuestionCard title={toolTexts.allowQuestion(part.title ?? wordsOf(name))} icon={icon}>
      <p className="mt-1.5 mb-2.5 text-text-2">
        {part.approval.requestReason !== undefined && (
          <span dir="auto">{firstSentence(part.approval.requestReason)} </span>
        )}
        {description !== null && <span dir="auto">{firstSentence(description)} </span>}
        <code dir="ltr" className="rounded-small bg-surface px-1 py-px font-mono text-12 text-text">
          {name}
        </code>{" "}
        {toolTexts.runsAsYou}
      </p>
      <ExactArguments input={part.input} />
      {isDenying ? (
        <DenyForm
          label={toolTexts.denyReason}
          action={toolTexts.deny}
          isDisabled={isGiven}
          onBack={() => setIsDenying(false)}
          onDeny={(reason) => give({ decision: "deny", ...(reason === "" ? {} : { reason }) })}
        />
      ) : (
        <div className="mt-3.5 flex flex-wrap items-center gap-2">
          <Button look="primary" {...allow({ decision: "once" })}>
            {toolTexts.allowOnce}
          </Button>
          <Button {...allow({ decision: "always" })}>{toolTexts.allowAlways}</Button>
          <span className="flex-1 max-wide:hidden" />
          <Button
            look="plain"
            aria-disabled={isGiven}
            className="max-wide:h-[42px] max-wide:w-full hover:bg-surface"
            onClick={() => !isGiven && setIsDenying(true)}
          >
            {toolTexts.deny}
          </Button>
        </div>
      )}
      <p id={hintId} className="sr-only">
        {toolTexts.spaceKey}
      </p>
      <p role="status" className="text-13 text-text-2 not-empty:mt-2.5">
        {problem ?? (isGiven ? toolTexts.deciding : "")}
      </p>
    </QuestionCard>
  );
};
