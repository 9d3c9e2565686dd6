import { z } from "zod";

const approvalSchema = z.object({
  id: z.string(),
  approved: z.boolean(),
  reason: z.string().max(2_000).optional(),
});

const toolPartSchema = z.object({
  type: z.string().regex(/^(tool-|dynamic-tool$)/),
  toolCallId: z.string(),
  state: z.string(),
  input: z.unknown().optional(),
  output: z.unknown().optional(),
  errorText: z.string().optional(),
  approval: z.unknown().optional(),
});

/** What a client says of questions in an answer that it shows. Nothing of it is believed before it is looked up. */
export interface ToldAnswers {
  readonly decisions: readonly {
    readonly approvalId: string;
    readonly approved: boolean;
    readonly reason: string | null;
    /** What the person saw that the call would run with. */
    readonly input: unknown;
  }[];
  readonly results: readonly {
    readonly callId: string;
    readonly result: { readonly output: unknown } | { readonly errorText: string };
  }[];
}

const maxErrorText = 2_000;

const toolPartsOf = (parts: readonly unknown[]): z.infer<typeof toolPartSchema>[] =>
  parts.flatMap((part) => toolPartSchema.safeParse(part).data ?? []);

const toldOf = (given: readonly unknown[]): ToldAnswers => {
  const parts = toolPartsOf(given);
  return {
    decisions: parts.flatMap(({ approval: told, input }) => {
      const approval = approvalSchema.safeParse(told).data;
      if (approval === undefined) return [];
      return [{ approvalId: approval.id, approved: approval.approved, reason: approval.reason ?? null, input }];
    }),
    results: parts.flatMap(({ toolCallId: callId, state, output, errorText = "" }): ToldAnswers["results"] => {
      if (state === "output-available") return [{ callId, result: { output: output ?? null } }];
      const told = errorText.slice(0, maxErrorText).trim() || "The client could not do it.";
      return state === "output-error" ? [{ callId, result: { errorText: told } }] : [];
    }),
  };
};

/** The parts of an answer as a chat client shows them, read for what they say of open questions. */
export const toldAnswersSchema = z.array(z.unknown()).default([]).transform(toldOf);
