import { useSyncExternalStore } from "react";
import { chosenWorkspace } from "../shell/workspace-choice.ts";
import { createStoredValue, isRecord } from "../ui/stored-value.ts";

/** An import that this device began, to be looked at again. */
export interface RememberedImport {
  readonly id: string;
  readonly fileName: string;
  /** Empty: the workspace that the server takes. */
  readonly workspaceId: string;
}

const mostKept = 20;
const mostHidden = 200;

const isImport = (value: unknown): value is RememberedImport =>
  isRecord(value) &&
  typeof value["id"] === "string" &&
  typeof value["fileName"] === "string" &&
  typeof value["workspaceId"] === "string";

const stored = createStoredValue("natter.imports", (value): readonly RememberedImport[] =>
  Array.isArray(value) ? value.filter(isImport) : [],
);

const workspaceId = chosenWorkspace ?? "";

export const rememberImport = (id: string, fileName: string): void =>
  stored.set([{ id, fileName, workspaceId }, ...stored.get()].slice(0, mostKept));

const hidden = createStoredValue("natter.hidden-imports", (value): readonly string[] =>
  Array.isArray(value) ? value.filter((id) => typeof id === "string") : [],
);

/** Takes it off the list of this device. */
export const forgetImport = (id: string): void => {
  stored.set(stored.get().filter((known) => known.id !== id));
  hidden.set([id, ...hidden.get()].slice(0, mostHidden));
};

/** The newest first, of this workspace. */
export const useRememberedImports = (): readonly RememberedImport[] =>
  useSyncExternalStore(stored.subscribe, stored.get).filter((known) => known.workspaceId === workspaceId);

/** Ids of those that were taken off the list of this device. */
export const useHiddenImports = (): readonly string[] => useSyncExternalStore(hidden.subscribe, hidden.get);
