import type { MessageView } from "natter/client";
import { useEffect, useState } from "react";
import { Button } from "../../ui/button/button.tsx";
import { copyText } from "../../ui/copy/copy-text.ts";
import { adviseOn, type FailureAdvice } from "./failure-advice.ts";
import { threadTexts } from "../thread-texts.ts";
import { useThread } from "../thread-context.ts";
import { useAnswerAgain } from "./use-answer-again.ts";

const useCountdown = (from: number): number => {
  const [seconds, setSeconds] = useState(from);
  useEffect(() => {
    if (seconds === 0) return;
    const timer = setTimeout(() => setSeconds(seconds - 1), 1_000);
    return () => clearTimeout(timer);
  }, [seconds]);
  return seconds;
};

/** Seconds that are left of a wait that began when the answer failed. */
const secondsLeft = ({ completion }: MessageView, wait: number): number => {
  const failedAt = completion?.timing.finishedAt ?? null;
  const passed = failedAt === null ? 0 : (Date.now() - Date.parse(failedAt)) / 1_000;
  return Math.max(0, Math.ceil(wait - Math.max(0, passed)));
};

interface ActionProps {
  readonly message: MessageView;
  readonly advice: FailureAdvice;
}

const Action = ({ message, advice: { action, wait } }: ActionProps) => {
  const { onChooseModel } = useThread();
  const again = useAnswerAgain(message);
  const seconds = useCountdown(secondsLeft(message, wait));
  if (action === "ask-admin") {
    const report = `${message.error?.code ?? "failed"}: ${message.error?.message ?? ""} (completion ${message.completionId ?? "unknown"})`;
    return <Button onClick={() => void copyText(report)}>{threadTexts.askAdmin}</Button>;
  }
  if (action === "other-model" && onChooseModel !== undefined)
    return <Button onClick={onChooseModel}>{threadTexts.otherModel}</Button>;
  return (
    <Button disabled={seconds > 0} onClick={() => void again()}>
      {seconds > 0 ? threadTexts.tryAgainIn(seconds) : threadTexts.tryAgain}
    </Button>
  );
};

/** Why an answer failed, and the one thing that helps. */
export const FailureNote = ({ message }: { readonly message: MessageView }) => {
  const { isReadOnly } = useThread();
  const error = message.error ?? { code: "failed", message: "" };
  const advice = adviseOn(error);
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-medium border border-danger/35 bg-danger-soft px-3.5 py-2.5 text-14">
      <p className="min-w-48 flex-1">
        <span>{advice.sentence}</span>{" "}
        <button
          type="button"
          title={threadTexts.code}
          className="rounded-small font-mono text-12 text-text-2 underline decoration-dotted underline-offset-3 hover:text-text"
          onClick={() => void copyText(`${error.code} ${message.completionId ?? ""}`.trim())}
        >
          {error.code}
        </button>
      </p>
      {isReadOnly !== true && <Action message={message} advice={advice} />}
    </div>
  );
};
