import { del, get, set } from "idb-keyval";
import { isKeeping, onForget } from "../../kept/forget.ts";
import { isRecord } from "../../ui/stored-value.ts";
import { emptyDraft, newerDraft, parseDraft, type Draft } from "./draft.ts";

/** Keeps the drafts of all conversations on this device and tells the other tabs. */
export interface DraftStore {
  read(this: void, key: string): Promise<Draft>;
  write(this: void, key: string, draft: Draft): void;
  /** Drafts that other tabs write under the key that `key` answers then, and the empty one where all are forgotten. */
  subscribe(this: void, key: () => string, listener: (draft: Draft) => void, signal: AbortSignal): void;
}

interface ShownDraft {
  readonly key: () => string;
  readonly listener: (draft: Draft) => void;
}

const keyOf = (key: string): string => `natter.draft.${key}`;

const isNothing = ({ text, pastes, files }: Draft): boolean => text === "" && pastes.length === 0 && files.length === 0;

const keep = async (key: string, draft: Draft): Promise<void> => {
  const before = parseDraft(await get(keyOf(key)));
  if (newerDraft(before, draft) !== draft || !isKeeping()) return;
  await (isNothing(draft) ? del(keyOf(key)) : set(keyOf(key), draft));
};

const warn = (error: unknown): void => console.warn("this device keeps no drafts", error);

const createDraftStore = (): DraftStore => {
  const channel = new BroadcastChannel("natter.drafts");
  const latest = new Map<string, Draft>();
  const shown = new Set<ShownDraft>();
  let writing: Promise<void> = Promise.resolve();
  channel.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    if (!isRecord(data) || typeof data["key"] !== "string") return;
    const draft = parseDraft(data["draft"]);
    latest.set(data["key"], newerDraft(latest.get(data["key"]) ?? emptyDraft, draft));
    for (const { key, listener } of shown) if (key() === data["key"]) listener(draft);
  });
  onForget(async () => {
    const forgotten = { ...emptyDraft, changedAt: Date.now() };
    for (const key of latest.keys()) latest.set(key, forgotten);
    for (const { listener } of shown) listener(forgotten);
    await writing;
  });
  return {
    async read(key) {
      const stored = await get(keyOf(key)).then(parseDraft, (error: unknown) => {
        warn(error);
        return emptyDraft;
      });
      return newerDraft(stored, latest.get(key) ?? emptyDraft);
    },
    write(key, draft) {
      latest.set(key, draft);
      channel.postMessage({ key, draft });
      writing = writing.then(() => keep(key, draft)).catch(warn);
    },
    subscribe(key, listener, signal) {
      const one = { key, listener };
      shown.add(one);
      signal.addEventListener("abort", () => shown.delete(one), { once: true });
    },
  };
};

/** One for the page: what a conversation leaves behind is there when it is opened again. */
export const draftStore = createDraftStore();
