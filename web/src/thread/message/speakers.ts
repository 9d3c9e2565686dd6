import type { AgentDescription } from "natter/client";

interface Answered {
  readonly id: string;
  /** Null: nobody wrote it by a model. */
  readonly completion: { readonly agent: string } | null;
}

/**
 * The names of agents by the message where each begins to answer: where another one answered before, or, first of all,
 * where it is not the default. Nothing of it changes with the agent that is chosen for what comes.
 */
export const speakersOf = (
  messages: readonly Answered[],
  agents: readonly Pick<AgentDescription, "id" | "name" | "isDefault">[],
): ReadonlyMap<string, string> => {
  const speakers = new Map<string, string>();
  let before = agents.find(({ isDefault }) => isDefault)?.id;
  for (const { id, completion } of messages) {
    const agent = completion?.agent ?? "";
    if (agent === "") continue;
    if (before !== undefined && before !== agent)
      speakers.set(id, agents.find((known) => known.id === agent)?.name ?? agent);
    before = agent;
  }
  return speakers;
};
