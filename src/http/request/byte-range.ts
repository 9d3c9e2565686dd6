import type { ByteRange } from "../../ports/blob-store.ts";

const single = /^bytes=(\d{0,15})-(\d{0,15})$/;

/**
 * The part of a file that a `Range` header asks for (RFC 9110 §14): null for the whole, which also answers what is no
 * range, or several; `unsatisfiable` when it begins after the end.
 */
export const readByteRange = (header: string | null, size: number): ByteRange | "unsatisfiable" | null => {
  const [, first = "", last = ""] = single.exec(header?.replaceAll(/\s/g, "") ?? "") ?? [];
  if (first === "" && last === "") return null;
  if (first === "") {
    const suffix = Number(last);
    return suffix === 0 || size === 0 ? "unsatisfiable" : { first: Math.max(0, size - suffix), last: size - 1 };
  }
  const begin = Number(first);
  const end = last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== "" && Number(last) < begin) return null;
  return begin >= size ? "unsatisfiable" : { first: begin, last: end };
};
