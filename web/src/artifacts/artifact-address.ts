import { useCallback, useMemo } from "react";
import { useLocation, useSearch } from "wouter";
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

let opener: Element | null = null;

/** Whether a person has just opened the panel, so that the focus goes there; a link that was followed leaves it. */
export const isOpenedByHand = (): boolean => opener !== null;

const returnFocus = (): void => {
  const before = opener;
  opener = null;
  if (before instanceof HTMLElement && before.isConnected && before !== document.body) before.focus();
  else focusRegion("composer");
};

/** The artifact that the address names: a link opens what the sender saw, and Back closes it. */
export const useArtifactAddress = (): ArtifactAddress => {
  const [path, navigate] = useLocation();
  const search = useSearch();
  const shown = useMemo(() => readShown(search), [search]);
  const isOpen = shown !== null;
  const open = useCallback(
    (next: ShownArtifact) => {
      if (!isOpen) opener = document.activeElement;
      navigate(`${path}${searchOf(next)}`, { replace: isOpen });
    },
    [path, navigate, isOpen],
  );
  const close = useCallback(() => {
    navigate(path);
    requestAnimationFrame(returnFocus);
  }, [path, navigate]);
  return useMemo(() => ({ shown, open, close }), [shown, open, close]);
};
