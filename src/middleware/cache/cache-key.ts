import { hash } from "node:crypto";
import { canonicalJson } from "../../foundation/canonical-json.ts";
import type { ModelCall } from "../../protocol/agent/model.ts";

const version = 1;

/** What a model is told, with bytes as what they are: undefined where a part is somewhere else and may change there. */
const plain = (value: unknown): unknown => {
  if (value instanceof URL) throw new Elsewhere();
  if (value instanceof ArrayBuffer) return plain(new Uint8Array(value));
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    return { sha256: hash("sha256", bytes, "hex"), bytes: bytes.length };
  }
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  if ("type" in value && (value.type === "file" || value.type === "image") && isAddress(value)) throw new Elsewhere();
  return Object.fromEntries(members.map(([name, member]) => [name, plain(member)]));
};

class Elsewhere extends Error {
  override readonly name = "Elsewhere";
}

const isAddress = (part: object): boolean =>
  Object.entries(part).some(
    ([name, value]) => (name === "data" || name === "image") && typeof value === "string" && /^https?:/i.test(value),
  );

/**
 * A key over the user and every input of a call: model, prompt, instructions, tools with their schemas, settings, and
 * the contents of files. Null: what the model would see is not known here, so that nothing may be said twice.
 */
export const cacheKeyOf = (owner: { readonly workspaceId: string; readonly userId: string }, call: ModelCall) => {
  const { model, instructions, messages, tools, settings } = call;
  try {
    const told = plain({
      version,
      workspaceId: owner.workspaceId,
      userId: owner.userId,
      model,
      instructions,
      messages,
      tools,
      settings,
    });
    return hash("sha256", canonicalJson(told), "hex");
  } catch (thrown) {
    if (thrown instanceof Elsewhere) return null;
    throw thrown;
  }
};
