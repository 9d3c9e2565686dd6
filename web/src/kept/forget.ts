import { delMany, keys } from "idb-keyval";

/** What was begun and not sent or saved; or all that tells of the person who used this browser. */
export type Forgotten = "drafts" | "person";

const draftNames = ["natter.draft.", "natter.artifact-draft."];
const deviceNames = new Set(["natter.preferences", "natter.console.utc"]);

const isForgotten = {
  drafts: (name: string) => draftNames.some((beginning) => name.startsWith(beginning)),
  // whatever comes to be kept later is forgotten as well, unless it is named here as the device's own
  person: (name: string) => name.startsWith("natter.") && !deviceNames.has(name),
} satisfies Record<Forgotten, (name: string) => boolean>;

const channel = new BroadcastChannel("natter.forgotten");
const listeners = new Set<() => void | Promise<void>>();
let isLeft = false;

/** Whether what happens on this page is still kept: no more, once the person whose it was is forgotten. */
export const isKeeping = (): boolean => !isLeft;

/** Keeps nothing any more until the page is loaded again. */
export const stopKeeping = (): void => {
  isLeft = true;
};

/** `listener` drops what the page still has in hand, and resolves when nothing of it is on its way to the device. */
export const onForget = (listener: () => void | Promise<void>): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

const forgetIn = (storage: Storage, what: Forgotten): void => {
  for (const name of Object.keys(storage)) if (isForgotten[what](name)) storage.removeItem(name);
};

/** Forgets it on this device, and on this page; other tabs are not told. */
export const forgetHere = async (what: Forgotten): Promise<void> => {
  if (what === "person") stopKeeping();
  try {
    await Promise.all([...listeners].map(async (listener) => listener()));
    forgetIn(localStorage, what);
    forgetIn(sessionStorage, what);
    const names = await keys();
    await delMany(names.filter((name) => typeof name === "string" && isForgotten[what](name)));
  } catch (error) {
    console.warn("this device keeps nothing that could be forgotten", error);
  }
};

/** Forgets it on this device, in all tabs; where a person is forgotten, the other tabs load their pages again. */
export const forget = async (what: Forgotten): Promise<void> => {
  channel.postMessage(what);
  await forgetHere(what);
};

channel.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
  if (data === "drafts") void forgetHere(data);
  if (data === "person") void forgetHere(data).then(() => location.reload());
});
