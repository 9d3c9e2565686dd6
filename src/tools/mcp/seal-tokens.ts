import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { z } from "zod";

const algorithm = "aes-256-gcm";
const base64 = z.string().transform((text) => Buffer.from(text, "base64"));
const sealedSchema = z.strictObject({ sealed: z.literal(algorithm), iv: base64, tag: base64, text: base64 });

/** Makes values unreadable for whoever has the database only. */
export interface Seal {
  close(value: unknown): z.input<typeof sealedSchema>;
  /** @throws Error for what was sealed by another secret or for another place, or was changed */
  open(stored: unknown): unknown;
}

/** False: it was stored before there were seals. */
export const isSealed = (stored: unknown): boolean => sealedSchema.safeParse(stored).success;

/**
 * Seals by a secret that is not in the database (HKDF, RFC 5869; AES-256-GCM, NIST SP 800-38D).
 * @param place where its values lie: anywhere else they do not open
 */
export const createSeal = (secret: string, place: string): Seal => {
  const key = Buffer.from(hkdfSync("sha256", secret, "natter", "tokens of MCP servers", 32));
  const about = Buffer.from(place);
  return {
    close(value) {
      const iv = randomBytes(12);
      const cipher = createCipheriv(algorithm, key, iv).setAAD(about);
      const text = Buffer.concat([cipher.update(JSON.stringify(value), "utf8"), cipher.final()]);
      const tag = cipher.getAuthTag().toString("base64");
      return { sealed: algorithm, iv: iv.toString("base64"), tag, text: text.toString("base64") };
    },
    open(stored) {
      const { iv, tag, text } = sealedSchema.parse(stored);
      const decipher = createDecipheriv(algorithm, key, iv, { authTagLength: 16 }).setAAD(about).setAuthTag(tag);
      return JSON.parse(Buffer.concat([decipher.update(text), decipher.final()]).toString("utf8"));
    },
  };
};
