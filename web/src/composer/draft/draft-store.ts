import { del, delMany, get, keys, set } from "idb-keyval";
import { emptyDraft, newerDraft, parseDraft, type Draft } from "./draft.ts";

/** Keeps the drafts of all conversations on this device and tells the other tabs. */
export interface DraftStore {
  read(this: void, key: string): Promise<Draft>;
  write(this: void, key: string, draft: Draft): void;
  /** Forgets every draft on this device, in all tabs. */
  clear(this: void): Promise<void>;
  /** Drafts that other tabs write under the key that `key` answers then. */
  subscribe(this: void, key: () => string, listener: (draft: Draft) => void, signal: AbortSignal): void;
}

const prefix = "natter.draft.";
const keyOf = (key: string): string => `${prefix}${key}`;
const draftKeyOf = (key: unknown): string[] =>
  typeof key === "string" && key.startsWith(prefix) ? [key.slice(prefix.length)] : [];

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
  /** Those who show a draft on this page: a channel does not tell whoever speaks. */
  const heard = new Set<(key: string, draft: Draft) => void>();
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
    async clear() {
      const kept = await keys<string>();
      const drafted = new Set([...latest.keys(), ...kept.flatMap(draftKeyOf)]);
      for (const key of drafted) {
        const draft = { ...emptyDraft, changedAt: Date.now() };
        latest.set(key, draft);
        for (const hear of heard) hear(key, draft);
        channel.postMessage({ key, draft });
      }
      await delMany(kept.filter((key) => draftKeyOf(key).length > 0));
    },
    subscribe(key, listener, signal) {
      const hear = ({ data }: MessageEvent<unknown>): void => {
        if (typeof data !== "object" || data === null || !("key" in data) || !("draft" in data)) return;
        if (data.key === key()) listener(parseDraft(data.draft));
      };
      channel.addEventListener("message", hear, { signal });
      const hearOwn = (changed: string, draft: Draft): void => {
        if (changed === key()) listener(draft);
      };
      heard.add(hearOwn);
      signal.addEventListener("abort", () => heard.delete(hearOwn), { once: true });
    },
  };
};

/** One for the page: what a conversation leaves behind is there when it is opened again. */
export const draftStore = createDraftStore();
