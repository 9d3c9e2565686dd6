import { claimNext, type Claim } from "../completions/claim.ts";
import { recordEnd, type Outcome } from "../completions/progress.ts";
import type { Accepted } from "../conversations/sending/accept.ts";
import { listMessages } from "../conversations/messages.ts";
import { send, type SendInput } from "../conversations/sending/send.ts";
import { createClaimOptions } from "../engine/claim/claim-options.ts";
import type { Part } from "../protocol/message/chunk.ts";
import { createScriptedModel } from "./providers/scripted-model.ts";
import { createSpine, permitAll, text, type Spine, type SpineOptions } from "./spine.ts";

/** A spine whose completions are claimed and ended when the test says so: no worker runs. */
export interface HandWorker {
  readonly spine: Spine;
  /** Sends words; in a conversation of their own when none is named. */
  send(words: string, options?: Omit<Partial<SendInput>, "message">): Promise<Accepted>;
  /** Claims this completion. Null: it may not start now. */
  tryClaim(completion: Pick<Accepted, "completionId">): Promise<Claim | null>;
  /** Claims this completion, which has to be next. */
  claim(completion: Pick<Accepted, "completionId">): Promise<Claim>;
  /** Ends a claim with these words as its answer. Answers the completion that may go now. */
  end(claim: Claim, words: string, outcome?: Outcome): Promise<string | null>;
  /** Claims and finishes. */
  answer(completion: Pick<Accepted, "completionId">, words: string): Promise<void>;
  /** The texts from the root to this message; an answer without words is "…". */
  path(conversationId: string, messageId: string): Promise<string[]>;
}

const textOf = (parts: readonly Part[]): string =>
  parts.map((part) => (part.type === "text" ? part.text : "")).join("") || "…";

export const answerParts = (words: string): Part[] => [
  { type: "step-start" },
  { type: "text", text: words, state: "done" },
];

const finished: Outcome = { event: "finish", finishReason: "stop" };

export const createHandWorker = async (options: Omit<SpineOptions, "model">): Promise<HandWorker> => {
  const spine = await createSpine({ ...options, model: createScriptedModel(() => []) });
  const { context, principal } = spine;
  const { database } = context;
  const claimOptions = createClaimOptions(spine.dependencies());

  const tryClaim: HandWorker["tryClaim"] = ({ completionId }) =>
    claimNext(database, { workspaceId: principal.workspaceId, completionId }, claimOptions);

  const claim: HandWorker["claim"] = async (completion) => {
    const claimed = await tryClaim(completion);
    if (claimed === null) throw new Error(`completion ${completion.completionId} may not start now`);
    return claimed;
  };

  const end: HandWorker["end"] = async (claimed, words, outcome = finished) => {
    const ended = await recordEnd(database, claimed, outcome, words === "" ? [] : answerParts(words));
    if (ended === undefined) throw new Error(`the claim of ${claimed.completionId} is lost`);
    return ended.next;
  };

  return {
    spine,
    tryClaim,
    claim,
    end,
    send: (words, more = {}) => send(context, principal, { ...more, message: { parts: text(words) } }, permitAll),
    async answer(completion, words) {
      await end(await claim(completion), words);
    },
    async path(conversationId, messageId) {
      const query = { conversationId, branch: messageId, limit: 200 };
      const { data } = await listMessages(database, principal, query, permitAll);
      return data.map(({ parts }) => textOf(parts));
    },
  };
};
