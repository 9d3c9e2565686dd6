import { useEffect } from "react";
import { useNatterParts } from "../../shell/natter-context.ts";
import { noteLanded } from "./landed-results.ts";

const landed: ReadonlySet<string> = new Set(["completed", "failed"]);

/** Hears what comes from the background into conversations other than the one that is shown. */
export const useLandedResults = (currentId: string | null): void => {
  const { client, live } = useNatterParts();
  useEffect(
    () =>
      live.onHint(({ kind, id, conversationId }) => {
        if (kind !== "tool-execution" || (conversationId === currentId && document.visibilityState === "visible"))
          return;
        client.toolExecutions
          .get(id)
          .then((execution) => landed.has(execution.status) && noteLanded(execution))
          .catch((error: unknown) => console.warn("a result from the background could not be read", error));
      }),
    [client, live, currentId],
  );
};
