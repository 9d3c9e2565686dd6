import { createHmac, timingSafeEqual } from "node:crypto";
import { NatterError } from "../../foundation/errors.ts";

/** `t=<seconds since 1970>,v1=<hex>`: HMAC-SHA256 with the execution's secret over `<t>.<id>.` and the body's bytes. */
export const signatureHeader = "natter-signature";

/** How far the clocks of both sides may be apart, and how long a request may be on its way. */
const toleranceSeconds = 300;

interface Signed {
  readonly secret: string;
  readonly id: string;
  readonly body: Uint8Array;
}

const macOf = ({ secret, id, body }: Signed, time: string): Buffer =>
  createHmac("sha256", secret).update(`${time}.${id}.`).update(body).digest();

/** The header for a result that is sent at this time, in milliseconds since 1970. */
export const signResult = (signed: Signed, now: number): string => {
  const time = String(Math.floor(now / 1_000));
  return `t=${time},v1=${macOf(signed, time).toString("hex")}`;
};

/** The one answer to a signature that does not fit, and to one of an execution that is not there. */
export const unsigned = (): NatterError =>
  new NatterError(
    "unauthenticated",
    "The signature does not fit: sign time, id and body with the secret of this call, by a clock that is right.",
  );

/** @throws NatterError `unauthenticated` for a signature that is not of this secret, execution and body, or not of now */
export const checkSignature = (header: string, signed: Signed, now: number): void => {
  const [, time = "", mac = ""] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header) ?? [];
  const isOfNow = Math.abs(now / 1_000 - Number(time)) <= toleranceSeconds;
  const isGenuine = mac !== "" && timingSafeEqual(Buffer.from(mac, "hex"), macOf(signed, time));
  if (!isGenuine || !isOfNow) throw unsigned();
};
