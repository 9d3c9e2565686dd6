import { useCallback, useMemo } from "react";
import { useLocation, useSearch } from "wouter";
import { isRecord } from "../ui/stored-value.ts";
import { focusRegion } from "../shell/commands/regions.ts";

/**
 * What the panel shows: one artifact, in its newest version where none is named; the list of `all`; or the `latest`, that
 * which was changed last.
 */
export type ShownArtifact = { readonly id: string; readonly version: number | null } | "all" | "latest";

export interface ArtifactAddress {
  /** Null: the panel is closed. */
  readonly shown: ShownArtifact | null;
  open(this: void, shown: ShownArtifact): void;
  close(this: void): void;
}

const isName = (id: string): id is "all" | "latest" => id === "all" || id === "latest";

const readShown = (search: string): ShownArtifact | null => {
  const parameters = new URLSearchParams(search);
  const id = parameters.get("artifact");
  if (id === null || id === "") return null;
  if (isName(id)) return id;
  const version = parameters.get("version") ?? "";
  return { id, version: /^[1-9]\d{0,8}$/.test(version) ? Number(version) : null };
};

const searchOf = (shown: ShownArtifact): string => {
  if (typeof shown === "string") return `?artifact=${shown}`;
  const version = shown.version === null ? "" : `&version=${shown.version}`;
  return `?artifact=${encodeURIComponent(shown.id)}${version}`;
};

/** Of entries in the browser's history that the page made to show the panel: the one before is the same without it. */
const openedHere = { isArtifactOpened: true };

const isOpenedHere = (): boolean => {
  const state: unknown = history.state;
  return isRecord(state) && state["isArtifactOpened"] === true;
};

let isGoingBack = false;

/** Once, however often it is asked for before the browser has done it. */
const goBack = (): void => {
  if (isGoingBack) return;
  isGoingBack = true;
  addEventListener("popstate", () => (isGoingBack = false), { once: true });
  history.back();
};

let opener: Element | null = null;

/** Whether a person has just opened the panel, so that the focus goes there; a link that was followed leaves it. */
export const isOpenedByHand = (): boolean => opener !== null;

/** The panel is gone: the focus goes back to where it was, if it was in the panel. */
export const returnFocus = (isLost: boolean): void => {
  const before = opener;
  opener = null;
  if (!isLost) return;
  if (before instanceof HTMLElement && before.isConnected && before !== document.body) before.focus();
  else focusRegion("composer");
};

/** The artifact that the address names: a link opens what the sender saw, and Back closes it. Closing it leaves no trace. */
export const useArtifactAddress = (): ArtifactAddress => {
  const [path, navigate] = useLocation();
  const search = useSearch();
  const shown = useMemo(() => readShown(search), [search]);
  const isOpen = shown !== null;
  const open = useCallback(
    (next: ShownArtifact) => {
      if (!isOpen) opener = document.activeElement;
      navigate(`${path}${searchOf(next)}`, isOpen ? { replace: true, state: history.state } : { state: openedHere });
    },
    [path, navigate, isOpen],
  );
  const close = useCallback(() => {
    if (isOpenedHere()) goBack();
    else navigate(path, { replace: true });
  }, [path, navigate]);
  return useMemo(() => ({ shown, open, close }), [shown, open, close]);
};
