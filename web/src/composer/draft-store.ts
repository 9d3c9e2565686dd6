import { del, get, set } from "idb-keyval";
import { emptyDraft, newerDraft, parseDraft, type Draft } from "./draft.ts";

/** Keeps the drafts of all conversations on this device and tells the other tabs. */
export interface DraftStore {
  read(this: void, key: string): Promise<Draft>;
  write(this: void, key: string, draft: Draft): void;
  /** Drafts that other tabs write under the key that `key` answers then. */
  subscribe(this: void, key: () => string, listener: (draft: Draft) => void, signal: AbortSignal): void;
}

const keyOf = (key: string): string => `natter.draft.${key}`;

const isNothing = ({ text, pastes, files }: Draft): boolean => text === "" && pastes.length === 0 && files.length === 0;

const keep = async (key: string, draft: Draft): Promise<void> => {
  const before = parseDraft(await get(keyOf(key)));
  if (newerDraft(before, draft) !== draft) return;
  await (isNothing(draft) ? del(keyOf(key)) : set(keyOf(key), draft));
};

const warn = (error: unknown): void => console.warn("this device keeps no drafts", error);

const createDraftStore = (): DraftStore => {
  const channel = new BroadcastChannel("natter.drafts");
  const latest = new Map<string, Draft>();
  let writing: Promise<void> = Promise.resolve();
  return {
    async read(key) {
      const known = latest.get(key);
      const stored = await get(keyOf(key)).then(parseDraft, (error: unknown) => {
        warn(error);
        return emptyDraft;
      });
      return known === undefined ? stored : newerDraft(stored, known);
    },
    write(key, draft) {
      latest.set(key, draft);
      channel.postMessage({ key, draft });
      writing = writing.then(() => keep(key, draft)).catch(warn);
    },
    subscribe(key, listener, signal) {
      const hear = ({ data }: MessageEvent<unknown>): void => {
        if (typeof data !== "object" || data === null || !("key" in data) || !("draft" in data)) return;
        if (data.key === key()) listener(parseDraft(data.draft));
      };
      channel.addEventListener("message", hear, { signal });
    },
  };
};

/** One for the page: what a conversation leaves behind is there when it is opened again. */
export const draftStore = createDraftStore();
