import type { Conversation } from "../../protocol/resources.ts";
import type { ChangeConversationBody } from "../calls/bodies.ts";
import type { Client } from "../client.ts";
import type { Change } from "./conversation-changes.ts";
import type { AnswerOptions, ConversationDraft, ConversationState } from "./conversation-state.ts";
import { isSame } from "./is-same.ts";
import { asRequestError } from "../requests/request-error.ts";

/** What the change of a conversation needs of its store. */
export interface SettingsHost {
  readonly state: ConversationState;
  update(change: Change): void;
  refresh(): Promise<void>;
}

const receive =
  (conversation: Conversation): Change =>
  (state) => ({
    ...state,
    conversation: (state.conversation?.version ?? 0) > conversation.version ? state.conversation : conversation,
  });

/** Whether somebody else changed what is to be changed here. */
const collides = (body: ChangeConversationBody, seen: Conversation, now: Conversation): boolean =>
  Object.keys(body).some((name) => !isSame(Reflect.get(seen, name), Reflect.get(now, name)));

/**
 * Changes a conversation as it was seen here. Somebody's change of something else meanwhile is no obstacle; one of the same
 * is a RequestError `precondition_failed`, and what they set is shown. Of a conversation that is not stored, a draft.
 */
export const changeConversation = async (
  client: Client,
  host: SettingsHost,
  body: ChangeConversationBody,
): Promise<void> => {
  const seen = host.state.conversation;
  if (seen === null) return host.update((state) => ({ ...state, draft: { ...state.draft, ...body } }));
  const attempt = async ({ settingsVersion }: Conversation): Promise<void> =>
    host.update(receive(await client.conversations.change(seen.id, body, { settingsVersion })));
  try {
    await attempt(seen);
  } catch (thrown) {
    const error = asRequestError(thrown);
    if (error.code !== "precondition_failed") throw error;
    const now = await client.conversations.get(seen.id);
    host.update(receive(now));
    if (collides(body, seen, now)) throw error;
    await attempt(now);
  }
};

/** What the first send of a new conversation says of its answer. */
export const draftedOptions = ({ conversation, draft }: ConversationState): AnswerOptions => {
  if (conversation !== null) return {};
  const { agent, model, settings } = draft;
  return {
    ...(agent === undefined ? {} : { agent }),
    ...(model === undefined || model === null ? {} : { model }),
    ...(settings === undefined ? {} : { settings }),
  };
};

/** The draft, where it says what only the making of a conversation can; null: the first send makes it. */
export const draftToCreate = ({ conversation, draft }: ConversationState): ConversationDraft | null => {
  const { title, pinned, visibility, temporary } = draft;
  const isMore = title != null || pinned === true || visibility !== undefined || temporary === true;
  return conversation === null && isMore ? draft : null;
};
