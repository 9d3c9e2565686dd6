import { useQuery } from "@tanstack/react-query";
import type { Me } from "natter/client";
import { useNatter } from "./natter-context.ts";

/** Who is signed in; undefined until it is known. */
export const useMe = (): Me | undefined => {
  const client = useNatter();
  return useQuery({ queryKey: ["me"], queryFn: () => client.me(), staleTime: 60_000 }).data;
};
