import { useEffect } from "react";
import { chosenWorkspace, rememberWorkspace } from "../shell/workspace-choice.ts";
import { createStoredValue } from "../ui/stored-value.ts";
import { forgetHere, stopKeeping } from "./forget.ts";

const keptOf = createStoredValue("natter.person", (stored) => (typeof stored === "string" ? stored : null));
let pageOf: string | null = null;

const isOf = (userId: string): boolean => {
  const known = pageOf ?? keptOf.get();
  return known === null || known === userId;
};

const change = async (userId: string): Promise<void> => {
  // another tab may have done it, and keep what this person writes there
  if (keptOf.get() === userId) stopKeeping();
  else await forgetHere("person");
  // it let this person in
  rememberWorkspace(chosenWorkspace ?? null);
  location.reload();
};

/**
 * Whether what this browser keeps, and this page knows, is of the person who is signed in; if it is not, it is forgotten
 * and the page is loaded again. Undefined: nobody is known yet.
 */
export const useSamePerson = (userId: string | undefined): boolean => {
  useEffect(() => {
    if (userId === undefined) return;
    if (!isOf(userId)) {
      void change(userId);
      return;
    }
    pageOf = userId;
    if (keptOf.get() !== userId) keptOf.set(userId);
  }, [userId]);
  return userId === undefined || isOf(userId);
};
