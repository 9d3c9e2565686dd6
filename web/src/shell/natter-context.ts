import { createContext, useContext } from "react";
import type { Client } from "natter/client";

const NatterContext = createContext<Client | null>(null);

export const NatterProvider = NatterContext.Provider;

/** The client that everything on the page asks. */
export const useNatter = (): Client => {
  const client = useContext(NatterContext);
  if (client === null) throw new Error("useNatter is only for what stands inside NatterProvider");
  return client;
};
