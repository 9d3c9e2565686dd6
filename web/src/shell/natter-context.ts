import type { Client, LiveConnection } from "natter/client";
import { createContext, useContext } from "react";

/** What the page speaks to its server with: requests, and the one connection that hears what changes elsewhere. */
export interface Natter {
  readonly client: Client;
  readonly live: LiveConnection;
}

const NatterContext = createContext<Natter | null>(null);

export const NatterProvider = NatterContext.Provider;

export const useNatterParts = (): Natter => {
  const natter = useContext(NatterContext);
  if (natter === null) throw new Error("useNatter is only for what stands inside NatterProvider");
  return natter;
};

/** The client that everything on the page asks. */
export const useNatter = (): Client => useNatterParts().client;
