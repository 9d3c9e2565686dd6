import type { ConversationStore, RequestError } from "natter/client";
import { Link } from "wouter";
import { Button } from "../../ui/button/button.tsx";
import { messageOf } from "../../ui/message-of.ts";
import { notify } from "../../ui/notice/notices.ts";
import { shellTexts } from "../shell-texts.ts";

export interface LoadProblemProps {
  readonly store: ConversationStore;
  readonly error: RequestError | null;
}

/** Stands where a conversation would, if it could be read. */
export const LoadProblem = ({ store, error }: LoadProblemProps) => {
  const isMissing = error?.status === 404;
  return (
    <div className="grid flex-1 place-items-center p-6 text-center">
      <div className="flex max-w-[400px] flex-col items-center gap-3">
        <h2 className="text-18 font-semibold">{isMissing ? shellTexts.missingTitle : shellTexts.failedTitle}</h2>
        <p className="text-text-2">{isMissing ? shellTexts.missing : error?.message}</p>
        {isMissing ? (
          <Link href="/" className="mt-1 font-[570] text-accent-ink underline underline-offset-4">
            {shellTexts.startNew}
          </Link>
        ) : (
          <Button
            onClick={() =>
              void store.refresh().catch((thrown: unknown) => notify(messageOf(thrown), { tone: "danger" }))
            }
          >
            {shellTexts.tryAgain}
          </Button>
        )}
      </div>
    </div>
  );
};
